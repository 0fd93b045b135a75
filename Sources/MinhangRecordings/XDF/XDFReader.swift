import MinhangCore

/// Reads XDF 1.0, the format of the lab streaming layer: several streams, each with its own clock.
///
/// Streams of numbers with a sampling rate give channels; texts, and single numbers without a rate, give events. Clocks are synchronised and
/// time stamps laid on lines as the reference reader does it. The file is looked through once on opening; samples are read when asked for.
///
/// `recording.start` is the date of the file header, when the recorder was started: within seconds of the first sample, not to the millisecond.
///
/// **Source:** Kothe et al., "XDF 1.0 specification"; pyxdf for what the specification leaves open.
public struct XDFReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo
  /// Time of the recording's first sample on the clock of the recording machine, seconds.
  public let originTimeStamp: Double

  /// How the samples of a stream lie in the file and in time.
  struct Source: Sendable {
    var format: XDFSampleFormat
    var channelCount: Int
    var runs: [XDFRun]
    var times: XDFSampleTimes

    init(scan: XDFStreamScan, times: XDFSampleTimes) {
      format = scan.header.format
      channelCount = scan.header.channelCount
      runs = scan.runs
      self.times = times
    }

    var sampleBytes: Int { channelCount * format.byteCount }
  }

  private let sources: [Source]
  private let storedEvents: [Event]
  /// For each channel its place in its stream.
  private let places: [Int]
  private var window: XDFWindow

  /// Opens a file.
  ///
  /// See `Recording.open(path:)`.
  public init(path: String) throws(RecordingError) { try self.init(file: try RandomAccessFile(path: path)) }

  init(file: RandomAccessFile) throws(RecordingError) {
    guard file.byteCount >= 4, try file.bytes(at: 0, count: 4) == Array("XDF:".utf8) else {
      throw RecordingError(.unsupported, path: file.path, "file type at byte 0 is not \"XDF:\"; expected the start of an XDF file")
    }
    let opening = try XDFOpening(file: file)
    recording = opening.info
    originTimeStamp = opening.origin
    sources = opening.sources
    storedEvents = opening.events
    places = opening.sources.flatMap { 0..<$0.channelCount }
    window = XDFWindow(file)
  }

  /// The texts and single numbers, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// The time of each sample of a stream on the clock of the recording machine: synchronised, and laid on lines where the stream has a rate.
  ///
  /// - Parameter stream: Index in `recording.streams`.
  /// - Returns: Seconds, one for each sample; empty for a recording without signals.
  public func timeStamps(ofStream stream: Int) -> [Double] {
    precondition(recording.streams.indices.contains(stream), "stream \(stream) of \(recording.streams.count)")
    return stream < sources.count ? sources[stream].times.all : []
  }

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
    guard let first = channels.first else { return 0 }
    let stretches = sources[recording.channels[first].stream].times.stretches
    return max(0, stretches.partitioningIndex { $0.samples.lowerBound > samples.lowerBound } - 1)
  }

  private mutating func decode(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    guard let first = channels.first, !samples.isEmpty else { return }
    let source = sources[recording.channels[first].stream]
    let wanted = channels.map { (offset: places[$0] * source.format.byteCount, factor: recording.channels[$0].unit.microvoltsPerUnit ?? 1) }
    let size = source.sampleBytes
    var run = max(0, source.runs.partitioningIndex { $0.firstSample > samples.lowerBound } - 1)
    var next = samples.lowerBound
    while next < samples.upperBound {
      let current = source.runs[run]
      let runEnd = run + 1 < source.runs.count ? source.runs[run + 1].firstSample : samples.upperBound
      let step = current.otherHead + size
      let end = min(samples.upperBound, runEnd, next + max(1, XDFWindow.capacity / step))
      let from = current.place(ofSample: next, sampleBytes: size)
      let to = current.place(ofSample: end - 1, sampleBytes: size) + size
      try window.load(from, to - from)
      // Only between the first sample and the second may the distance be another.
      let parts = next == current.firstSample ? [next..<(next + 1), (next + 1)..<end] : [next..<end]
      window.bytes.withUnsafeBytes { bytes in
        for part in parts where !part.isEmpty {
          let base = current.place(ofSample: part.lowerBound, sampleBytes: size) - window.start
          for (row, channel) in wanted.enumerated() {
            XDFSampleDecoding.decode(
              source.format, bytes, first: base + channel.offset, step: step, count: part.count, factor: channel.factor,
              into: values + (row * stride + part.lowerBound - samples.lowerBound))
          }
        }
      }
      next = end
      if next == runEnd { run += 1 }
    }
  }
}
