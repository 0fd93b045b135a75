import CLAPACKE

/// The largest eigenvalues of a symmetric tridiagonal matrix, with their vectors.
///
/// O(size · count) for the values and O(size · count²) for the vectors; nothing of the size of the whole matrix is made.
///
/// **Source:** LAPACK `dstebz` (bisection by Sturm counts) and `dstein` (inverse iteration). The sign of a vector is the solver's.
public struct SymmetricTridiagonalEigen: Sendable, Hashable {
  /// Eigenvalues, descending.
  public let values: [Double]
  /// Eigenvectors in rows, `[count × size]`, orthonormal, in the order of the values.
  public let vectors: Matrix

  /// Decomposes a matrix.
  ///
  /// - Parameters:
  ///   - diagonal: Elements `(i, i)`, at least one.
  ///   - offDiagonal: Elements `(i, i + 1)`, one fewer.
  ///   - count: How many of the largest eigenvalues, 1 … size.
  ///   - tolerance: Width of the interval that an eigenvalue is located in; 0: as narrow as the arithmetic allows. Where it is well below the
  ///     distance between eigenvalues, the vectors come out as exact, since each round of inverse iteration divides their error by the ratio of
  ///     the two, and half of the bisection is saved.
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public init(diagonal: [Double], offDiagonal: [Double], largest count: Int, tolerance: Double = 0) throws(AlgebraError) {
    let operation = "tridiagonal eigenvalues"
    let n = diagonal.count
    precondition(offDiagonal.count == n - 1, "\(operation): \(offDiagonal.count) elements beside a diagonal of \(n)")
    precondition((1...max(n, 1)).contains(count) && n > 0, "\(operation): \(count) of \(n)")
    for value in diagonal + offDiagonal where !value.isFinite {
      throw AlgebraError(.notFinite, "\(operation) of size \(n): an element is \(value); expected finite numbers")
    }
    let size = LAPACK.size(n)
    var (found, splits): (Int32, Int32) = (0, 0)
    var values = [Double](repeating: 0, count: n)
    var blocks = [Int32](repeating: 0, count: n)
    var ends = blocks
    // 'I': by index; 'B': ordered by block, as dstein wants it.
    var status = LAPACK.call {
      LAPACKE_dstebz(
        73, 66, size, 0, 0, size - Int32(count) + 1, size, tolerance, diagonal, offDiagonal, &found, &splits, &values, &blocks, &ends)
    }
    try LAPACK.check(status, in: operation)
    guard status == 0, Int(found) == count else {
      throw AlgebraError(.notConverged, "\(operation) of size \(n): \(found) of \(count) eigenvalues found")
    }
    // Column-major to LAPACK: a vector in a column is a row of ours.
    var vectors = [Double](repeating: 0, count: n * count)
    var failures = [Int32](repeating: 0, count: count)
    status = LAPACK.call {
      LAPACKE_dstein(LAPACK_COL_MAJOR, size, diagonal, offDiagonal, found, values, blocks, ends, &vectors, size, &failures)
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of size \(n): \(status) vectors did not converge") }
    let order = (0..<count).sorted { values[$0] > values[$1] }
    self.values = order.map { values[$0] }
    self.vectors = Matrix(rows: count, columns: n, order.flatMap { vectors[($0 * n)..<(($0 + 1) * n)] })
  }

  /// The vectors of eigenvalues that are known already.
  ///
  /// O(size · count²).
  ///
  /// - Parameters:
  ///   - diagonal: Elements `(i, i)`.
  ///   - offDiagonal: Elements `(i, i + 1)`, one fewer; none of them zero.
  ///   - values: Eigenvalues, ascending, each much nearer to the true one than its neighbours are.
  /// - Returns: One vector a row, `[count × size]`, orthonormal, in the order of the values.
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  ///
  /// **Source:** LAPACK `dstein` (inverse iteration).
  public static func vectors(diagonal: [Double], offDiagonal: [Double], values: [Double]) throws(AlgebraError) -> Matrix {
    let operation = "tridiagonal eigenvectors"
    let (n, count) = (diagonal.count, values.count)
    precondition(n > 0 && offDiagonal.count == n - 1, "\(operation): \(offDiagonal.count) elements beside a diagonal of \(n)")
    precondition((1...n).contains(count), "\(operation): \(count) of \(n)")
    for value in [diagonal, offDiagonal, values].joined() where !value.isFinite {
      throw AlgebraError(.notFinite, "\(operation) of size \(n): an element is \(value); expected finite numbers")
    }
    let size = LAPACK.size(n)
    // LAPACKE looks for NaN in as many values as there are rows.
    let padded = values + [Double](repeating: 0, count: n - count)
    // One block that ends at the last row.
    let blocks = [Int32](repeating: 1, count: n)
    let ends = [size] + [Int32](repeating: 0, count: n - 1)
    var failures = [Int32](repeating: 0, count: count)
    var vectors = Matrix(rows: count, columns: n)
    // Column-major to LAPACK: a vector in a column is a row of ours.
    let status = LAPACK.call {
      LAPACKE_dstein(
        LAPACK_COL_MAJOR, size, diagonal, offDiagonal, Int32(count), padded, blocks, ends, &vectors.values, size, &failures)
    }
    try LAPACK.check(status, in: operation)
    guard status == 0 else { throw AlgebraError(.notConverged, "\(operation) of size \(n): \(status) vectors did not converge") }
    return vectors
  }
}
