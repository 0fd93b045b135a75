#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Filters that remove or keep a frequency and all its harmonics up to half the sampling rate.
///
/// Two-term polynomials, `(b + c z⁻ᴺ) / (1 + a z⁻ᴺ)` with `N` the samples in a period, factored into sections in closed form.
///
/// **Source:** Orfanidis 1996, "Introduction to signal processing", section 11.5, equations 11.5.1 and 11.5.4.
public enum CombFilter {
  /// What happens to the teeth of the comb.
  public enum Kind: Sendable, Hashable {
    /// The frequency and its harmonics are removed.
    case notch
    /// The frequency and its harmonics are kept.
    case peak
  }

  /// Designs a comb; equals `scipy.signal.iircomb(frequency, quality, ftype=kind, fs=sampleRate, pass_zero=passesZero)`.
  ///
  /// - Parameters:
  ///   - kind: Whether the teeth are removed or kept.
  ///   - frequency: Distance of the teeth, Hz; the sampling rate must be a whole multiple of it, at least twice.
  ///   - quality: Frequency over the width of a tooth at −3 dB; above 0.5, since a tooth cannot be wider than the distance.
  ///   - passesZero: Whether 0 Hz is let through: then the teeth of a notch lie at odd multiples of half the frequency, and those of a peak at
  ///     0 Hz and the multiples. False puts the teeth of a notch at 0 Hz and the multiples, and those of a peak at odd multiples of half.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  public static func filter(
    _ kind: Kind, frequency: Double, quality: Double = 30, passesZero: Bool = false, sampleRate: Double
  ) throws(SignalError) -> SectionedFilter {
    try PassBand.lowPass(frequency).validate(sampleRate: sampleRate)
    let period = (sampleRate / frequency).rounded()
    guard (frequency - sampleRate / period).magnitude / sampleRate <= 1e-14, period <= 10_000 else {
      throw SignalError(
        .invalidFrequency,
        "a comb of \(frequency) Hz at a sampling rate of \(sampleRate) Hz; expected a rate that is a whole multiple of it, at most 10000 times"
      )
    }
    guard quality.isFinite, quality > 0.5 else {
      throw SignalError(.invalidParameter, "the quality of a comb is \(quality); expected a finite number above 0.5")
    }
    // At −3 dB, Eq. 11.5.3.
    let beta = tan(period * (2 * Double.pi * frequency / sampleRate / quality) / 4)
    let (reference, peak) = kind == .notch ? (1.0, 0.0) : (0.0, 1.0)
    let a = (1 - beta) / (1 + beta)
    let b = (reference + peak * beta) / (1 + beta)
    let c = (reference - peak * beta) / (1 + beta)
    // Negative: teeth at 0 Hz and the multiples (Eq. 11.5.1); positive: half-way between (Eq. 11.5.4).
    let isNegative = (kind == .peak) == passesZero
    let count = Int(period)
    let zeros = roots(of: (isNegative ? c : -c) / b, count: count)
    let poles = roots(of: isNegative ? a : -a, count: count)
    return SectionedFilter(sections: try ZerosPolesGain(zeros: zeros, poles: poles, gain: b).sections(), sampleRate: sampleRate)
  }

  /// The `count` roots of a real number, in exact conjugate pairs.
  private static func roots(of number: Double, count: Int) -> [ComplexNumber] {
    let radius = pow(number.magnitude, 1 / Double(count))
    // Angles of `number = r^n e^(iπ·odd)` in units of π / count: even for a positive number, odd for a negative one.
    let first = number < 0 ? 1 : 0
    return stride(from: first, through: count, by: 2).flatMap { step -> [ComplexNumber] in
      if step == 0 { return [ComplexNumber(radius)] }
      if step == count { return [ComplexNumber(-radius)] }
      let root = radius * ComplexNumber(unitAtAngle: Double.pi * Double(step) / Double(count))
      return [root, root.conjugate]
    }
  }
}
