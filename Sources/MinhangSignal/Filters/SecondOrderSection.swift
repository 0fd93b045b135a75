/// One section of a digital filter: `H(z) = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²)`.
public struct SecondOrderSection: Sendable, Hashable {
  /// Weight of the present input.
  public var b0: Double
  /// Weight of the input one sample ago.
  public var b1: Double
  /// Weight of the input two samples ago.
  public var b2: Double
  /// Weight of the output one sample ago, subtracted.
  public var a1: Double
  /// Weight of the output two samples ago, subtracted.
  public var a2: Double

  /// Makes a section; the weight of the present output is 1.
  public init(b0: Double, b1: Double, b2: Double, a1: Double, a2: Double) {
    self.b0 = b0
    self.b1 = b1
    self.b2 = b2
    self.a1 = a1
    self.a2 = a2
  }

  /// Whether both poles lie inside the unit circle.
  ///
  /// **Source:** Jury 1964, the stability triangle: `|a2| < 1` and `|a1| < 1 + a2`.
  public var isStable: Bool { a2.magnitude < 1 && a1.magnitude < 1 + a2 }

  /// Gain for a constant input, `H(1)`.
  var constantGain: Double { (b0 + b1 + b2) / (1 + a1 + a2) }
}
