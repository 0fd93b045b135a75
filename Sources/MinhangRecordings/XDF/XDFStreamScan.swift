import MinhangCore

/// Samples of one stream that lie behind each other in the file.
///
/// The first may carry a time stamp; of the others all do or none.
struct XDFRun: Sendable, Hashable {
  /// Index of the first sample in its stream.
  var firstSample: Int
  /// Place in the file, times four; the low bits say whether the first sample (1) and the others (2) carry time stamps.
  private var packed: Int

  init(firstSample: Int, offset: Int, firstIsStamped: Bool, othersAreStamped: Bool) {
    self.firstSample = firstSample
    packed = offset << 2 | (firstIsStamped ? 1 : 0) | (othersAreStamped ? 2 : 0)
  }

  var offset: Int { packed >> 2 }
  var firstHead: Int { packed & 1 == 0 ? 1 : 9 }
  var otherHead: Int { packed & 2 == 0 ? 1 : 9 }

  /// The place of a sample's values in the file.
  func place(ofSample sample: Int, sampleBytes: Int) -> Int {
    let k = sample - firstSample
    return k == 0 ? offset + firstHead : offset + firstHead + sampleBytes + (k - 1) * (otherHead + sampleBytes) + otherHead
  }
}

/// What the chunks of a stream hold, gathered while the file is looked through.
struct XDFStreamScan: Sendable {
  let header: XDFStreamHeader
  var runs: [XDFRun] = []
  /// The time stamp of each sample.
  var stamps: XDFStamps
  /// Stamps that are no times and were replaced by what the rate implies.
  var badStampCount = 0
  var clockTimes: [Double] = []
  var clockValues: [Double] = []
  var badClockOffsetCount = 0
  var footerSampleCount: Int?
  /// The texts of a stream of events; the numbers of an irregular one as texts.
  var texts: [String] = []
  var textBytes = 0
  var badTextCount = 0
  var droppedTextCount = 0

  init(_ header: XDFStreamHeader) {
    self.header = header
    stamps = XDFStamps(interval: header.nominalRate.map { $0 > 0 ? 1 / $0 : 0 } ?? 0)
  }

  var sampleCount: Int { stamps.count }

  /// Whether the values are wanted as texts.
  var keepsTexts: Bool { header.format == .string || (!header.isRegular && header.channelCount == 1) }

  /// What has to be restored when a chunk turns out to be none.
  struct Mark {
    var runs: Int
    var lastRun: XDFRun?
    var sampleCount: Int
    var texts: Int
    var textBytes: Int
    var counts: (Int, Int, Int)
  }

  var mark: Mark {
    Mark(
      runs: runs.count, lastRun: runs.last, sampleCount: sampleCount, texts: texts.count, textBytes: textBytes,
      counts: (badStampCount, badTextCount, droppedTextCount))
  }

  mutating func restore(_ mark: Mark) {
    runs.removeLast(runs.count - mark.runs)
    stamps.removeLast(stamps.count - mark.sampleCount)
    texts.removeLast(texts.count - mark.texts)
    textBytes = mark.textBytes
    (badStampCount, badTextCount, droppedTextCount) = mark.counts
  }

  /// Takes the stamp of the next sample; nil where the file leaves it out.
  @inline(__always)
  mutating func add(stamp: Double?) {
    if let stamp, abs(stamp) <= XDFTimes.largest {
      stamps.append(stamp)
    } else {
      if stamp != nil { badStampCount += 1 }
      stamps.appendImplied()
    }
  }

  /// Takes the text of an event.
  mutating func add(text bytes: ArraySlice<UInt8>) {
    guard texts.count < XDFTimes.mostEvents, textBytes < XDFTimes.mostText else {
      droppedTextCount += 1
      texts.count < XDFTimes.mostEvents ? texts.append("") : ()
      return
    }
    textBytes += bytes.count
    if let text = String(validating: bytes, as: UTF8.self) {
      texts.append(text)
    } else {
      badTextCount += 1
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// Limits of what is believed.
enum XDFTimes {
  /// No clock shows more seconds than this.
  static let largest = 1e13
  /// Events that are read of one stream.
  static let mostEvents = 1_000_000
  /// Bytes of their texts.
  static let mostText = 64 << 20
}
