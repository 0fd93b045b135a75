/// A digital filter as its zeros, poles and gain: `H(z) = gain · Π(z − zeros) / Π(z − poles)`.
public struct ZerosPolesGain: Sendable, Hashable {
  /// Zeros in the z-plane, real or in conjugate pairs.
  public var zeros: [ComplexNumber]
  /// Poles in the z-plane, real or in conjugate pairs.
  public var poles: [ComplexNumber]
  /// Factor of the whole.
  public var gain: Double

  /// Makes a filter.
  public init(zeros: [ComplexNumber], poles: [ComplexNumber], gain: Double) {
    self.zeros = zeros
    self.poles = poles
    self.gain = gain
  }

  /// Whether every pole lies inside the unit circle.
  public var isStable: Bool { poles.allSatisfy { $0.magnitude < 1 } }
}
