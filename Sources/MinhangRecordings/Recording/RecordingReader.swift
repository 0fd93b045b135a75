import MinhangCore

/// One recording, open for reading: what it holds, its events, and its samples in any order.
///
/// A reader is a value: copies read independently of each other, also on different threads.
public protocol RecordingReader: Sendable {
  /// What the recording holds.
  var recording: RecordingInfo { get }

  /// The events, sorted by onset (equal onsets in the file's order); times in seconds from the first sample.
  func events() throws(RecordingError) -> [Event]

  /// How often each label occurs among the events.
  ///
  /// The same as counting `events()`, which it does unless the reader knows better.
  func eventCounts() throws(RecordingError) -> [String: Int]

  /// Bytes among the samples that `events()` goes through: 0 where the file lists its events or they were read on opening.
  var bytesReadForEvents: Int { get }

  /// Reads a stretch of samples: µV for voltages, the channel's own unit for the rest.
  ///
  /// The block gets the shape `[channels × samples]`; its segment is the one of the first sample. The stretch may cross a gap: cut at the
  /// segments of `recording.timeline(of:)` where that matters, or use `forEachBlock`.
  ///
  /// - Parameters:
  ///   - samples: Indices of stored samples at the channels' rate, within `0 ..< sampleCount`.
  ///   - channels: Indices of channels of one sampling rate, in the order in which they are wanted.
  ///   - block: Filled; its memory is reused where it suffices.
  /// - Throws: `badRequest` if the channels' rates differ, `inputOutput` if the file cannot be read any more.
  mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError)

  /// Reads a stretch of samples into a new block.
  ///
  /// See `read(_:of:into:)`.
  mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock
}

extension RecordingReader {
  /// Counts the events by label.
  public func eventCounts() throws(RecordingError) -> [String: Int] {
    try events().reduce(into: [:]) { $0[$1.label, default: 0] += 1 }
  }

  /// 0: events are listed or already read.
  public var bytesReadForEvents: Int { 0 }

  /// Reads a stretch of samples into a new block.
  ///
  /// See `read(_:of:into:)`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock {
    var block = SignalBlock(channelCount: channels.count, sampleCount: samples.count)
    try read(samples, of: channels, into: &block)
    return block
  }

  /// Reads channels from start to end in blocks that never cross a gap, and hands each to `body`.
  ///
  /// One block's memory is reused throughout; `body` may change it. A segment's last block may be shorter.
  ///
  /// - Parameters:
  ///   - channels: Indices of channels of one sampling rate; empty calls nothing.
  ///   - blockSize: Samples in a block, at least 1.
  ///   - range: Sample indices to stay within; nil for all.
  ///   - body: Called for each block in order.
  /// - Throws: What reading throws (`RecordingError`) and what `body` throws.
  public mutating func forEachBlock(
    of channels: [Int], blockSize: Int, from range: Range<Int>? = nil, _ body: (inout SignalBlock) throws -> Void
  ) throws {
    precondition(blockSize > 0, "blocks of \(blockSize) samples")
    guard let first = channels.first else { return }
    let timeline = recording.timeline(of: first)
    let range = (range ?? 0..<timeline.sampleCount).clamped(to: 0..<timeline.sampleCount)
    var block = SignalBlock(channelCount: channels.count, sampleCount: 0, capacity: min(blockSize, range.count))
    for segment in timeline.segments {
      let wanted = segment.sampleRange.clamped(to: range)
      var next = wanted.lowerBound
      while next < wanted.upperBound {
        let end = next + min(blockSize, wanted.upperBound - next)
        try read(next..<end, of: channels, into: &block)
        try body(&block)
        next = end
      }
    }
  }
}
