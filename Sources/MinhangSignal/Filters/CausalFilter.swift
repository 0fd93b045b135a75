import MinhangCore

/// A filter that runs live: a cascade of second-order sections whose state is carried from block to block.
///
/// Transposed direct form II. On the first sample after making it, after `reset()`, or where a block belongs to another segment, the state
/// starts at the steady state of that sample in each channel, so that an electrode's offset makes no transient (`startsAtSteadyState: false`
/// starts from zero). The output has the same bits for any cutting into blocks and any number of channels beside. A NaN or an infinity spoils
/// its own channel from there to the next restart, and no other.
///
/// Equals `scipy.signal.sosfilt` with `zi = sosfilt_zi(sos) · x[0]`. Allocates once, on the first block.
public struct CausalFilter: CausalStage {
  /// The design that runs.
  public let filter: SectionedFilter
  /// Whether the state starts at the steady state of the first sample.
  public let startsAtSteadyState: Bool
  /// Most threads that a long block is shared out over, channel by channel; the bits do not depend on it.
  public let threads: Int

  private var cascade: SectionCascade
  private var segment: Int?

  /// Makes a running filter.
  ///
  /// - Parameters:
  ///   - filter: The design.
  ///   - startsAtSteadyState: Whether the first sample counts as the level that has always been; false starts from zero.
  ///   - threads: Most threads for a long block; short blocks, as a live stream has, stay on the caller's.
  public init(_ filter: SectionedFilter, startsAtSteadyState: Bool = true, threads: Int = 1) {
    self.filter = filter
    self.threads = threads
    self.startsAtSteadyState = startsAtSteadyState
    cascade = SectionCascade(filter)
  }

  /// 0: the output at a sample uses that sample.
  ///
  /// The delay of the filter's phase is not a latency.
  public var latency: Int { 0 }

  /// Filters a block in place.
  ///
  /// - Precondition: the channel count stays the same until `reset()`.
  public mutating func process(_ block: inout SignalBlock) {
    guard !block.isEmpty else { return }
    if segment != block.segment { start(with: block) }
    precondition(
      block.channelCount == cascade.channelCount,
      "a block of \(block.channelCount) channels for a filter that runs on \(cascade.channelCount); reset it first")
    let (count, threads) = (block.sampleCount, threads)
    block.withUnsafeMutableStorage { samples, stride in cascade.run(samples, stride: stride, count: count, threads: threads) }
  }

  /// Forgets the state, as at a gap: the next sample starts anew.
  public mutating func reset() {
    segment = nil
    cascade.deallocate()
  }

  private mutating func start(with block: SignalBlock) {
    precondition(
      segment == nil || block.channelCount == cascade.channelCount,
      "a block of \(block.channelCount) channels for a filter that runs on \(cascade.channelCount); reset it first")
    segment = block.segment
    cascade.allocate(channelCount: block.channelCount)
    guard startsAtSteadyState else { return }
    for channel in 0..<block.channelCount { cascade.settle(channel: channel, at: block[channel: channel, sample: 0]) }
  }
}
