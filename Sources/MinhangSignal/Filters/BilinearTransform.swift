#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// From the s-plane to the z-plane: `z = (4 + s) / (4 − s)`.
///
/// Analogue frequencies are counted in units of half the sampling rate (the sampling rate is 2), as the reference implementation does, so that
/// the numbers stay near 1 whatever the rate.
///
/// **Source:** Oppenheim & Schafer 2010, "Discrete-time signal processing", section 7.2.2.
enum BilinearTransform {
  /// The sampling rate is 2, so `2 · rate` is 4.
  private static let doubledRate = 4.0

  /// The analogue frequency that the transform brings to `frequency`.
  static func warped(frequency: Double, sampleRate: Double) -> Double {
    doubledRate * tan(Double.pi * (2 * frequency / sampleRate) / 2)
  }

  /// The digital counterpart of an analogue filter; zeros at infinity go to `z = −1`, half the sampling rate.
  static func digital(_ analogue: AnaloguePrototype) -> ZerosPolesGain {
    let rate = ComplexNumber(doubledRate)
    func moved(_ root: ComplexNumber) -> ComplexNumber { (rate + root) / (rate - root) }
    func distances(_ roots: [ComplexNumber]) -> ComplexNumber { roots.reduce(ComplexNumber(1)) { $0 * (rate - $1) } }
    return ZerosPolesGain(
      zeros: analogue.zeros.map(moved) + Array(repeating: ComplexNumber(-1), count: analogue.relativeDegree),
      poles: analogue.poles.map(moved),
      gain: analogue.gain * (distances(analogue.zeros) / distances(analogue.poles)).real)
  }
}
