import MinhangCore

/// A polyphase resampler that runs live: blocks at one sampling rate go in, blocks at another come out.
///
/// With the default filter and `finish(into:)` at the end it hands out the very bits of `PolyphaseResampler` (and so of
/// `scipy.signal.resample_poly` to rounding): each sample carries its true index, and comes out `latency` input samples late, because the
/// filter looks that far ahead. A causal filter (`advance` 0) has no latency, but the delay of its phase.
///
/// Restarts at a block of another segment. Outputs that were not complete then are lost unless `finish(into:)` was called before;
/// `discardedCount` counts them.
public struct StreamingResampler: RateChangingStage {
  /// What stands before the first sample and after the last of a segment.
  public enum Edge: Sendable, Hashable {
    /// Zeros, as scipy's default: an electrode's offset makes a transient at the start.
    case zero
    /// The first and the last sample, for ever: no transient (scipy's `padtype="edge"`).
    case edge
  }

  /// The factor by which the sampling rate changes.
  public let ratio: ResamplingRatio
  /// What stands before and after a segment.
  public let edge: Edge
  /// Outputs that a new segment or a reset cut off, of each channel, since the stage was made.
  public private(set) var discardedCount = 0

  private var state: PolyphaseState
  private var segment: Int?
  /// Input samples since the segment began, and its first.
  private var taken = 0
  private var firstInput = 0
  private var firstOutput = 0
  private var produced = 0
  /// Room for what `finish` lets follow.
  private var padding: [Double] = []

  /// Makes a running resampler.
  ///
  /// - Parameters:
  ///   - ratio: The factor by which the sampling rate changes.
  ///   - filter: The low-pass between the rates; nil for `ResamplingFilter.antiAliasing(for: ratio)`.
  ///   - edge: What stands before and after a segment.
  public init(_ ratio: ResamplingRatio, filter: ResamplingFilter? = nil, edge: Edge = .zero) {
    self.ratio = ratio
    self.edge = edge
    state = PolyphaseState(PolyphaseBank(ratio: ratio, filter: filter ?? .antiAliasing(for: ratio)))
  }

  /// The filter's look ahead, in whole input samples: 13 for 250 Hz to 200 Hz.
  public var latency: Int { (state.bank.advance + ratio.up - 1) / ratio.up }

  /// Takes a block in and hands out what it completes.
  ///
  /// - Precondition: within a segment the channel count stays the same, and blocks follow each other without a gap.
  public mutating func process(_ block: SignalBlock, into output: inout SignalBlock) {
    guard !block.isEmpty else {
      prepare(&output, channelCount: block.channelCount, sampleCount: 0, capacity: 0)
      if segment == nil {
        output.firstSample = ratio.firstOutput(atOrAfter: block.firstSample)
        output.segment = block.segment
      }
      return
    }
    if segment != block.segment { start(with: block) }
    precondition(
      block.channelCount == state.channelCount,
      "a block of \(block.channelCount) channels for a resampler that runs on \(state.channelCount); reset it first")
    let count = block.sampleCount
    // One more than the mean: where the phase stands decides.
    prepare(
      &output, channelCount: block.channelCount, sampleCount: state.outputCount(adding: count),
      capacity: count * ratio.up / ratio.down + 1)
    block.withUnsafeStorage { rows, stride in
      output.withUnsafeMutableStorage { results, resultStride in
        produced += state.run(rows, stride: stride, count: count, into: results, outputStride: resultStride)
      }
    }
    taken += count
  }

  /// Hands out the outputs up to the last input sample, as if the edge followed; then begins anew.
  public mutating func finish(into output: inout SignalBlock) {
    guard segment != nil else {
      output.resize(channelCount: output.channelCount, sampleCount: 0)
      return
    }
    let (channels, missing) = (state.channelCount, pendingCount)
    prepare(&output, channelCount: channels, sampleCount: missing, capacity: missing)
    // The look ahead of the last output, which lies at most on the last sample.
    let count = latency
    padding = [Double](repeating: 0, count: channels * count)
    if edge == .edge {
      for c in 0..<channels {
        let last = state.newestSample(channel: c)
        for i in 0..<count { padding[c * count + i] = last }
      }
    }
    padding.withUnsafeBufferPointer { padding in
      guard let rows = padding.baseAddress else { return }
      output.withUnsafeMutableStorage { results, resultStride in
        _ = state.run(rows, stride: count, count: count, into: results, outputStride: resultStride, limit: missing)
      }
    }
    segment = nil
  }

  /// Forgets everything that was processed.
  public mutating func reset() {
    if segment != nil { discardedCount += pendingCount }
    segment = nil
  }

  /// Outputs at or before the last input sample that have not come out.
  private var pendingCount: Int { ratio.firstOutput(atOrAfter: firstInput + taken) - firstOutput - produced }

  private mutating func start(with block: SignalBlock) {
    reset()
    segment = block.segment
    (firstInput, taken, produced) = (block.firstSample, 0, 0)
    firstOutput = ratio.firstOutput(atOrAfter: firstInput)
    state.start(channelCount: block.channelCount, distance: ratio.distance(from: firstInput, toOutput: firstOutput))
    guard edge == .edge else { return }
    for c in 0..<block.channelCount {
      let first = block[channel: c, sample: 0]
      state.setHistory(channel: c) { _ in first }
    }
  }

  private func prepare(_ output: inout SignalBlock, channelCount: Int, sampleCount: Int, capacity: Int) {
    if output.channelStride < capacity || output.channelCount < channelCount {
      output = SignalBlock(channelCount: channelCount, sampleCount: sampleCount, capacity: max(capacity, output.channelStride))
    } else {
      output.resize(channelCount: channelCount, sampleCount: sampleCount)
    }
    guard let segment else { return }
    output.firstSample = firstOutput + produced
    output.segment = segment
  }
}
