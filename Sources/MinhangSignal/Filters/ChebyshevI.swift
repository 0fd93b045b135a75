#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Chebyshev filters of type I: ripples of one height in the pass band, steeper than Butterworth at the same order.
///
/// The edges are where the gain last leaves the ripple, not the −3 dB points.
public enum ChebyshevI {
  /// Orders that can be designed.
  public static let orders = 1...100

  /// The analogue low-pass that leaves its ripple at 1 rad/s.
  ///
  /// - Parameters:
  ///   - order: 1…100.
  ///   - passbandRipple: Loss at the deepest point of the ripple, dB; above 0, at most 1000.
  /// - Throws: `SignalError` with `.invalidOrder` or `.invalidParameter`.
  ///
  /// **Source:** Parks & Burrus 1987, "Digital filter design", section 7.3: poles on an ellipse, `−sinh(μ + iπm / 2N)` with
  /// `μ = asinh(1/ε) / N`, `m = −N+1, −N+3, …, N−1`.
  public static func prototype(order: Int, passbandRipple: Double) throws(SignalError) -> AnaloguePrototype {
    try FilterFamily.validate(order: order, in: orders, family: "a Chebyshev I")
    try FilterFamily.validate(decibels: passbandRipple, called: "pass-band ripple")
    let excess = Decibels.powerExcess(passbandRipple)  // ε²
    let width = asinh(1 / excess.squareRoot()) / Double(order)
    let poles = EllipseOfPoles.hyperbolicSines(order: order, width: width).map { -$0 }
    let product = poles.reduce(ComplexNumber(1)) { $0 * -$1 }.real
    // An even order has its gain at 0 Hz in a trough of the ripple.
    let gain = order % 2 == 0 ? product / (1 + excess).squareRoot() : product
    return AnaloguePrototype(zeros: [], poles: poles, gain: gain)
  }

  /// Designs a filter as second-order sections; the zeros, poles and gain of `scipy.signal.cheby1(order, passbandRipple, edges, fs=sampleRate)`.
  ///
  /// - Parameters:
  ///   - order: 1…100; a band has `order` poles at each edge.
  ///   - passbandRipple: Loss at the deepest point of the ripple, dB; above 0, at most 1000.
  ///   - band: What to let through, Hz; edges above 0 and below half the sampling rate.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidOrder`, `.invalidParameter` or `.invalidFrequency`.
  public static func filter(
    order: Int, passbandRipple: Double, _ band: PassBand, sampleRate: Double
  ) throws(SignalError) -> SectionedFilter {
    try prototype(order: order, passbandRipple: passbandRipple).filter(band, sampleRate: sampleRate)
  }
}

/// Where the poles of Chebyshev's filters come from.
enum EllipseOfPoles {
  /// `sinh(width + iπm / 2N)` for `m = −N+1, −N+3, …, N−1`: points on an ellipse.
  static func hyperbolicSines(order: Int, width: Double) -> [ComplexNumber] {
    stride(from: -order + 1, to: order, by: 2).map { m in
      let angle = Double.pi * Double(m) / Double(2 * order)
      return ComplexNumber(sinh(width) * cos(angle), cosh(width) * sin(angle))
    }
  }
}
