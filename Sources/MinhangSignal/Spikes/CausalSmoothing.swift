#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Smoothing that looks at the past only, for rates of spikes in bins: designs that `CausalFilter` and `CausalConvolution` run.
///
/// Both hand a constant through unchanged. `startsAtSteadyState: false` of the running stage makes the time before the first bin silent.
public enum CausalSmoothing {
  /// A running mean in which the past fades: `y[n] = y[n−1] + (1 − e^(−1/τ)) · (x[n] − y[n−1])`.
  ///
  /// - Parameters:
  ///   - timeConstant: τ, seconds: after it the weight of a sample is down to 1/e.
  ///   - sampleRate: Of the bins, Hz.
  /// - Throws: `SignalError` with `.invalidParameter` or `.invalidFrequency`.
  public static func exponential(timeConstant: Double, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    let samples = try samples(timeConstant, sampleRate: sampleRate, "a time constant")
    let weight = -expm1(-1 / samples)
    return SectionedFilter(sections: [SecondOrderSection(b0: weight, b1: 0, b2: 0, a1: weight - 1, a2: 0)], sampleRate: sampleRate)
  }

  /// The past half of a Gaussian: weights `e^(−k² / 2σ²)` for `k = 0, 1, …` up to four standard deviations, divided by their sum.
  ///
  /// - Parameters:
  ///   - deviation: σ, seconds.
  ///   - sampleRate: Of the bins, Hz.
  /// - Throws: `SignalError` with `.invalidParameter`, `.invalidLength` or `.invalidFrequency`.
  public static func halfGaussian(deviation: Double, sampleRate: Double) throws(SignalError) -> FiniteImpulseResponse {
    let samples = try samples(deviation, sampleRate: sampleRate, "a standard deviation")
    guard 4 * samples < 1e6 else {
      throw SignalError(.invalidLength, "a half Gaussian of \(deviation) s at \(sampleRate) Hz; expected at most 1000000 weights")
    }
    var taps = (0...Int(4 * samples)).map { k in exp(-0.5 * (Double(k) / samples) * (Double(k) / samples)) }
    let sum = taps.reduce(0, +)
    for k in taps.indices { taps[k] /= sum }
    return FiniteImpulseResponse(taps: taps, sampleRate: sampleRate)
  }

  private static func samples(_ seconds: Double, sampleRate: Double, _ what: String) throws(SignalError) -> Double {
    try FiniteImpulseResponse.validate(sampleRate: sampleRate)
    let samples = seconds * sampleRate
    guard seconds > 0, samples.isFinite, samples > 1e-9 else {
      throw SignalError(.invalidParameter, "smoothing with \(what) of \(seconds) s at \(sampleRate) Hz; expected a finite time above 0")
    }
    return samples
  }
}
