import CLAPACKE
import Synchronization

// Goals: the one fence to LAPACK and BLAS. Everything that is common to the calls is here: sizes as the library wants them, BLAS on one
// thread (our threads run across matrices; a fixed order of sums keeps the bits), one caller at a time where the library needs that, and its
// status numbers as errors.

enum LAPACK {
  /// Runs calls of BLAS or LAPACK; every one goes through here.
  ///
  /// A serial OpenBLAS is commonly built without the locks around its buffers (Debian's is): two threads inside it at a time spoil each other's
  /// results. There the calls are made one at a time. The build with threads has the locks; it is set to one thread.
  @inline(__always)
  static func call<Result: Sendable>(_ body: () -> Result) -> Result {
    isReentrant ? body() : turn.withLock { _ in body() }
  }

  /// Whether several threads may call the library at a time: only the build with POSIX threads promises it.
  ///
  /// Set up on the first call.
  static let isReentrant: Bool = {
    openblas_set_num_threads(1)
    return openblas_get_parallel() == 1  // 0: serial, 1: POSIX threads, 2: OpenMP
  }()

  private static let turn = Mutex<Void>(())

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
