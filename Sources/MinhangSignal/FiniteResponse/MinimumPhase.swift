#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// From a linear-phase filter to the one of least delay with the same gain, or its square root.
public enum MinimumPhase {
  /// How the phase is found; both by a long transform, whose length is the next power of two from `200 · (taps − 1)` on.
  public enum Method: Sendable, Hashable {
    /// Through the cepstrum; half the taps and the square root of the gain. For filters of an odd number of taps.
    ///
    /// **Source:** Oppenheim & Schafer 2010, "Discrete-time signal processing", section 13.5.
    case homomorphic
    /// Through the cepstrum; as many taps and the same gain.
    case homomorphicFull
    /// By the discrete Hilbert transform, for equiripple filters of gain 1 and 0; half the taps and the square root of the gain.
    ///
    /// **Source:** Damera-Venkata & Evans 1999, "Optimal design of real and complex minimum phase digital FIR filters", ICASSP 3:1145.
    case hilbert
  }

  /// The filter of least delay; equals `scipy.signal.minimum_phase`.
  ///
  /// A zero on the unit circle has an infinite logarithm, which is cut off at 1e-7 of the smallest gain that was met: where the filter has such
  /// zeros at the transform's own frequencies, that gain is rounding, and only about six digits of the result mean something.
  ///
  /// - Parameters:
  ///   - filter: Symmetric, of 3…100000 taps.
  ///   - method: How.
  /// - Throws: `SignalError` with `.invalidLength`, or `.invalidParameter` where the filter is zero or not symmetric.
  public static func filter(
    _ filter: FiniteImpulseResponse, method: Method = .homomorphic
  ) throws(SignalError) -> FiniteImpulseResponse {
    let taps = filter.taps
    guard (3...100_000).contains(taps.count) else {
      throw SignalError(.invalidLength, "a filter of \(taps.count) taps to make minimum-phase; expected 3…100000")
    }
    let largest = taps.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite, zip(taps, taps.reversed()).allSatisfy({ ($0 - $1).magnitude <= 1e-6 * largest }) else {
      throw SignalError(
        .invalidParameter, "a filter of \(taps.count) taps to make minimum-phase is zero or not symmetric; expected a symmetric one")
    }
    let length = 1 << Int(log2(Double(2 * (taps.count - 1)) / 0.01).rounded(.up))
    let transform = try ComplexFourierTransform(length: length)
    let padded = taps.map { ComplexNumber($0) } + Array(repeating: ComplexNumber(0), count: length - taps.count)
    let spectrum = transform.forward(padded)
    let half = taps.count / 2 + taps.count % 2
    let result =
      switch method {
      case .hilbert: hilbert(spectrum, delay: taps.count / 2, transform)
      case .homomorphic: homomorphic(spectrum, scale: 0.5, transform)
      case .homomorphicFull: homomorphic(spectrum, scale: 1, transform)
      }
    return FiniteImpulseResponse(
      taps: Array(result.prefix(method == .homomorphicFull ? taps.count : half)), sampleRate: filter.sampleRate)
  }

  /// The cepstrum folded onto its causal side.
  private static func homomorphic(_ spectrum: [ComplexNumber], scale: Double, _ transform: ComplexFourierTransform) -> [Double] {
    let magnitudes = spectrum.map(\.magnitude)
    let floor = 1e-7 * (magnitudes.filter { $0 > 0 }.min() ?? 0)
    let logarithms = magnitudes.map { ComplexNumber(log($0 + floor) * scale) }
    let length = transform.length
    let cepstrum = transform.backward(logarithms)
    let folded = cepstrum.enumerated().map { n, value in
      ComplexNumber(value.real / Double(length) * (n == 0 ? 1 : n < length / 2 ? 2 : 0))
    }
    let exponentials = transform.forward(folded).map { exp($0.real) * ComplexNumber(unitAtAngle: $0.imaginary) }
    return transform.backward(exponentials).map { $0.real / Double(length) }
  }

  /// The gain lifted so that it is not negative, its square root, and the phase that belongs to it.
  private static func hilbert(_ spectrum: [ComplexNumber], delay: Int, _ transform: ComplexFourierTransform) -> [Double] {
    let length = transform.length
    let gains = spectrum.enumerated().map { k, value in
      (value * ComplexNumber(unitAtAngle: Double(k) * (2 * Double.pi / Double(length) * Double(delay)))).real
    }
    let above = gains.max()! - 1
    let below = -gains.min()!
    let width = (1 + above + below).squareRoot() + (1 - above + below).squareRoot()
    let scale = 4 / (width * width)
    let magnitudes = gains.map { ($0 + below) * scale }.map { max(0, $0).squareRoot() + 1e-10 }
    let cepstrum = transform.backward(magnitudes.map { ComplexNumber(log($0)) })
    let signed = cepstrum.enumerated().map { n, value in
      let sign = n == 0 || n == length / 2 ? 0.0 : n < length / 2 ? 1 : -1
      return sign / Double(length) * value
    }
    let phases = transform.forward(signed)
    let response = zip(magnitudes, phases).map { magnitude, phase in
      magnitude * (exp(phase.real) * ComplexNumber(unitAtAngle: phase.imaginary))
    }
    return transform.backward(response).map { $0.real / Double(length) }
  }
}
