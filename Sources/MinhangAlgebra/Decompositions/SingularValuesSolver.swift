import CLAPACKE

/// The thin singular value decomposition of one matrix after the other, all of one shape, in memory that is taken once.
///
/// What `SingularValues` gives, bit for bit (it runs this); for a live path, where nothing is allocated unless a decomposition fails.
public struct SingularValuesSolver: Sendable {
  /// Rows of the matrices.
  public let rows: Int
  /// Columns of the matrices.
  public let columns: Int
  /// Left vectors of the last matrix in columns, `[rows × k]` with `k = min(rows, columns)`.
  public private(set) var left: Matrix
  /// Singular values of the last matrix, descending.
  public private(set) var values: [Double]
  /// Right vectors of the last matrix in rows, `[k × columns]`.
  public private(set) var rightTransposed: Matrix

  private var copy: Matrix
  private var work: [Double]
  private var integerWork: [Int32]
  private var leftTransposed: Matrix
  private var scaledTransposed: Matrix

  /// Takes the memory.
  ///
  /// - Parameters:
  ///   - rows: Not negative.
  ///   - columns: Not negative.
  public init(rows: Int, columns: Int) {
    let k = min(rows, columns)
    self.rows = rows
    self.columns = columns
    left = Matrix(rows: rows, columns: k)
    values = [Double](repeating: 0, count: k)
    rightTransposed = Matrix(rows: k, columns: columns)
    copy = Matrix(rows: rows, columns: columns)
    leftTransposed = Matrix(rows: k, columns: rows)
    scaledTransposed = Matrix(rows: columns, columns: k)
    work = []
    integerWork = [Int32](repeating: 0, count: 8 * k)
    guard k > 0 else { return }
    var best = 0.0
    let status = LAPACK.call {
      LAPACKE_dgesdd_work(
        LAPACK_COL_MAJOR, 83, LAPACK.size(columns), LAPACK.size(rows), nil, LAPACK.size(columns), nil, nil, LAPACK.size(columns), nil,
        LAPACK.size(k), &best, -1, nil)
    }
    precondition(status == 0, "LAPACK does not tell the work space of dgesdd: \(status)")
    work = [Double](repeating: 0, count: Int(best))
  }

  /// Decomposes a matrix of the solver's shape.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`; the results are then of no use.
  public mutating func decompose(_ matrix: Matrix) throws(AlgebraError) {
    let operation = "singular values"
    precondition(
      matrix.rows == rows && matrix.columns == columns,
      "\(operation) of \(matrix.rows) × \(matrix.columns) by a solver of \(rows) × \(columns)")
    try LAPACK.requireFinite(matrix, in: operation)
    guard !values.isEmpty else { return }
    copy.copyElements(of: matrix)
    // Column-major to LAPACK: it sees Aᵀ = V · S · Uᵀ, and hands back exactly the row-major Vᵀ and U.
    let (m, n, k, room) = (LAPACK.size(rows), LAPACK.size(columns), LAPACK.size(values.count), Int32(work.count))
    let status = LAPACK.call {
      LAPACKE_dgesdd_work(
        LAPACK_COL_MAJOR, 83, n, m, &copy.values, n, &values, &rightTransposed.values, n, &left.values, k, &work, room, &integerWork)
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of \(rows) × \(columns): no convergence") }
  }

  /// Writes the Moore–Penrose inverse of the last matrix; singular values up to `relativeCutoff` times the largest count as zero.
  ///
  /// - Parameter inverse: `[columns × rows]`.
  public mutating func setPseudoInverse(_ inverse: inout Matrix, relativeCutoff: Double = 1e-15) {
    let cutoff = (values.first ?? 0) * relativeCutoff
    scaledTransposed.setTransposed(of: rightTransposed)
    for i in values.indices {
      let factor = values[i] > cutoff ? 1 / values[i] : 0
      for r in 0..<columns { scaledTransposed.values[r * values.count + i] *= factor }
    }
    leftTransposed.setTransposed(of: left)
    inverse.setProduct(scaledTransposed, leftTransposed)
  }
}
