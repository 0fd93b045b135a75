#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Chebyshev filters of type II (inverse): flat in the pass band, ripples of one height in the stopped band.
///
/// The edges are where the attenuation is first reached: the stopped band, not the pass band.
public enum ChebyshevII {
  /// Orders that can be designed.
  public static let orders = 1...100

  /// The analogue low-pass that reaches its attenuation at 1 rad/s.
  ///
  /// - Parameters:
  ///   - order: 1…100.
  ///   - stopbandAttenuation: Least loss in the stopped band, dB; above 0, at most 1000.
  /// - Throws: `SignalError` with `.invalidOrder` or `.invalidParameter`.
  ///
  /// **Source:** Parks & Burrus 1987, "Digital filter design", section 7.3: the inverses of type I poles, and zeros `i / sin(πm / 2N)`.
  public static func prototype(order: Int, stopbandAttenuation: Double) throws(SignalError) -> AnaloguePrototype {
    try FilterFamily.validate(order: order, in: orders, family: "a Chebyshev II")
    try FilterFamily.validate(decibels: stopbandAttenuation, called: "stop-band attenuation")
    let width = asinh(Decibels.powerExcess(stopbandAttenuation).squareRoot()) / Double(order)
    // An odd order has one zero at infinity, `m = 0`.
    let zeros = stride(from: -order + 1, to: order, by: 2).filter { $0 != 0 }.map { m in
      ComplexNumber(0, 1 / sin(Double(m) * Double.pi / Double(2 * order)))
    }
    let poles = EllipseOfPoles.hyperbolicSines(order: order, width: width).map { ComplexNumber(-1) / $0 }
    let one = ComplexNumber(1)
    let gain = (poles.reduce(one) { $0 * -$1 } / zeros.reduce(one) { $0 * -$1 }).real
    return AnaloguePrototype(zeros: zeros, poles: poles, gain: gain)
  }

  /// Designs a filter as second-order sections; the zeros, poles and gain of
  /// `scipy.signal.cheby2(order, stopbandAttenuation, edges, fs=sampleRate)`.
  ///
  /// - Parameters:
  ///   - order: 1…100; a band has `order` poles at each edge.
  ///   - stopbandAttenuation: Least loss in the stopped band, dB; above 0, at most 1000.
  ///   - band: What to let through, Hz; edges above 0 and below half the sampling rate, where the attenuation is reached.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidOrder`, `.invalidParameter` or `.invalidFrequency`.
  public static func filter(
    order: Int, stopbandAttenuation: Double, _ band: PassBand, sampleRate: Double
  ) throws(SignalError) -> SectionedFilter {
    try prototype(order: order, stopbandAttenuation: stopbandAttenuation).filter(band, sampleRate: sampleRate)
  }
}
