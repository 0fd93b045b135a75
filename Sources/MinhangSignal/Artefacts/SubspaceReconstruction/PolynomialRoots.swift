/// The roots of a polynomial with real coefficients.
///
/// **Source:** Aberth 1973, "Iteration methods for finding all zeros of a polynomial simultaneously", Math. Comp. 27:339, equation 10.
enum PolynomialRoots {
  /// All roots of `c[0] zⁿ + c[1] zⁿ⁻¹ + … + c[n]`; those that are not real come as exact conjugates, next to each other.
  ///
  /// Good to about the square root of rounding where roots coincide. Meant for degrees up to some tens.
  ///
  /// - Parameter coefficients: Highest power first; the first one not zero.
  static func find(_ coefficients: [Double]) -> [ComplexNumber] {
    let degree = coefficients.count - 1
    guard degree > 0 else { return [] }
    precondition(coefficients[0] != 0, "a polynomial whose highest coefficient is zero")
    let c = coefficients.map { $0 / coefficients[0] }
    // Start on a circle inside Cauchy's bound, off the axes so that no symmetry is kept.
    let radius = max(1e-3, c.dropFirst().reduce(0) { max($0, $1.magnitude) }.squareRoot())
    var roots = (0..<degree).map { radius * ComplexNumber(unitAtAngle: 0.4 + 2 * Double.pi * Double($0) / Double(degree)) }
    for _ in 0..<200 {
      var largest = 0.0
      for i in 0..<degree {
        let (value, slope) = evaluate(c, at: roots[i])
        guard value.magnitude > 0 else { continue }
        let newton = value / slope
        var repulsion = ComplexNumber(0)
        for j in 0..<degree where j != i { repulsion = repulsion + ComplexNumber(1) / (roots[i] - roots[j]) }
        let step = newton / (ComplexNumber(1) - newton * repulsion)
        guard step.real.isFinite, step.imaginary.isFinite else { continue }
        roots[i] = roots[i] - step
        largest = max(largest, step.magnitude / max(roots[i].magnitude, 1e-12))
      }
      if largest < 2 * Double.ulpOfOne { break }
    }
    return conjugated(roots)
  }

  private static func evaluate(_ c: [Double], at z: ComplexNumber) -> (ComplexNumber, ComplexNumber) {
    var value = ComplexNumber(c[0])
    var slope = ComplexNumber(0)
    for coefficient in c.dropFirst() {
      slope = slope * z + value
      value = value * z + ComplexNumber(coefficient)
    }
    return (value, slope)
  }

  /// Makes pairs exact conjugates and nearly real roots real.
  private static func conjugated(_ roots: [ComplexNumber]) -> [ComplexNumber] {
    var left = roots.sorted { ($0.imaginary.magnitude, $0.real, $0.imaginary) < ($1.imaginary.magnitude, $1.real, $1.imaginary) }
    var result: [ComplexNumber] = []
    while !left.isEmpty {
      let root = left.removeLast()
      // The partner is the root nearest to the mirror image, unless the root itself is nearer: then it is real.
      let mirror = root.conjugate
      let own = 2 * root.imaginary.magnitude
      let nearest = left.indices.min { (left[$0] - mirror).magnitude < (left[$1] - mirror).magnitude }
      if let nearest, (left[nearest] - mirror).magnitude < own {
        let partner = left.remove(at: nearest)
        let real = (root.real + partner.real) / 2
        let imaginary = (root.imaginary.magnitude + partner.imaginary.magnitude) / 2
        result += [ComplexNumber(real, imaginary), ComplexNumber(real, -imaginary)]
      } else {
        result.append(ComplexNumber(root.real))
      }
    }
    return result
  }

  /// The coefficients, highest power first, of the polynomial `Π (z − root)` whose roots are real or in conjugate pairs.
  static func coefficients(of roots: [ComplexNumber]) -> [Double] {
    var c = [ComplexNumber(1)]
    for root in roots {
      var next = c + [ComplexNumber(0)]
      for i in c.indices { next[i + 1] = next[i + 1] - root * c[i] }
      c = next
    }
    return c.map(\.real)
  }
}
