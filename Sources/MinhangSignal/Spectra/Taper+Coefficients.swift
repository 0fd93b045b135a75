#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Taper {
  /// The taper's values.
  ///
  /// - Parameter count: Number of samples; 0 gives nothing and 1 a single 1.
  /// - Returns: `count` values, periodic form. O(count).
  public func coefficients(count: Int) -> [Double] {
    precondition(count >= 0, "a taper of \(count) samples")
    guard count > 1 else { return Array(repeating: 1, count: count) }
    // One period: `count` samples of the symmetric window whose last sample has the index `count`.
    let last = Double(count)
    return (0..<count).map { value(at: Double($0), last: last) }
  }

  /// The symmetric window of `count` samples: what filters are designed with, `scipy.signal.get_window(name, count, fftbins=False)`.
  ///
  /// - Parameter count: Number of samples; 0 gives nothing and 1 a single 1.
  /// - Returns: `count` values. O(count).
  public func symmetricCoefficients(count: Int) -> [Double] {
    precondition(count >= 0, "a taper of \(count) samples")
    guard count > 1 else { return Array(repeating: 1, count: count) }
    return (0..<count).map { value(at: Double($0), last: Double(count - 1)) }
  }

  /// The symmetric window on 0…last.
  private func value(at n: Double, last: Double) -> Double {
    /// −1 at the first sample, 0 in the middle, 1 at the last.
    let position = 2 * n / last - 1
    let fromMiddle = (n - last / 2).magnitude
    switch self {
    case .boxcar: return 1
    case .triangular:
      // The triangle reaches zero outside: half a sample outside for an even number of samples, one sample outside for an odd one.
      let samples = Int(last) + 1
      let rising = min(n, last - n)
      return samples % 2 == 0 ? (2 * rising + 1) / Double(samples) : 2 * (rising + 1) / Double(samples + 1)
    case .bartlett: return 2 * min(n, last - n) / last
    case .hann: return Self.cosines([0.5, 0.5], at: position)
    case .hamming: return Self.cosines([0.54, 0.46], at: position)
    case .generalHamming(let alpha): return Self.cosines([alpha, 1 - alpha], at: position)
    case .blackman: return Self.cosines([0.42, 0.50, 0.08], at: position)
    case .blackmanHarris: return Self.cosines([0.35875, 0.48829, 0.14128, 0.01168], at: position)
    case .nuttall: return Self.cosines([0.3635819, 0.4891775, 0.1365995, 0.0106411], at: position)
    case .flatTop: return Self.cosines([0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368], at: position)
    case .cosine:
      return sin(Double.pi / (last + 1) * (n + 0.5))
    case .bartlettHann:
      let fraction = (n / last - 0.5).magnitude
      return 0.62 - 0.48 * fraction + 0.38 * cos(2 * Double.pi * fraction)
    case .parzen:
      let ratio = fromMiddle / ((last + 1) / 2)
      return fromMiddle <= last / 4 ? 1 - 6 * ratio * ratio * (1 - ratio) : 2 * (1 - ratio) * (1 - ratio) * (1 - ratio)
    case .bohman:
      let distance = position.magnitude
      return n == 0 || n == last ? 0 : (1 - distance) * cos(Double.pi * distance) + sin(Double.pi * distance) / Double.pi
    case .lanczos: return position == 0 ? 1 : sin(Double.pi * position) / (Double.pi * position)
    case .tukey(let alpha):
      let flank = alpha * last / 2
      let edge = min(n, last - n)
      return alpha <= 0 || edge >= flank ? 1 : 0.5 * (1 + cos(Double.pi * (edge / flank - 1)))
    case .kaiser(let beta): return Self.bessel(beta * (max(0, 1 - position * position)).squareRoot()) / Self.bessel(beta)
    case .gaussian(let deviation): return exp(-(fromMiddle * fromMiddle) / (2 * deviation * deviation))
    case .exponential(let constant): return exp(-fromMiddle / constant)
    }
  }

  /// `Σ a[k] cos(kπ·position)`: generalised cosine windows, centred.
  private static func cosines(_ amplitudes: [Double], at position: Double) -> Double {
    amplitudes.indices.reduce(0.0) { $0 + amplitudes[$1] * cos(Double($1) * Double.pi * position) }
  }

  /// The modified Bessel function of the first kind, order 0, by its power series: all terms are positive, so nothing cancels.
  ///
  /// **Source:** Abramowitz & Stegun 1964, 9.6.12.
  static func bessel(_ x: Double) -> Double {
    let quarter = x * x / 4
    var (term, sum, k) = (1.0, 1.0, 1.0)
    while term > sum * 0x1p-54 {
      term *= quarter / (k * k)
      sum += term
      k += 1
    }
    return sum
  }
}
