#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bessel (Thomson) filters: the analogue delay is maximally flat, so a waveform keeps its shape.
///
/// The bilinear transform bends the delay: it is flat only well below half the sampling rate. There is no order selection for this family:
/// its attenuation grows without the pass band ever being bounded by a ripple, so that no order answers "so much loss here, so much
/// attenuation there" in closed form, and the reference implementation has none either.
public enum Bessel {
  /// Orders that can be designed.
  public static let orders = BesselPolynomial.degrees

  /// What the cutoff means.
  public enum Normalization: Sendable, Hashable, CaseIterable {
    /// The phase is half of its whole shift at the cutoff; far away the gain is that of a Butterworth filter of the same cutoff.
    case phase
    /// The group delay at 0 Hz is one over the (angular) cutoff.
    case delay
    /// −3 dB at the cutoff.
    case magnitude
  }

  /// The analogue low-pass with its cutoff at 1 rad/s.
  ///
  /// - Parameters:
  ///   - order: 1…30.
  ///   - normalization: What the cutoff means.
  /// - Throws: `SignalError` with `.invalidOrder`.
  ///
  /// **Source:** Thomson 1949, "Delay networks having maximally flat frequency characteristics", Proc. IEE 96:487.
  public static func prototype(order: Int, normalization: Normalization = .phase) throws(SignalError) -> AnaloguePrototype {
    try FilterFamily.validate(order: order, in: orders, family: "a Bessel")
    let poles = BesselPolynomial.zeros(degree: order).map { ComplexNumber(1) / $0 }
    // The last coefficient of the reverse polynomial, (2N)! / (N! 2^N) = 1 · 3 · 5 ⋯ (2N − 1): the gain of the filter with a delay of 1.
    let last = stride(from: 1, to: 2 * order, by: 2).reduce(1.0) { $0 * Double($1) }
    switch normalization {
    case .delay:
      return AnaloguePrototype(zeros: [], poles: poles, gain: last)
    case .phase:
      let scale = pow(10, -log10(last) / Double(order))
      return AnaloguePrototype(zeros: [], poles: poles.map { scale * $0 }, gain: 1)
    case .magnitude:
      let cutoff = halfPowerFrequency(poles: poles, gain: last)
      return AnaloguePrototype(zeros: [], poles: poles.map { 1 / cutoff * $0 }, gain: pow(cutoff, -Double(order)) * last)
    }
  }

  /// Designs a filter as second-order sections; the zeros, poles and gain of
  /// `scipy.signal.bessel(order, edges, fs=sampleRate, norm="phase" | "delay" | "mag")`.
  ///
  /// - Parameters:
  ///   - order: 1…30; a band has `order` poles at each edge.
  ///   - normalization: What the cutoff means.
  ///   - band: What to let through, Hz; edges above 0 and below half the sampling rate.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidOrder` or `.invalidFrequency`.
  public static func filter(
    order: Int, normalization: Normalization = .phase, _ band: PassBand, sampleRate: Double
  ) throws(SignalError) -> SectionedFilter {
    try prototype(order: order, normalization: normalization).filter(band, sampleRate: sampleRate)
  }

  /// Where the gain is `1/√2`, rad/s: the gain falls steadily, so halving the interval finds it to the last digit.
  private static func halfPowerFrequency(poles: [ComplexNumber], gain: Double) -> Double {
    func power(_ frequency: Double) -> Double {
      poles.reduce(gain * gain) { $0 / (ComplexNumber(0, frequency) - $1).squaredMagnitude }
    }
    var (below, above) = (0.0, 1.0)
    while power(above) > 0.5 { above *= 2 }
    while true {
      let middle = (below + above) / 2
      guard middle > below, middle < above else { return middle }
      if power(middle) > 0.5 { below = middle } else { above = middle }
    }
  }
}
