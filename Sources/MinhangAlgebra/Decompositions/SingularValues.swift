/// The thin singular value decomposition `A = U · diag(s) · Vᵀ`.
///
/// **Source:** LAPACK `dgesdd`, divide and conquer.
public struct SingularValues: Sendable, Hashable {
  /// Left vectors in columns, `[rows × k]` with `k = min(rows, columns)`.
  public let left: Matrix
  /// Singular values, descending, `k` of them.
  public let values: [Double]
  /// Right vectors in rows, `[k × columns]`: this is `Vᵀ`.
  public let rightTransposed: Matrix

  /// Decomposes a matrix.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public init(_ matrix: Matrix) throws(AlgebraError) {
    var solver = SingularValuesSolver(rows: matrix.rows, columns: matrix.columns)
    try solver.decompose(matrix)
    left = solver.left
    values = solver.values
    rightTransposed = solver.rightTransposed
  }

  /// Number of singular values above `max(rows, columns) · ε · largest`, as NumPy's `matrix_rank` counts.
  public var rank: Int {
    let cutoff = (values.first ?? 0) * Double(max(left.rows, rightTransposed.columns)) * Double.ulpOfOne
    return values.count(where: { $0 > cutoff })
  }
}

extension Matrix {
  /// The thin singular value decomposition `A = U · diag(s) · Vᵀ`, values descending.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func singularValues() throws(AlgebraError) -> SingularValues { try SingularValues(self) }

  /// The Moore–Penrose inverse; singular values up to `relativeCutoff` times the largest count as zero.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func pseudoInverse(relativeCutoff: Double = 1e-15) throws(AlgebraError) -> Matrix {
    var solver = SingularValuesSolver(rows: rows, columns: columns)
    try solver.decompose(self)
    var inverse = Matrix(rows: columns, columns: rows)
    solver.setPseudoInverse(&inverse, relativeCutoff: relativeCutoff)
    return inverse
  }
}
