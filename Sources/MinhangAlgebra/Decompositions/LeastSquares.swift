import CLAPACKE

/// The shortest `X` of those that minimise `‖A · X − B‖`, and the rank that was found.
///
/// **Source:** LAPACK `dgelsd`, through the singular values; what SciPy's `lstsq` calls.
public struct LeastSquares: Sendable, Hashable {
  /// The solution, `[columns of A × columns of B]`.
  public let solution: Matrix
  /// Number of singular values of `A` that count.
  public let rank: Int
  /// Singular values of `A`, descending.
  public let singularValues: [Double]

  /// Solves.
  ///
  /// - Parameters:
  ///   - matrix: `A`.
  ///   - rightSide: `B`, one right side in each column.
  ///   - relativeCutoff: Singular values up to this times the largest count as zero; SciPy's default is the machine epsilon.
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public init(_ matrix: Matrix, _ rightSide: Matrix, relativeCutoff: Double = .ulpOfOne) throws(AlgebraError) {
    let operation = "least squares"
    precondition(matrix.rows == rightSide.rows, "\(operation) of \(matrix.rows) × \(matrix.columns) with \(rightSide.rows) rows")
    try LAPACK.requireFinite(matrix, in: operation)
    try LAPACK.requireFinite(rightSide, in: operation)
    let (m, n, sides) = (matrix.rows, matrix.columns, rightSide.columns)
    guard m > 0, n > 0, sides > 0 else {
      self.solution = Matrix(rows: n, columns: sides)
      self.rank = 0
      self.singularValues = []
      return
    }
    var work = matrix
    var solution = Matrix(rows: max(m, n), columns: sides)
    solution.values.replaceSubrange(0..<(m * sides), with: rightSide.values)
    var singularValues = [Double](repeating: 0, count: min(m, n))
    var rank: Int32 = 0
    let status = LAPACK.call {
      LAPACKE_dgelsd(
        LAPACK_ROW_MAJOR, LAPACK.size(m), LAPACK.size(n), LAPACK.size(sides), &work.values, LAPACK.size(n), &solution.values,
        LAPACK.size(sides), &singularValues, relativeCutoff, &rank)
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of \(m) × \(n): no convergence") }
    self.solution = Matrix(rows: n, columns: sides, Array(solution.values.prefix(n * sides)))
    self.rank = Int(rank)
    self.singularValues = singularValues
  }
}

extension Matrix {
  /// The shortest `X` of those that minimise `‖A · X − B‖`.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func leastSquares(_ rightSide: Matrix, relativeCutoff: Double = .ulpOfOne) throws(AlgebraError) -> LeastSquares {
    try LeastSquares(self, rightSide, relativeCutoff: relativeCutoff)
  }
}
