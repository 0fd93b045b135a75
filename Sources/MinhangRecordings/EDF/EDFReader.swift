import MinhangCore

/// Reads EDF, EDF+C, EDF+D, BDF, BDF+C and BDF+D.
///
/// Channels keep their native rates. Gaps are spans of `recording`. A BDF status channel gives unsigned 24-bit values and its trigger codes
/// are events. Reading holds the bytes of at most two mebibytes of records, or of one record where that is larger.
public struct EDFReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo
  /// The family the file belongs to.
  public let family: EDFFamily

  let file: RandomAccessFile
  let layout: EDFRecordLayout
  let storedEvents: [Event]
  /// The first record of each span.
  let runStarts: [Int]
  /// For each channel its signal in the file, its coding and its scale.
  let sources: [Source]
  private var buffer = RecordBuffer()

  /// How the samples of a channel lie in the file.
  struct Source: Sendable {
    var signal: Int
    var coding: SampleCoding
    var scale: SampleScale
  }

  /// Opens a file of the family.
  ///
  /// See `Recording.open(path:)`.
  public init(path: String) throws(RecordingError) {
    let file = try RandomAccessFile(path: path)
    let magic = try file.bytes(at: 0, count: min(file.byteCount, 8))
    guard let family = EDFFamily(magic: magic) else {
      throw RecordingError(
        .unsupported, path: path,
        "file type at byte 0 is \(String(decoding: magic, as: UTF8.self).quotedForDisplay()); expected the start of an EDF or BDF file")
    }
    try self.init(file: file, family: family)
  }

  init(file: RandomAccessFile, family: EDFFamily) throws(RecordingError) {
    let opening = try EDFOpening(file: file, family: family)
    self.file = file
    self.family = family
    layout = opening.layout
    recording = opening.info
    storedEvents = opening.events
    runStarts = opening.runStarts
    sources = opening.sources
  }

  /// The annotations and trigger codes, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    try fill(&block, with: samples, of: channels, segment: segment(of: samples, channels)) {
      (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  /// Reads a stretch of samples into a new block.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock {
    try check(samples, of: channels)
    return try block(of: samples, of: channels, segment: segment(of: samples, channels)) {
      (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  private func segment(of samples: Range<Int>, _ channels: [Int]) -> Int {
    guard runStarts.count > 1, let first = channels.first else { return 0 }
    let record = samples.lowerBound / layout.samplesPerRecord[sources[first].signal]
    return max(0, runStarts.partitioningIndex { $0 > record } - 1)
  }

  private mutating func decode(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    guard !samples.isEmpty, !channels.isEmpty else { return }
    let sources = channels.map { self.sources[$0] }
    try visit(samples, of: sources.map(\.signal)) { channel, bytes, place, count in
      SampleDecoding.decode(
        sources[channel].coding, from: bytes, count: count, scale: sources[channel].scale, into: values + (channel * stride + place))
    }
  }

  /// Reads the stored numbers of one channel, as they are in the file: signed, but those of a BDF status channel unsigned.
  ///
  /// - Parameters:
  ///   - samples: Indices within `0 ..< sampleCount`.
  ///   - channel: Index of the channel.
  /// - Throws: `inputOutput`.
  public mutating func readDigital(_ samples: Range<Int>, of channel: Int) throws(RecordingError) -> [Int32] {
    try check(samples, of: [channel])
    var numbers = [Int32](repeating: 0, count: samples.count)
    guard !samples.isEmpty else { return numbers }
    let source = sources[channel]
    var failure: RecordingError?
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      do throws(RecordingError) {
        try visit(samples, of: [source.signal]) { _, bytes, place, count in
          SampleDecoding.decode(source.coding, from: bytes, count: count, into: base + place)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return numbers
  }

  /// Calls back with the stored bytes of a stretch, signal by signal and piece by piece.
  ///
  /// - Parameters:
  ///   - samples: Not empty; checked by the caller.
  ///   - signals: Signals with one number of samples in a record.
  ///   - body: Gets the place of the signal in `signals`, its bytes (with `SampleDecoding.slack` behind them), the place of the first of
  ///     these samples within `samples`, and their number.
  private mutating func visit(
    _ samples: Range<Int>, of signals: [Int], _ body: (_ signal: Int, _ bytes: UnsafeRawPointer, _ place: Int, _ count: Int) -> Void
  ) throws(RecordingError) {
    buffer.prepare(signals, layout: layout)
    let perRecord = layout.samplesPerRecord[signals[0]]
    guard buffer.stride <= RecordBuffer.largestRecord else { return try visitHugeRecords(samples, of: signals, body) }
    let records = (samples.lowerBound / perRecord)..<((samples.upperBound - 1) / perRecord + 1)
    var next = records.lowerBound
    while next < records.upperBound {
      var end = min(records.upperBound, next + buffer.recordsAtOnce)
      // What is kept from the last call serves as far as it goes.
      if buffer.records.contains(next) { end = min(end, buffer.records.upperBound) }
      try buffer.load(next..<end, from: file, layout: layout)
      buffer.bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        for k in signals.indices {
          for record in next..<end {
            let from = max(samples.lowerBound, record * perRecord)
            let to = min(samples.upperBound, (record + 1) * perRecord)
            let byte =
              (record - buffer.records.lowerBound) * buffer.stride + buffer.places[k] + (from - record * perRecord) * layout.bytesPerSample
            precondition(byte + (to - from) * layout.bytesPerSample + SampleDecoding.slack <= bytes.count)
            body(k, base + byte, from - samples.lowerBound, to - from)
          }
        }
      }
      next = end
    }
  }

  /// The same for records too large to be kept: each signal in pieces of a quarter mebibyte.
  private mutating func visitHugeRecords(
    _ samples: Range<Int>, of signals: [Int], _ body: (_ signal: Int, _ bytes: UnsafeRawPointer, _ place: Int, _ count: Int) -> Void
  ) throws(RecordingError) {
    let perRecord = layout.samplesPerRecord[signals[0]]
    let pieceSamples = (1 << 18) / layout.bytesPerSample
    var piece = [UInt8](repeating: 0, count: pieceSamples * layout.bytesPerSample + SampleDecoding.slack)
    for (k, signal) in signals.enumerated() {
      var next = samples.lowerBound
      while next < samples.upperBound {
        let record = next / perRecord
        let count = min(samples.upperBound - next, (record + 1) * perRecord - next, pieceSamples)
        let byte = layout.byte(ofRecord: record) + layout.offsets[signal] + (next - record * perRecord) * layout.bytesPerSample
        try file.read(into: &piece, count: count * layout.bytesPerSample, at: byte)
        piece.withUnsafeBytes { bytes in
          if let base = bytes.baseAddress { body(k, base, next - samples.lowerBound, count) }
        }
        next += count
      }
    }
  }
}
