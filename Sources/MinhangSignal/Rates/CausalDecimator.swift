import MinhangCore

/// Decimation with a recursive filter that runs live: every `factor`th sample of the filtered signal.
///
/// The samples kept are those whose index in the recording is a multiple of `factor`, whatever the cutting into blocks. Equals
/// `scipy.signal.decimate(x, factor, zero_phase=False)` with `startsAtSteadyState: false`. For the FIR kind, `StreamingResampler` with
/// `ResamplingFilter.decimation` computes only the samples it keeps.
public struct CausalDecimator: RateChangingStage {
  /// The factor by which the sampling rate changes, `1 / factor`.
  public let ratio: ResamplingRatio
  private var filter: CausalFilter
  private var filtered = SignalBlock(channelCount: 0, sampleCount: 0)

  /// Makes a running decimator.
  ///
  /// - Parameters:
  ///   - factor: Input samples for each output sample, at least 1.
  ///   - order: Order of the filter, 1…100.
  ///   - sampleRate: Sampling rate of the input, Hz.
  ///   - startsAtSteadyState: Whether the first sample counts as the level that has always been; false starts from zero.
  /// - Throws: `SignalError` with `.invalidParameter`, `.invalidOrder` or `.invalidFrequency`.
  public init(factor: Int, order: Int = 8, sampleRate: Double, startsAtSteadyState: Bool = true) throws(SignalError) {
    ratio = try ResamplingRatio(up: 1, down: factor)
    filter = CausalFilter(
      try Decimation.filter(factor: factor, order: order, sampleRate: sampleRate), startsAtSteadyState: startsAtSteadyState)
  }

  /// 0: an output uses no sample after its own place.
  ///
  /// The delay of the filter's phase is not a latency.
  public var latency: Int { 0 }

  /// Filters a block and hands out the samples kept.
  ///
  /// - Precondition: the channel count stays the same until `reset()`.
  public mutating func process(_ block: SignalBlock, into output: inout SignalBlock) {
    let (channels, count) = (block.channelCount, block.sampleCount)
    filtered.resize(channelCount: channels, sampleCount: count)
    (filtered.firstSample, filtered.segment) = (block.firstSample, block.segment)
    filtered.withUnsafeMutableStorage { target, targetStride in
      block.withUnsafeStorage { source, stride in
        for c in 0..<channels { (target + c * targetStride).update(from: source + c * stride, count: count) }
      }
    }
    filter.process(&filtered)
    let first = Decimation.firstKept(in: block.firstSample, factor: ratio.down)
    let capacity = (count + ratio.down - 1) / ratio.down
    if output.channelStride < capacity || output.channelCount < channels {
      output = SignalBlock(channelCount: channels, sampleCount: 0, capacity: max(capacity, output.channelStride))
    }
    output.resize(channelCount: channels, sampleCount: max(0, (count - first + ratio.down - 1) / ratio.down))
    (output.firstSample, output.segment) = (ratio.firstOutput(atOrAfter: block.firstSample), block.segment)
    ZeroPhaseDecimator.keep(every: ratio.down, from: first, of: filtered, in: &output)
  }

  /// Nothing is left to hand out; begins anew.
  public mutating func finish(into output: inout SignalBlock) {
    output.resize(channelCount: output.channelCount, sampleCount: 0)
    reset()
  }

  /// Forgets the state, as at a gap.
  public mutating func reset() { filter.reset() }
}
