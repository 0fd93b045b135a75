import CLAPACKE

// Goals: the one fence to LAPACK and BLAS. Everything that is common to the calls is here: sizes as the library wants them, BLAS on one
// thread (our threads run across matrices; a fixed order of sums keeps the bits), and its status numbers as errors.

enum LAPACK {
  /// Called before the first BLAS or LAPACK call: where a threaded OpenBLAS is linked, it is set to one thread.
  @inline(__always)
  static func prepare() { _ = singleThread }

  private static let singleThread: Void = openblas_set_num_threads(1)

  /// A dimension as LAPACK's integer.
  @inline(__always)
  static func size(_ count: Int) -> Int32 {
    precondition(count <= Int(Int32.max), "LAPACK takes dimensions up to \(Int32.max), not \(count)")
    return Int32(count)
  }

  /// A leading dimension: at least 1.
  @inline(__always)
  static func leading(_ count: Int) -> Int32 { size(max(1, count)) }

  static func requireFinite(_ matrix: Matrix, in operation: String) throws(AlgebraError) {
    guard let index = matrix.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw AlgebraError(
      .notFinite,
      "\(operation): element (\(index / matrix.columns), \(index % matrix.columns)) of \(matrix.rows) × \(matrix.columns) is "
        + "\(matrix.values[index]); expected finite numbers")
  }

  static func requireSquare(_ matrix: Matrix, in operation: String) {
    precondition(matrix.isSquare, "\(operation) of a matrix of \(matrix.rows) × \(matrix.columns)")
  }

  /// Turns a negative status (no memory, or a bad argument, which is our mistake) into an error or a trap.
  ///
  /// Positive ones are the caller's.
  static func check(_ status: Int32, in operation: String) throws(AlgebraError) {
    if status >= 0 { return }
    if status == LAPACK_WORK_MEMORY_ERROR || status == LAPACK_TRANSPOSE_MEMORY_ERROR {
      throw AlgebraError(.outOfMemory, "\(operation): no memory for the solver's work space")
    }
    preconditionFailure("\(operation): LAPACK refuses argument \(-status)")
  }
}
