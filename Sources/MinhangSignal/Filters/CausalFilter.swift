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

  private var cascade: SectionCascade
  private var segment: Int?

  /// Makes a running filter.
  public init(_ filter: SectionedFilter, startsAtSteadyState: Bool = true) {
    self.filter = filter
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
    let count = block.sampleCount
    block.withUnsafeMutableStorage { samples, stride in cascade.run(samples, stride: stride, count: count) }
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
