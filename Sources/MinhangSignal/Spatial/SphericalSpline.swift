import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Purpose: interpolation of scalp potentials and their current source density by splines on a sphere.
// Source: Perrin, Pernier, Bertrand & Echallier 1989, "Spherical splines for scalp potential and current density mapping",
// Electroencephalogr. Clin. Neurophysiol. 72:184, and its corrigendum, 76:565 (1990).
// Priorities: the numbers of the reference implementation, then plain formulas: matrices have the size of the cap and are made once.

/// The functions of the spherical spline, as sums over Legendre polynomials.
struct SphericalSpline {
  /// The order `m` of the spline: how stiff it is.
  let stiffness: Double
  /// Legendre polynomials summed.
  let terms: Int

  /// - Throws: `SignalError` with `.invalidParameter`.
  init(stiffness: Double, terms: Int) throws(SignalError) {
    guard stiffness.isFinite, stiffness >= 0, (1...10_000).contains(terms) else {
      throw SignalError(
        .invalidParameter, "a spherical spline of stiffness \(stiffness) and \(terms) terms; expected at least 0, and 1…10000")
    }
    self.stiffness = stiffness
    self.terms = terms
  }

  /// `g(x) = 1 / 4π · Σ (2n + 1) / (n (n + 1))^m · P_n(x)`, the potential's spline: element `(a, b)` for the points `a` and `b`.
  func potentials(from a: [HeadPoint], to b: [HeadPoint]) -> Matrix { matrix(a, b, power: stiffness) }  // Eq. 3

  /// `h(x) = 1 / 4π · Σ (2n + 1) / (n (n + 1))^(m − 1) · P_n(x)`, its Laplacian with the sign of a source.
  func currents(from a: [HeadPoint], to b: [HeadPoint]) -> Matrix { matrix(a, b, power: stiffness - 1) }  // Eq. 5, corrected

  private func matrix(_ a: [HeadPoint], _ b: [HeadPoint], power: Double) -> Matrix {
    let factors = (1...terms).map { term in
      let n = Double(term)
      return (2 * n + 1) / (pow(n, power) * pow(n + 1, power) * (4 * Double.pi))
    }
    var result = Matrix(rows: a.count, columns: b.count)
    for (r, p) in a.enumerated() {
      for (c, q) in b.enumerated() { result[r, c] = Self.series(factors, at: max(-1, min(1, p.dot(q)))) }
    }
    return result
  }

  /// `Σ factors[n − 1] · P_n(x)` by the recurrence `(n + 1) P_(n + 1) = (2n + 1) x P_n − n P_(n − 1)`.
  private static func series(_ factors: [Double], at x: Double) -> Double {
    var (previous, current, sum) = (1.0, x, 0.0)
    for (k, factor) in factors.enumerated() {
      sum += factor * current
      let n = Double(k + 1)
      (previous, current) = (current, ((2 * n + 1) * x * current - n * previous) / (n + 1))
    }
    return sum
  }

  /// Points brought to length 1.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` for a point that is not finite or lies at the centre.
  static func unitSphere(_ points: [HeadPoint], called name: String) throws(SignalError) -> [HeadPoint] {
    for (i, point) in points.enumerated() where !(point.length.isFinite && point.length > 0) {
      throw SignalError(
        .invalidParameter,
        "position \(i) of \(name) is (\(point.x), \(point.y), \(point.z)); expected a finite point away from the centre of the head")
    }
    return points.map(\.normalized)
  }
}
