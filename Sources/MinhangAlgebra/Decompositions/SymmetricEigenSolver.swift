import CLAPACKE

/// The eigenvalues and eigenvectors of one symmetric matrix after the other, all of one size, in memory that is taken once.
///
/// What `SymmetricEigen` gives, bit for bit (it runs this); for a live path, where `decompose` allocates nothing unless it fails.
public struct SymmetricEigenSolver: Sendable {
  /// Rows and columns of the matrices.
  public let size: Int
  /// Eigenvalues of the last matrix, ascending.
  public private(set) var values: [Double]
  /// Eigenvectors of the last matrix in columns, orthonormal, in the order of the values.
  public private(set) var vectors: Matrix

  private var rows: Matrix
  private var work: [Double]
  private var integerWork: [Int32]

  /// Takes the memory.
  ///
  /// - Parameter size: Rows and columns, not negative.
  public init(size: Int) {
    self.size = size
    values = [Double](repeating: 0, count: size)
    vectors = Matrix(rows: size, columns: size)
    rows = vectors
    (work, integerWork) = ([], [])
    guard size > 0 else { return }
    // A call with −1 asks for the sizes; they depend on the size of the matrix alone.
    var (best, bestInteger) = (0.0, Int32(0))
    let count = LAPACK.size(size)
    let status = LAPACK.call { LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 86, 76, count, nil, count, nil, &best, -1, &bestInteger, -1) }
    precondition(status == 0, "LAPACK does not tell the work space of dsyevd: \(status)")
    work = [Double](repeating: 0, count: Int(best))
    integerWork = [Int32](repeating: 0, count: Int(bestInteger))
  }

  /// Decomposes a symmetric matrix of the solver's size; only its upper triangle is read.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`; `values` and `vectors` are then of no use.
  public mutating func decompose(_ matrix: Matrix) throws(AlgebraError) {
    let operation = "symmetric eigenvalues"
    LAPACK.requireSquare(matrix, in: operation)
    precondition(matrix.rows == size, "\(operation) of \(matrix.rows) × \(matrix.columns) by a solver of size \(size)")
    try LAPACK.requireFinite(matrix, in: operation)
    guard size > 0 else { return }
    rows.copyElements(of: matrix)
    // Column-major to LAPACK: its lower triangle is our upper one, and its columns come back as our rows.
    let count = LAPACK.size(size)
    let (room, integerRoom) = (Int32(work.count), Int32(integerWork.count))
    let status = LAPACK.call {
      LAPACKE_dsyevd_work(
        LAPACK_COL_MAJOR, 86, 76, count, &rows.values, count, &values, &work, room, &integerWork, integerRoom)  // 'V', 'L'
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of \(size) × \(size): no convergence") }
    vectors.setTransposed(of: rows)
  }
}
