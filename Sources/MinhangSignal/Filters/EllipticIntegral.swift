#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Purpose: the elliptic integrals and functions that elliptic filters are made of.
// Source: Abramowitz & Stegun 1964, chapters 16 and 17: everything by the arithmetic-geometric mean, whose digits double at each step.
// Priorities: all digits also where a parameter is near 0 or 1; hence both the parameter and its complement are taken.
// The parameter is `m = k²`.
enum EllipticIntegral {
  /// The complete integral of the first kind `K(m)`, given `1 − m`; infinite for 0.
  static func complete(complement: Double) -> Double {
    Double.pi / (2 * means(complement: complement).a.last!)  // 17.6.3
  }

  /// The incomplete integral of the first kind for the angle whose tangent is given: the inverse of `sc`.
  static func incomplete(tangent: Double, complement: Double) -> Double {
    // 17.6.8: each step doubles the angle and adds what the mean is off; all terms are positive.
    let means = means(complement: complement)
    var angle = atan(tangent)
    var doublings = 1.0
    for i in 0..<(means.a.count - 1) {
      let quadrants = (angle / Double.pi + 0.5).rounded(.down)
      angle += atan(means.b[i] / means.a[i] * tan(angle)) + quadrants * Double.pi
      doublings *= 2
    }
    return angle / (doublings * means.a.last!)
  }

  /// Jacobi's `sn`, `cn` and `dn` of `u`, given `m` and `1 − m`.
  static func jacobi(_ u: Double, parameter: Double, complement: Double) -> (sn: Double, cn: Double, dn: Double) {
    // 16.4: the angle of the last mean, where the functions are sines, then back.
    let means = means(complement: complement)
    let steps = means.a.count - 1
    var angle = Double(1 << steps) * means.a[steps] * u
    for i in stride(from: steps, to: 0, by: -1) {
      angle = (angle + asin(means.c[i] / means.a[i] * sin(angle))) / 2  // 16.4.3
    }
    let (sn, cn) = (sin(angle), cos(angle))
    return (sn, cn, (cn * cn + complement * sn * sn).squareRoot())
  }

  /// Arithmetic and geometric means from `(1, √complement)` until they agree, and half of their differences.
  private static func means(complement: Double) -> (a: [Double], b: [Double], c: [Double]) {
    var (a, b, c) = ([1.0], [complement.squareRoot()], [(1 - complement).squareRoot()])
    while c.last!.magnitude > 0x1p-53 * a.last!, a.count < 40 {
      let (x, y) = (a.last!, b.last!)
      a.append((x + y) / 2)
      b.append((x * y).squareRoot())
      c.append((x - y) / 2)
    }
    return (a, b, c)
  }
}
