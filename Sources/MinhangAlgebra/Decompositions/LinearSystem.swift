import CLAPACKE

extension Matrix {
  /// The solution `X` of `A · X = B` for a square `A`.
  ///
  /// **Source:** LAPACK `dgesv`: LU factors with row exchanges.
  ///
  /// - Parameter rightSide: `B`, one right side in each column.
  /// - Throws: `AlgebraError` `.singular`, `.notFinite`, `.outOfMemory`.
  public func solve(_ rightSide: Matrix) throws(AlgebraError) -> Matrix {
    let operation = "linear system"
    LAPACK.requireSquare(self, in: operation)
    precondition(rightSide.rows == rows, "\(operation) of \(rows) × \(columns) with \(rightSide.rows) × \(rightSide.columns)")
    try LAPACK.requireFinite(self, in: operation)
    try LAPACK.requireFinite(rightSide, in: operation)
    var factors = self
    var solution = rightSide
    guard rows > 0, rightSide.columns > 0 else { return solution }
    var pivots = [Int32](repeating: 0, count: rows)
    let status = LAPACK.call {
      LAPACKE_dgesv(
        LAPACK_ROW_MAJOR, LAPACK.size(rows), LAPACK.size(rightSide.columns), &factors.values, LAPACK.leading(columns), &pivots,
        &solution.values, LAPACK.leading(rightSide.columns))
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.singular, "\(operation): singular matrix (pivot \(status) of \(rows) is zero)") }
    return solution
  }

  /// The inverse of a square matrix.
  ///
  /// **Source:** LAPACK `dgetrf`, `dgetri`.
  ///
  /// - Throws: `AlgebraError` `.singular`, `.notFinite`, `.outOfMemory`.
  public func inverse() throws(AlgebraError) -> Matrix {
    let operation = "inverse"
    LAPACK.requireSquare(self, in: operation)
    try LAPACK.requireFinite(self, in: operation)
    var result = self
    guard rows > 0 else { return result }
    let size = LAPACK.size(rows)
    var pivots = [Int32](repeating: 0, count: rows)
    // Column-major to LAPACK: the inverse of the transpose is the transpose of the inverse.
    var status = LAPACK.call { LAPACKE_dgetrf(LAPACK_COL_MAJOR, size, size, &result.values, size, &pivots) }
    try LAPACK.check(status, in: operation)
    if status == 0 { status = LAPACK.call { LAPACKE_dgetri(LAPACK_COL_MAJOR, size, &result.values, size, pivots) } }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.singular, "\(operation): singular matrix (pivot \(status) of \(rows) is zero)") }
    return result
  }
}
