#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Goals: the quantiles of the generalised Gaussian distribution, to the last digits, for shapes of about 0.2…1 and parts below 1.
// Source: Abramowitz & Stegun 1964, 6.5.29 (series) and 6.5.31 (continued fraction); Newton steps kept inside a bracket.

/// The regularised lower incomplete gamma function and its inverse.
enum IncompleteGamma {
  /// `P(a, x) = (1 / Γ(a)) ∫₀ˣ t^(a−1) e^(−t) dt`, for `a > 0` and `x ≥ 0`.
  static func lower(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    let front = exp(a * log(x) - x) / tgamma(a)
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * Double.ulpOfOne / 4 {
        n += 1
        term *= x / n
        sum += term
      }
      return front * sum
    }
    // Lentz's evaluation of the continued fraction of the upper function.
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1...500 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      let factor = c * d
      h *= factor
      if (factor - 1).magnitude < Double.ulpOfOne { break }
    }
    return 1 - front * h
  }

  /// The `x` with `lower(a, x) = part`, for a part in 0 ..< 1.
  static func inverseLower(_ a: Double, _ part: Double) -> Double {
    precondition(a > 0 && part >= 0 && part < 1, "the inverse of P(\(a), x) = \(part)")
    guard part > 0 else { return 0 }
    var low = 0.0
    var high = 1.0
    while lower(a, high) < part { high *= 2 }
    var x = high / 2
    for _ in 0..<200 {
      let error = lower(a, x) - part
      if error > 0 { high = x } else { low = x }
      let slope = exp((a - 1) * log(x) - x) / tgamma(a)
      var next = x - error / slope
      if !(next > low && next < high) { next = (low + high) / 2 }
      if (next - x).magnitude <= 2 * Double.ulpOfOne * x { return next }
      x = next
    }
    return x
  }
}
