import MinhangCore

/// Reads BrainVision recordings: a header file (`.vhdr`), which names a data file and a marker file.
///
/// `New Segment` markers are gaps; markers are events labelled `type/description`. Binary data are read when asked for; data written as text are
/// unpacked once, into a file without a name. Only files beside the header are opened unless the caller allows more.
///
/// **Source:** Brain Products, "BrainVision Core Data Format 1.0".
public struct BrainVisionReader: RecordingReader {
  /// Bytes read at once: they stay in the second cache until they are taken apart.
  private static let capacity = 1 << 18

  /// What the recording holds.
  public let recording: RecordingInfo

  private let header: BrainVisionHeader
  private let file: RandomAccessFile
  private let scales: [Double]
  private let channelCount: Int
  private let segmentStarts: [Int]
  private let storedEvents: [Event]
  private var buffer: [UInt8] = []

  /// Opens a header file and the files it names.
  ///
  /// See `Recording.open(path:options:)`.
  public init(path: String, options: OpeningOptions = .none) throws(RecordingError) {
    try self.init(file: try RandomAccessFile(path: path), options: options)
  }

  init(file: RandomAccessFile, options: OpeningOptions) throws(RecordingError) {
    let opening = try BrainVisionOpening(file: file, options: options)
    recording = opening.info
    header = opening.header
    self.file = opening.dataFile
    scales = opening.scales
    channelCount = opening.channelCount
    segmentStarts = opening.segmentStarts
    storedEvents = opening.events
  }

  /// The markers, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    try fill(&block, with: samples, of: channels, segment: segment(of: samples)) { (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  /// Reads a stretch of samples into a new block.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock {
    try check(samples, of: channels)
    return try block(of: samples, of: channels, segment: segment(of: samples)) { (reader, values, stride) throws(RecordingError) in
      try reader.decode(samples, of: channels, into: values, stride: stride)
    }
  }

  private func segment(of samples: Range<Int>) -> Int {
    max(0, segmentStarts.partitioningIndex { $0 > samples.lowerBound } - 1)
  }

  private mutating func decode(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    guard let coding = header.coding else { return }
    let number = StoredNumber(kind: coding.kind, isBigEndian: header.isBigEndian)
    if header.isVectorized {
      try decodeVectorized(number, samples, of: channels, into: values, stride: stride)
    } else {
      try decodeMultiplexed(number, samples, of: channels, into: values, stride: stride)
    }
  }

  private mutating func decodeVectorized(
    _ number: StoredNumber, _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    let width = number.kind.byteCount
    let sampleCount = recording.channels[0].sampleCount
    reserve(min(Self.capacity, samples.count * width))
    for (row, channel) in channels.enumerated() {
      var next = samples.lowerBound
      while next < samples.upperBound {
        let count = min(samples.upperBound - next, Self.capacity / width)
        try file.read(into: &buffer, count: count * width, at: header.dataOffset + (channel * sampleCount + next) * width)
        buffer.withUnsafeBytes { bytes in
          precondition(count * width <= bytes.count)
          guard let base = bytes.baseAddress else { return }
          number.decode(
            base, stride: width, count: count, gain: scales[channel], offset: 0, into: values + (row * stride + next - samples.lowerBound))
        }
        next += count
      }
    }
  }

  private mutating func decodeMultiplexed(
    _ number: StoredNumber, _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    let width = number.kind.byteCount
    let frame = width * channelCount
    let atOnce = max(1, Self.capacity / frame)
    reserve(min(atOnce, samples.count) * frame)
    var next = samples.lowerBound
    while next < samples.upperBound {
      let count = min(samples.upperBound - next, atOnce)
      try file.read(into: &buffer, count: count * frame, at: header.dataOffset + next * frame)
      buffer.withUnsafeBytes { bytes in
        precondition(count * frame <= bytes.count && channels.allSatisfy { $0 < channelCount })
        guard let base = bytes.baseAddress else { return }
        var row = 0
        while row < channels.count {
          let channel = channels[row]
          let target = values + (row * stride + next - samples.lowerBound)
          if row + 3 < channels.count, (1...3).allSatisfy({ channels[row + $0] == channel + $0 }) {
            let gains = SIMD4(scales[channel], scales[channel + 1], scales[channel + 2], scales[channel + 3])
            number.decodeFour(base + channel * width, stride: frame, count: count, gains: gains, into: target, rowStride: stride)
            row += 4
          } else {
            number.decode(base + channel * width, stride: frame, count: count, gain: scales[channel], offset: 0, into: target)
            row += 1
          }
        }
      }
      next += count
    }
  }

  private mutating func reserve(_ count: Int) {
    if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
  }
}
