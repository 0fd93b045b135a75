#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Elliptic (Cauer) filters: ripples of one height in both bands, the steepest of all at a given order.
///
/// The edges are where the gain last leaves the ripple of the pass band.
public enum Elliptic {
  /// Orders that can be designed.
  ///
  /// Beyond this the zeros crowd at the edge closer than doubles can tell apart.
  public static let orders = 1...40

  /// The analogue low-pass that leaves its ripple at 1 rad/s.
  ///
  /// - Parameters:
  ///   - order: 1…40.
  ///   - passbandRipple: Loss at the deepest point of the ripple, dB; above 0.
  ///   - stopbandAttenuation: Least loss in the stopped band, dB; above `passbandRipple`, at most 1000.
  /// - Throws: `SignalError` with `.invalidOrder` or `.invalidParameter`.
  ///
  /// **Source:** Lutovac, Tošić & Evans 2001, "Filter design for signal processing", chapters 5 and 12; Orfanidis 2006, "Lecture notes on
  /// elliptic filter design", equations cited below.
  public static func prototype(order: Int, passbandRipple: Double, stopbandAttenuation: Double) throws(SignalError) -> AnaloguePrototype {
    try FilterFamily.validate(order: order, in: orders, family: "an elliptic")
    try FilterFamily.validate(ripple: passbandRipple, attenuation: stopbandAttenuation)
    let excess = Decibels.powerExcess(passbandRipple)  // ε²
    guard order > 1 else {
      let pole = -(1 / excess).squareRoot()
      return AnaloguePrototype(zeros: [], poles: [ComplexNumber(pole)], gain: -pole)
    }
    let discrimination = excess / Decibels.powerExcess(stopbandAttenuation)  // k₁² = (ε_pass / ε_stop)², Eq. 3
    let quarter1 = EllipticIntegral.complete(complement: 1 - discrimination)
    let (selectivity, complement) = Self.selectivity(order: order, discrimination: discrimination, quarter: quarter1)
    guard discrimination > 0, selectivity > 0, complement > 1e-200 else {
      throw SignalError(
        .invalidParameter,
        "an elliptic filter of order \(order) with \(passbandRipple) dB of ripple and \(stopbandAttenuation) dB of attenuation "
          + "is steeper or deeper than numbers can hold; expected a lower order or a smaller attenuation")
    }
    let quarter = EllipticIntegral.complete(complement: complement)

    // Zeros i / (k sn) and the poles that belong to them, one of each pair; an odd order has a real pole and a zero at infinity, at `j = 0`.
    let shift =
      quarter * EllipticIntegral.incomplete(tangent: 1 / excess.squareRoot(), complement: discrimination)
      / (Double(order) * quarter1)  // Eq. 65
    let v = EllipticIntegral.jacobi(shift, parameter: complement, complement: selectivity)
    var upper: (zeros: [ComplexNumber], poles: [ComplexNumber]) = ([], [])
    var real: [ComplexNumber] = []
    for j in stride(from: 1 - order % 2, to: order, by: 2) {
      let s = EllipticIntegral.jacobi(Double(j) * quarter / Double(order), parameter: selectivity, complement: complement)
      let scale = -1 / (1 - (s.dn * v.sn) * (s.dn * v.sn))
      let pole = ComplexNumber(scale * (s.cn * s.dn * v.sn * v.cn), scale * (s.sn * v.dn))
      if j == 0 {
        real.append(ComplexNumber(pole.real))
      } else {
        upper.zeros.append(ComplexNumber(0, 1 / (selectivity.squareRoot() * s.sn)))
        upper.poles.append(pole)
      }
    }
    let zeros = upper.zeros + upper.zeros.map(\.conjugate)
    let poles = real + upper.poles + upper.poles.map(\.conjugate)
    let one = ComplexNumber(1)
    let ratio = (poles.reduce(one) { $0 * -$1 } / zeros.reduce(one) { $0 * -$1 }).real
    // An even order has its gain at 0 Hz in a trough of the ripple.
    return AnaloguePrototype(zeros: zeros, poles: poles, gain: order % 2 == 0 ? ratio / (1 + excess).squareRoot() : ratio)
  }

  /// Designs a filter as second-order sections; the zeros, poles and gain of
  /// `scipy.signal.ellip(order, passbandRipple, stopbandAttenuation, edges, fs=sampleRate)`.
  ///
  /// - Parameters:
  ///   - order: 1…40; a band has `order` poles at each edge.
  ///   - passbandRipple: Loss at the deepest point of the ripple, dB; above 0.
  ///   - stopbandAttenuation: Least loss in the stopped band, dB; above `passbandRipple`, at most 1000.
  ///   - band: What to let through, Hz; edges above 0 and below half the sampling rate.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidOrder`, `.invalidParameter` or `.invalidFrequency`.
  public static func filter(
    order: Int, passbandRipple: Double, stopbandAttenuation: Double, _ band: PassBand, sampleRate: Double
  ) throws(SignalError) -> SectionedFilter {
    try prototype(order: order, passbandRipple: passbandRipple, stopbandAttenuation: stopbandAttenuation)
      .filter(band, sampleRate: sampleRate)
  }

  /// The parameter `k²` whose ratio of quarter periods is the order's part of that of `k₁²`, and `1 − k²`: the degree equation (49) by nomes.
  private static func selectivity(order: Int, discrimination: Double, quarter: Double) -> (parameter: Double, complement: Double) {
    let conjugate = EllipticIntegral.complete(complement: discrimination)
    let exponent = -Double.pi * conjugate / (quarter * Double(order))
    // The series converges at once for a small nome; the complement has the nome of the exchanged quarter periods, and one of both is small.
    guard exponent > -Double.pi else {
      let parameter = parameter(nome: exp(exponent))
      return (parameter, 1 - parameter)
    }
    let complement = parameter(nome: exp(Double.pi * Double.pi / exponent))
    return (1 - complement, complement)
  }

  /// `16 q (Σ q^(n(n+1)) / (1 + 2 Σ q^(n²)))⁴`; for a nome of at most e⁻ᵖⁱ five terms are more than enough.
  private static func parameter(nome: Double) -> Double {
    let above = (0...4).reduce(0.0) { $0 + pow(nome, Double($1 * ($1 + 1))) }
    let below = 1 + 2 * (1...4).reduce(0.0) { $0 + pow(nome, Double($1 * $1)) }
    let ratio = above / below
    return 16 * nome * ratio * ratio * ratio * ratio
  }
}
