import MinhangCore

/// The power in the band of spikes, without finding any: band-pass, magnitude (or square), mean over each bin.
///
/// At 300–1000 Hz it follows the rate of the single units near an electrode, at a low sampling rate and where no spike reaches a threshold. The
/// magnitude, in the unit of the samples, is the definition of the source; the square is a power. The filter is a causal Butterworth that
/// starts at the steady state of a segment's first sample; bins lie as those of `SpikeBinning`. The output has the same bits for any cutting
/// into blocks and any number of channels beside; what is not finite spoils its own channel until the next restart.
///
/// Allocates only while no block of the size has come.
///
/// **Source:** Nason et al. 2020, Nat. Biomed. Eng. 4:973, "A low-power band of neuronal spiking activity dominated by local single units
/// improves the performance of brain–machine interfaces".
public struct SpikeBandPower: RateChangingStage {
  /// What is averaged.
  public enum Measure: Sendable, Hashable {
    /// The magnitude of the filtered signal.
    case magnitude
    /// Its square.
    case square
  }

  /// What is averaged.
  public let measure: Measure
  private var filter: CausalFilter
  private var binning: SpikeBinning
  private var filtered = SignalBlock(channelCount: 0, sampleCount: 0)
  private var nextSample: Int?

  /// Makes a stage.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz; above twice the band's upper edge.
  ///   - band: Hz.
  ///   - order: Of the band-pass: so many poles at each edge.
  ///   - binLength: Samples in a bin, 1…65536.
  ///   - measure: What is averaged.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidOrder` or `.invalidParameter`.
  public init(
    sampleRate: Double, band: ClosedRange<Double> = 300...1000, order: Int = 2, binLength: Int, measure: Measure = .magnitude
  ) throws(SignalError) {
    filter = CausalFilter(try Butterworth.filter(order: order, .bandPass(band), sampleRate: sampleRate))
    binning = try SpikeBinning(binLength: binLength, value: .mean)
    self.measure = measure
  }

  /// The factor by which the sampling rate changes, `1 / binLength`.
  public var ratio: ResamplingRatio { binning.ratio }

  /// `binLength − 1`: a bin comes out with its last sample.
  ///
  /// The delay of the filter's phase is not a latency.
  public var latency: Int { binning.latency }

  /// Takes a block and hands out the bins that it completes; often none.
  ///
  /// - Precondition: the channel count stays the same until `reset()`.
  public mutating func process(_ block: SignalBlock, into output: inout SignalBlock) {
    let (channels, count) = (block.channelCount, block.sampleCount)
    if nextSample != block.firstSample { filter.reset() }
    nextSample = block.firstSample + count
    filtered.resize(channelCount: channels, sampleCount: count)
    (filtered.firstSample, filtered.segment) = (block.firstSample, block.segment)
    filtered.withUnsafeMutableStorage { target, targetStride in
      block.withUnsafeStorage { source, stride in
        for c in 0..<channels { (target + c * targetStride).update(from: source + c * stride, count: count) }
      }
    }
    filter.process(&filtered)
    let isSquare = measure == .square
    filtered.withUnsafeMutableStorage { values, stride in
      for c in 0..<channels {
        let row = values + c * stride
        for i in 0..<count { row[i] = isSquare ? row[i] * row[i] : row[i].magnitude }
      }
    }
    binning.process(filtered, into: &output)
  }

  /// Hands out nothing, since a bin that is not full is left out; then begins anew.
  public mutating func finish(into output: inout SignalBlock) {
    binning.finish(into: &output)
    reset()
  }

  /// Forgets the filter's state and the bin that has begun, as at a gap.
  public mutating func reset() {
    nextSample = nil
    filter.reset()
    binning.reset()
  }
}
