import CLAPACKE

/// The solutions of `A · v = λ · B · v` for a symmetric `A` and a symmetric positive-definite `B`.
///
/// The vectors are scaled so that `Vᵀ · B · V = I`, hence `Vᵀ · A · V = diag(λ)`.
/// **Source:** LAPACK `dsygvd`: Cholesky factor of `B`, then divide and conquer. Only the upper triangles are read.
public struct GeneralizedSymmetricEigen: Sendable, Hashable {
  /// Eigenvalues, ascending.
  public let values: [Double]
  /// Eigenvectors in columns, in the order of the values.
  public let vectors: Matrix

  /// Solves for a pair of matrices of one size.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite` for `B`; `.notFinite`, `.notConverged`, `.outOfMemory`.
  public init(_ a: Matrix, _ b: Matrix) throws(AlgebraError) {
    let operation = "generalized symmetric eigenvalues"
    LAPACK.requireSquare(a, in: operation)
    precondition(b.rows == a.rows && b.columns == a.columns, "\(operation) of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    try LAPACK.requireFinite(a, in: operation)
    try LAPACK.requireFinite(b, in: operation)
    let n = a.rows
    var vectors = a
    var factor = b
    var values = [Double](repeating: 0, count: n)
    if n > 0 {
      let size = LAPACK.size(n)
      let status = LAPACK.call {
        LAPACKE_dsygvd(LAPACK_COL_MAJOR, 1, 86, 76, size, &vectors.values, size, &factor.values, size, &values)  // 'V', 'L'
      }
      try LAPACK.check(status, in: operation)
      if status > n {
        throw AlgebraError(
          .notPositiveDefinite, "\(operation): the second matrix is not positive definite (minor \(Int(status) - n) of \(n))")
      }
      guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of \(n) × \(n): no convergence") }
    }
    self.values = values
    self.vectors = vectors.transposed()
  }
}

extension Matrix {
  /// The solutions of `A · v = λ · B · v`, values ascending, vectors in columns with `Vᵀ · B · V = I`.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite` for `B`; `.notFinite`, `.notConverged`, `.outOfMemory`.
  public static func generalizedSymmetricEigen(_ a: Matrix, _ b: Matrix) throws(AlgebraError) -> GeneralizedSymmetricEigen {
    try GeneralizedSymmetricEigen(a, b)
  }
}
