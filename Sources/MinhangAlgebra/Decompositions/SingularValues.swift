import CLAPACKE

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
    let operation = "singular values"
    try LAPACK.requireFinite(matrix, in: operation)
    let m = matrix.rows
    let n = matrix.columns
    let k = min(m, n)
    var work = matrix
    var left = Matrix(rows: m, columns: k)
    var right = Matrix(rows: k, columns: n)
    var values = [Double](repeating: 0, count: k)
    // Column-major to LAPACK: it sees Aᵀ = V · S · Uᵀ, and hands back exactly the row-major Vᵀ and U.
    if k > 0 {
      let status = LAPACK.call {
        LAPACKE_dgesdd(
          LAPACK_COL_MAJOR, 83, LAPACK.size(n), LAPACK.size(m), &work.values, LAPACK.size(n), &values, &right.values, LAPACK.size(n),
          &left.values, LAPACK.size(k))  // 'S'
      }
      try LAPACK.check(status, in: operation)
      guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of \(m) × \(n): no convergence") }
    }
    self.left = left
    self.values = values
    self.rightTransposed = right
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
    let decomposition = try singularValues()
    let cutoff = (decomposition.values.first ?? 0) * relativeCutoff
    var scaled = decomposition.rightTransposed
    for (i, value) in decomposition.values.enumerated() {
      for c in 0..<columns { scaled.values[i * columns + c] *= value > cutoff ? 1 / value : 0 }
    }
    return scaled.transposed() * decomposition.left.transposed()
  }
}
