import CMinhangKernels
import MinhangCore

/// A finite filter that runs live, by its definition: `y[n] = Σ taps[k] x[n − k]`, `k` ascending.
///
/// On the first sample after making it, after `reset()`, or where a block belongs to another segment, the past is filled with that sample in each
/// channel, so that an electrode's offset makes no transient (`startsAtSteadyState: false` fills it with zeros). The output has the same bits
/// for any cutting into blocks and any number of channels beside. A NaN or an infinity spoils the next `taps` samples of its own channel, and
/// nothing else.
///
/// Equals `scipy.signal.lfilter(taps, 1, x)`. O(taps) a sample; from a few hundred taps on `PartitionedConvolution` is faster. Allocates once, on
/// the first block.
public struct CausalConvolution: CausalStage {
  /// The design that runs.
  public let filter: FiniteImpulseResponse
  /// Whether the first sample counts as the level that has always been.
  public let startsAtSteadyState: Bool

  /// Samples that are filtered at a time: few enough to stay in the cache.
  private static let piece = 1024

  /// The last `taps − 1` samples of each channel, oldest first.
  private var history: [Double] = []
  /// One channel's history and the piece behind it.
  private var work: [Double] = []
  private var channelCount = 0
  private var segment: Int?

  /// Makes a running filter.
  ///
  /// - Parameters:
  ///   - filter: The design.
  ///   - startsAtSteadyState: Whether the first sample counts as the level that has always been; false starts from zero.
  public init(_ filter: FiniteImpulseResponse, startsAtSteadyState: Bool = true) {
    self.filter = filter
    self.startsAtSteadyState = startsAtSteadyState
  }

  /// 0: the output at a sample uses that sample.
  ///
  /// The delay of a symmetric filter, `filter.centre`, is not a latency.
  public var latency: Int { 0 }

  /// Filters a block in place.
  ///
  /// - Precondition: the channel count stays the same until `reset()`.
  public mutating func process(_ block: inout SignalBlock) {
    guard !block.isEmpty else { return }
    precondition(
      segment == nil || block.channelCount == channelCount,
      "a block of \(block.channelCount) channels for a filter that runs on \(channelCount); reset it first")
    if segment != block.segment { start(with: block) }
    let (count, channels, past) = (block.sampleCount, block.channelCount, filter.taps.count - 1)
    block.withUnsafeMutableStorage { samples, stride in
      filter.taps.withUnsafeBufferPointer { taps in
        history.withUnsafeMutableBufferPointer { history in
          work.withUnsafeMutableBufferPointer { work in
            let present = work.baseAddress! + past
            for c in 0..<channels {
              let row = samples + c * stride
              if past > 0 { work.baseAddress!.update(from: history.baseAddress! + c * past, count: past) }
              for first in Swift.stride(from: 0, to: count, by: Self.piece) {
                let length = min(Self.piece, count - first)
                present.update(from: row + first, count: length)
                minhang_convolve(present, length, taps.baseAddress!, taps.count, row + first)
                work.baseAddress!.update(from: work.baseAddress! + length, count: past)
              }
              if past > 0 { (history.baseAddress! + c * past).update(from: work.baseAddress!, count: past) }
            }
          }
        }
      }
    }
  }

  /// Forgets the past, as at a gap: the next sample starts anew.
  public mutating func reset() { segment = nil }

  private mutating func start(with block: SignalBlock) {
    segment = block.segment
    let past = filter.taps.count - 1
    if channelCount != block.channelCount || work.isEmpty {
      channelCount = block.channelCount
      history = [Double](repeating: 0, count: channelCount * past)
      work = [Double](repeating: 0, count: past + Self.piece)
    }
    for c in 0..<channelCount {
      let level = startsAtSteadyState ? block[channel: c, sample: 0] : 0
      for i in 0..<past { history[c * past + i] = level }
    }
  }
}
