import CLAPACKE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Matrix {
  /// The lower triangular `L` with `A = L · Lᵀ` of a symmetric positive-definite matrix.
  ///
  /// Only the lower triangle is read.
  ///
  /// **Source:** LAPACK `dpotrf`.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite` with the order of the failing minor; `.notFinite`, `.outOfMemory`.
  public func choleskyFactor() throws(AlgebraError) -> Matrix {
    let operation = "Cholesky factor"
    LAPACK.requireSquare(self, in: operation)
    try LAPACK.requireFinite(self, in: operation)
    var factor = self
    guard rows > 0 else { return factor }
    // Column-major to LAPACK: its upper factor U with A = Uᵀ · U is our lower one.
    let status = LAPACK.call { LAPACKE_dpotrf(LAPACK_COL_MAJOR, 85, LAPACK.size(rows), &factor.values, LAPACK.size(rows)) }  // 'U'
    try LAPACK.check(status, in: operation)
    guard status == 0 else {
      throw AlgebraError(.notPositiveDefinite, "\(operation): not positive definite (minor \(status) of \(rows))")
    }
    for r in 0..<rows { for c in (r + 1)..<max(rows, r + 1) { factor.values[r * columns + c] = 0 } }
    return factor
  }

  /// The natural logarithm of the determinant of a symmetric positive-definite matrix.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite`; `.notFinite`, `.outOfMemory`.
  public func logDeterminant() throws(AlgebraError) -> Double {
    try choleskyFactor().diagonal.reduce(0) { $0 + 2 * log($1) }
  }
}
