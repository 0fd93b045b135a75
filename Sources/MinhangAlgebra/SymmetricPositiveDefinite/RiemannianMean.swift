import CLAPACKE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Goals: the mean of covariance matrices in their own geometry, with the steps and the stopping rule of the field's reference, so that results
// agree to its tolerance; the same bits for any number of threads. Left out: other starting points than the arithmetic mean, and step sizes by
// line search, which the step rule below makes unnecessary for covariance matrices.
// Sources: Moakher 2005, "A differential geometric approach to the geometric mean of symmetric positive-definite matrices", SIAM J. Matrix Anal.
// Appl. 26:735, eq. 3.13 (the mean is where Σ wₖ log(M⁻¹ Cₖ) = 0); Pennec, Fillard & Ayache 2006, section 3.5 (the iteration); the step rule is
// that of Congedo, Afsari, Barachant & Moakher 2015, "Approximate joint diagonalization and geometric mean of symmetric positive definite
// matrices", PLOS ONE 10:e0121423.

/// The affine-invariant (Riemannian, or geometric) mean of symmetric positive-definite matrices.
///
/// The matrix `M` that minimises `Σ wₖ δ(M, Cₖ)²`, with `δ(A, B) = ‖log(A^(−1/2) B A^(−1/2))‖`. The mean of `G Cₖ Gᵀ` is `G M Gᵀ` for any regular
/// `G`: a mixing of the channels does not change it. Equals `pyriemann.geometry.mean.mean_riemann` to the tolerance of the iteration.
///
/// Starts from the arithmetic mean and repeats `M ← L exp(ν J) Lᵀ` with `M = L Lᵀ` and `J = Σ wₖ log(L⁻¹ Cₖ L⁻ᵀ)`; any root `L` gives the same
/// `M`, so that the cheapest one is used. `ν` starts at 1, shrinks by 5 % after a step that made `ν ‖J‖` smaller, and to a half after one that did
/// not. O(matrices · size³) for each iteration.
public struct RiemannianMean: Sendable, Hashable {
  /// The mean, `[n × n]`, symmetric to the last bit.
  public let matrix: Matrix
  /// Whether the Frobenius norm of the gradient `J` fell to the tolerance within the iterations allowed.
  public let converged: Bool
  /// Iterations made.
  public let iterations: Int
  /// The Frobenius norm of `J` in the last iteration.
  public let gradientNorm: Double

  /// Computes the mean.
  ///
  /// - Parameters:
  ///   - matrices: At least one; symmetric, positive definite, all of one size.
  ///   - weights: One for each matrix, not negative, not all zero; only their proportions count. Nil: all the same.
  ///   - tolerance: The Frobenius norm of the gradient at which the iteration ends.
  ///   - maximumIterations: Most iterations, at least 1.
  ///   - threads: Most threads that the matrices are shared out over; the bits do not depend on it.
  /// - Throws: `AlgebraError` `.notPositiveDefinite` with the index of the matrix; `.notFinite`, `.notConverged` (of an eigenvalue solver),
  ///   `.outOfMemory`.
  public init(
    of matrices: [Matrix], weights: [Double]? = nil, tolerance: Double = 1e-8, maximumIterations: Int = 50, threads: Int = 1
  ) throws(AlgebraError) {
    let operation = "Riemannian mean"
    let n = try Self.commonSize(of: matrices, in: operation)
    let weights = Self.normalized(weights, count: matrices.count)
    precondition(maximumIterations >= 1, "\(operation) with \(maximumIterations) iterations; expected at least 1")
    var mean = Matrix(rows: n, columns: n)
    for (matrix, weight) in zip(matrices, weights) { mean += weight * matrix }
    mean = mean.symmetrized()
    var (step, smallest, norm) = (1.0, Double.greatestFiniteMagnitude, n == 0 ? 0 : Double.infinity)
    var iterations = 0
    while n > 0, iterations < maximumIterations, norm > tolerance, step > tolerance {
      iterations += 1
      let root = try mean.choleskyFactor()
      let whitening = try root.lowerTriangularInverse()
      let logarithms = try concurrentMap(count: matrices.count, threads: threads) { (k) throws(AlgebraError) in
        try (whitening * matrices[k] * whitening.transposed()).logarithmBySign(of: k, weight: weights[k], in: operation)
      }
      // In the order of the matrices, whoever computed them.
      var gradient = Matrix(rows: n, columns: n)
      for logarithm in logarithms { gradient += logarithm }
      mean = root.congruence(of: try (step * gradient).exponential())
      norm = gradient.frobeniusNorm
      if step * norm < smallest {
        smallest = step * norm
        step *= 0.95
      } else {
        step *= 0.5
      }
    }
    matrix = mean
    converged = norm <= tolerance
    gradientNorm = norm
    self.iterations = iterations
  }

  private static func commonSize(of matrices: [Matrix], in operation: String) throws(AlgebraError) -> Int {
    precondition(!matrices.isEmpty, "\(operation) of no matrices")
    let n = matrices[0].rows
    for (k, matrix) in matrices.enumerated() {
      precondition(
        matrix.rows == n && matrix.columns == n, "\(operation): matrix \(k) is \(matrix.rows) × \(matrix.columns); expected \(n) × \(n)")
      try LAPACK.requireFinite(matrix, in: "\(operation), matrix \(k)")
    }
    return n
  }

  private static func normalized(_ weights: [Double]?, count: Int) -> [Double] {
    guard let weights else { return [Double](repeating: 1 / Double(count), count: count) }
    let sum = weights.reduce(0, +)
    precondition(
      weights.count == count && weights.allSatisfy { $0 >= 0 } && sum > 0 && sum.isFinite,
      "\(weights.count) weights for \(count) matrices with a sum of \(sum); expected as many, none negative, not all zero")
    return weights.map { $0 / sum }
  }
}

extension Matrix {
  /// The inverse of a lower triangular matrix with no zero on its diagonal.
  fileprivate func lowerTriangularInverse() throws(AlgebraError) -> Matrix {
    var inverse = self
    // Column-major to LAPACK: its upper triangle is our lower one.
    let status = LAPACK.call {
      LAPACKE_dtrtri(LAPACK_COL_MAJOR, 85, 78, LAPACK.size(rows), &inverse.values, LAPACK.size(rows))  // 'U', 'N'
    }
    try LAPACK.check(status, in: "inverse of a triangle")
    return inverse
  }

  /// `weight · log(A)`, symmetric to the last bit, for the matrix number `index` of several.
  ///
  /// The eigenvectors come as rows in the order of their values: those with a negative logarithm first. So two rank-k updates of half the work of a
  /// product make the sum `Σ log λᵢ vᵢ vᵢᵀ`.
  fileprivate consuming func logarithmBySign(of index: Int, weight: Double, in operation: String) throws(AlgebraError) -> Matrix {
    let n = rows
    var vectors = self
    var values = [Double](repeating: 0, count: n)
    let size = LAPACK.size(n)
    let status = LAPACK.call { LAPACKE_dsyevd(LAPACK_COL_MAJOR, 86, 76, size, &vectors.values, size, &values) }  // 'V', 'L'
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation): the eigenvalues of matrix \(index) did not converge") }
    // Not "values[0] > 0": NaN from an overflow is refused too.
    guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw AlgebraError(
        .notPositiveDefinite, "\(operation): matrix \(index) is not positive definite (an eigenvalue of \(values[0]) after whitening)")
    }
    let negative = values.count { $0 < 1 }
    for i in 0..<n {
      let factor = log(values[i]).magnitude.squareRoot()
      for c in 0..<n { vectors.values[i * n + c] *= factor }
    }
    var result = Matrix(rows: n, columns: n)
    vectors.values.withUnsafeBufferPointer { rows in
      let base = rows.baseAddress!
      LAPACK.call {
        for (first, count, scale) in [(0, negative, -weight), (negative, n - negative, weight)] where count > 0 {
          cblas_dsyrk(
            CblasRowMajor, CblasLower, CblasTrans, size, LAPACK.size(count), scale, base + first * n, size, 1, &result.values, size)
        }
      }
    }
    for r in 0..<n { for c in 0..<r { result.values[c * n + r] = result.values[r * n + c] } }
    return result
  }
}
