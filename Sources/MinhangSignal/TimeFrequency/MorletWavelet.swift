#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Morlet wavelet: a complex oscillation under a Gaussian, of norm √2 (norm 1 of the real part).
///
/// `w(t) = c (e^(2πi·f·t) − κ) e^(−t² / 2σ²)` with `σ = cycles / (2π f)`, at the samples within 5 σ around 0, an odd number of them. `κ` is
/// `e^(−2 (π f σ)²)` if the mean is to be zero, else 0. Equals `mne.time_frequency.morlet(sampleRate, [f], cycles, zero_mean=…)`.
///
/// **Source:** Tallon-Baudry & Bertrand 1999, "Oscillatory gamma activity in humans", Trends Cogn. Sci. 3:151.
public struct MorletWavelet: Sendable, Hashable {
  /// Frequency of the oscillation, Hz.
  public let frequency: Double
  /// Number of cycles within `2π σ`: more of them resolve frequencies better and times worse.
  public let cycles: Double
  /// The wavelet, centre in the middle.
  public let values: [ComplexNumber]

  /// Full width at half maximum of the Gaussian, seconds.
  ///
  /// **Source:** Cohen 2019, "A better way to define and describe Morlet wavelets", NeuroImage 199:81, eq. 4.
  public var fullWidthAtHalfMaximum: Double { cycles * (2 * log(2)).squareRoot() / (Double.pi * frequency) }

  /// Makes a wavelet.
  ///
  /// - Parameters:
  ///   - frequency: Hz; above 0, at most half the sampling rate.
  ///   - cycles: Above 0.
  ///   - sampleRate: Hz.
  ///   - hasZeroMean: Whether the mean of the continuous wavelet is zero; matters below about 5 cycles.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  public init(frequency: Double, cycles: Double = 7, sampleRate: Double, hasZeroMean: Bool = true) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a wavelet is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard frequency > 0, frequency <= sampleRate / 2 else {
      throw SignalError(
        .invalidFrequency,
        "the frequency of a wavelet is \(frequency) Hz; expected above 0 and at most \(sampleRate / 2) Hz, half the sampling rate")
    }
    let deviation = cycles / (2 * Double.pi * frequency)
    guard cycles > 0, deviation.isFinite, 5 * deviation * sampleRate < 0x1p26 else {
      throw SignalError(
        .invalidParameter, "a wavelet of \(cycles) cycles at \(frequency) Hz; expected above 0 and a length below 2²⁷ samples")
    }
    // Samples from 0 on whose time is below 5 σ, as a half-open range counts them.
    let half = max(1, Int((5 * deviation / (1 / sampleRate)).rounded(.up)))
    let offset = hasZeroMean ? exp(-2 * (Double.pi * frequency * deviation) * (Double.pi * frequency * deviation)) : 0
    var values = (0..<(2 * half - 1)).map { i in
      let time = Double(i - half + 1) / sampleRate
      let envelope = exp(-(time * time) / (2 * deviation * deviation))
      let oscillation = ComplexNumber(unitAtAngle: 2 * Double.pi * frequency * time)
      return ComplexNumber((oscillation.real - offset) * envelope, oscillation.imaginary * envelope)
    }
    let scale = 1 / (0.5 * values.reduce(0) { $0 + $1.squaredMagnitude }).squareRoot()
    for i in values.indices { values[i] = scale * values[i] }
    self.frequency = frequency
    self.cycles = cycles
    self.values = values
  }
}
