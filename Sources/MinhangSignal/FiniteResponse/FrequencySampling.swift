#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finite filters of any gain over frequency: sampled, transformed back, cut off by a taper.
///
/// **Source:** Oppenheim & Schafer 2010, "Discrete-time signal processing", section 7.5; Smith 2007, "Introduction to digital filters".
public enum FrequencySampling {
  /// Designs a filter; equals `scipy.signal.firwin2`.
  ///
  /// - Parameters:
  ///   - tapCount: Number of taps, 2…1000000.
  ///   - frequencies: Where the gain is given, Hz, ascending from 0 to half the sampling rate; a frequency may stand twice, for a jump.
  ///   - gains: The gain at each; straight lines between. With an even number of taps it has to be 0 at half the sampling rate; antisymmetric
  ///     filters need 0 at 0 Hz, and with an odd number of taps at half the sampling rate too.
  ///   - gridCount: Points at which the gain is sampled, more than `tapCount`; nil: 1 + the next power of two.
  ///   - taper: Window, in its symmetric form; nil for none.
  ///   - isAntisymmetric: Whether the taps change their sign at the centre, as those of differentiators and Hilbert transformers.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` or `.invalidParameter`.
  public static func filter(
    tapCount: Int, frequencies: [Double], gains: [Double], gridCount: Int? = nil, taper: Taper? = .hamming, isAntisymmetric: Bool = false,
    sampleRate: Double
  ) throws(SignalError) -> FiniteImpulseResponse {
    try FiniteImpulseResponse.validate(tapCount: tapCount)
    try FiniteImpulseResponse.validate(sampleRate: sampleRate)
    let nyquist = 0.5 * sampleRate
    let knots = try knots(frequencies, gains, nyquist: nyquist)
    let isEven = tapCount % 2 == 0
    guard (isEven == isAntisymmetric || gains.last == 0) && (!isAntisymmetric || gains.first == 0) else {
      throw SignalError(
        .invalidParameter,
        "the gain of a filter of \(tapCount) taps is \(gains[0]) at 0 Hz and \(gains[gains.count - 1]) at \(nyquist) Hz; expected 0 where "
          + "its symmetry forces it to be")
    }
    let count = gridCount ?? (1 << (Int.bitWidth - (tapCount - 1).leadingZeroBitCount)) + 1
    guard count > tapCount, count <= 1 << 26 else {
      throw SignalError(
        .invalidLength, "\(count) points for a filter of \(tapCount) taps; expected more points than taps, at most \(1 << 26)")
    }

    // The whole spectrum, delayed by half the length so that the first taps are the filter; antisymmetric: turned by a quarter.
    let step = nyquist / Double(count - 1)
    let length = 2 * (count - 1)
    var spectrum = [ComplexNumber](repeating: ComplexNumber(0), count: length)
    var knot = 0
    for k in 0..<count {
      let frequency = k == count - 1 ? nyquist : Double(k) * step
      while knot + 2 < knots.frequencies.count, frequency >= knots.frequencies[knot + 1] { knot += 1 }
      let (f0, f1) = (knots.frequencies[knot], knots.frequencies[knot + 1])
      let slope = (knots.gains[knot + 1] - knots.gains[knot]) / (f1 - f0)
      let gain = frequency >= f1 ? knots.gains[knot + 1] : slope * (frequency - f0) + knots.gains[knot]
      let shift = ComplexNumber(unitAtAngle: -(Double(tapCount - 1) / 2) * Double.pi * frequency / nyquist)
      let value = gain * (isAntisymmetric ? ComplexNumber(0, 1) * shift : shift)
      // The ends of a half spectrum are real.
      spectrum[k] = k == 0 || k == count - 1 ? ComplexNumber(value.real) : value
      if k > 0 && k < count - 1 { spectrum[length - k] = value.conjugate }
    }
    let response = try ComplexFourierTransform(length: length).backward(spectrum)
    let window = taper?.symmetricCoefficients(count: tapCount)
    var taps = (0..<tapCount).map { response[$0].real / Double(length) * (window?[$0] ?? 1) }
    if isAntisymmetric && !isEven { taps[tapCount / 2] = 0 }
    return FiniteImpulseResponse(taps: taps, sampleRate: sampleRate)
  }

  /// Frequencies that stand twice are drawn apart by an ulp of half the sampling rate, so that straight lines join all.
  private static func knots(
    _ frequencies: [Double], _ gains: [Double], nyquist: Double
  ) throws(SignalError) -> (frequencies: [Double], gains: [Double]) {
    let count = frequencies.count
    let ascends = zip(frequencies, frequencies.dropFirst()).allSatisfy { $0 <= $1 }
    let repeatsTwice = zip(frequencies, frequencies.dropFirst(2)).allSatisfy { $0 < $1 }
    guard count >= 2, gains.count == count, gains.allSatisfy(\.isFinite), frequencies[0] == 0, frequencies[count - 1] == nyquist, ascends,
      repeatsTwice, frequencies[1] > 0, frequencies[count - 2] < nyquist
    else {
      throw SignalError(
        .invalidFrequency,
        "\(gains.count) gains at \(frequencies) Hz; expected as many, finite, ascending from 0 to \(nyquist) Hz, none in between more than twice"
      )
    }
    var apart = frequencies
    for k in 0..<(count - 1) where apart[k] == apart[k + 1] {
      apart[k] -= Double.ulpOfOne * nyquist
      apart[k + 1] += Double.ulpOfOne * nyquist
    }
    return (apart, gains)
  }
}
