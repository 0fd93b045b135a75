import MinhangCore

/// Reads the `.dat` files of BCI2000, versions 1.0 and 1.1.
///
/// Values are µV: `(stored − SourceChOffset) · SourceChGain`. The states that are stored with each sample are events `Name=value`, from the
/// sample at which a state takes a value other than 0 to that at which it changes; clocks and the like give none (`SourceTime`,
/// `StimulusTime`, `Running`, `Recording`, and what a note names). The file is passed through once on opening. Reading holds the bytes of at most
/// one mebibyte of samples, or of one sample where that is larger.
///
/// **Source:** BCI2000 wiki, "Technical Reference: BCI2000 File Format" and "State Definition".
public struct BCI2000Reader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo

  private static let capacity = 1 << 20

  private let file: RandomAccessFile
  private let layout: BCI2000Layout
  private let scales: [SampleScale]
  private let storedEvents: [Event]
  /// Bytes of the samples that were read last.
  private var bytes: [UInt8] = []
  private var loaded = 0..<0

  /// Opens a file.
  ///
  /// See `Recording.open(path:)`.
  public init(path: String) throws(RecordingError) {
    let file = try RandomAccessFile(path: path)
    let head = try FileHead(file)
    guard BCI2000FirstLine.recognises(head) else {
      throw RecordingError(.unsupported, path: path, "file type at byte 0 is \(head.shown); expected the start of a BCI2000 file")
    }
    try self.init(file: file, head: head, options: .none)
  }

  init(file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    let opening = try BCI2000Opening(file: file, head: head, options: options)
    self.file = file
    layout = opening.layout
    recording = opening.info
    scales = opening.scales
    storedEvents = opening.events
  }

  /// The changes of states, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    try fill(&block, with: samples, of: channels, segment: 0) { (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  /// Reads a stretch of samples into a new block.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock {
    try check(samples, of: channels)
    return try block(of: samples, of: channels, segment: 0) { (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  private mutating func decode(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    let frame = layout.frameBytes
    let type = layout.sampleType
    var next = samples.lowerBound
    while next < samples.upperBound {
      if !loaded.contains(next) { try load(from: next) }
      let end = min(samples.upperBound, loaded.upperBound)
      let first = (next - loaded.lowerBound) * frame
      bytes.withUnsafeBytes { bytes in
        precondition(first + (end - next) * frame <= bytes.count)
        guard let base = bytes.baseAddress else { return }
        for (row, channel) in channels.enumerated() {
          type.decode(
            from: base + (first + channel * type.byteCount), stride: frame, count: end - next, scale: scales[channel],
            into: values + (row * stride + next - samples.lowerBound))
        }
      }
      next = end
    }
  }

  private mutating func load(from sample: Int) throws(RecordingError) {
    loaded = 0..<0
    let end = min(layout.sampleCount, sample + max(1, Self.capacity / layout.frameBytes))
    let count = (end - sample) * layout.frameBytes
    if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
    try file.read(into: &bytes, count: count, at: layout.headerBytes + sample * layout.frameBytes)
    loaded = sample..<end
  }
}

extension Recording.Entry {
  /// BCI2000: the names of the fields of the first line.
  static let bci2000 = Self(
    name: "BCI2000", recognises: BCI2000FirstLine.recognises,
    open: { file, head, options throws(RecordingError) in try BCI2000Reader(file: file, head: head, options: options) })
}
