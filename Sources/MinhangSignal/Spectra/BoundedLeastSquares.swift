import MinhangAlgebra

/// Nonlinear least squares within bounds, by the method of Levenberg and Marquardt: deterministic, and stopped by the change of the parameters.
///
/// Each round solves `(JᵀJ + μ diag JᵀJ) δ = Jᵀr` over the parameters that are free (those at a bound that want to leave it are held), and clips
/// the step to the bounds. A step that makes the sum of squares smaller is taken and lowers `μ`, any other raises it.
///
/// **Source:** Marquardt 1963, J. Soc. Indust. Appl. Math. 11:431; Nielsen 1999, "Damping parameter in Marquardt's method", eq. 2.5; bounds by
/// projection: Kanzow et al. 2004, J. Comput. Appl. Math. 172:375.
struct BoundedLeastSquares {
  /// A model: its values and, for every parameter, the derivatives, at all points.
  typealias Model = (_ parameters: [Double]) -> (values: [Double], derivatives: [[Double]])

  let model: Model
  let observed: [Double]
  let lower: [Double]
  let upper: [Double]

  /// Most rounds; far more than a problem with a minimum takes.
  private static let rounds = 500

  /// The parameters at the minimum nearest to `start` downhill.
  ///
  /// - Returns: The parameters, and whether they stopped changing (to about 1e-12).
  func minimum(from start: [Double]) -> (parameters: [Double], converged: Bool) {
    let count = start.count
    var parameters = start.indices.map { min(max(start[$0], lower[$0]), upper[$0]) }
    var current = model(parameters)
    var error = sumOfSquares(current.values)
    var (damping, raise) = (1e-3, 2.0)
    for _ in 0..<Self.rounds {
      let residuals = zip(observed, current.values).map { $0 - $1 }
      // Half the downhill gradient.
      let slope = current.derivatives.map { dot($0, residuals) }
      let free = (0..<count).filter {
        !(parameters[$0] <= lower[$0] && slope[$0] < 0) && !(parameters[$0] >= upper[$0] && slope[$0] > 0)
      }
      guard !free.isEmpty else { return (parameters, true) }
      var normal = Matrix(rows: free.count, columns: free.count)
      for (i, a) in free.enumerated() {
        for (j, b) in free.enumerated() { normal[i, j] = dot(current.derivatives[a], current.derivatives[b]) }
        normal[i, i] = normal[i, i] * (1 + damping) + .leastNormalMagnitude
      }
      guard let change = try? normal.solve(Matrix(rows: free.count, columns: 1, free.map { slope[$0] })) else { return (parameters, false) }
      var candidate = parameters
      for (i, a) in free.enumerated() { candidate[a] = min(max(parameters[a] + change[i, 0], lower[a]), upper[a]) }
      let isStill = (0..<count).allSatisfy { (candidate[$0] - parameters[$0]).magnitude <= 1e-12 * (parameters[$0].magnitude + 1e-12) }
      if isStill { return (parameters, true) }
      let next = model(candidate)
      let nextError = sumOfSquares(next.values)
      if nextError < error {
        (parameters, current, error) = (candidate, next, nextError)
        damping = max(damping / 3, 1e-15)
        raise = 2
      } else {
        // Not downhill, or outside of what the model can compute.
        damping *= raise
        raise *= 2
        if damping > 1e30 { return (parameters, true) }
      }
    }
    return (parameters, false)
  }

  private func sumOfSquares(_ values: [Double]) -> Double {
    zip(observed, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
