/// The reason why a matrix has no such decomposition.
///
/// Shapes that do not fit are mistakes of the program and trap; this error is for values: what the data made of the matrix.
public struct AlgebraError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Sendable, Hashable {
    /// The name of the code.
    public let name: String

    /// Makes a code.
    public init(_ name: String) { self.name = name }

    /// The matrix holds a NaN or an infinity.
    public static let notFinite = Code("not finite")
    /// The matrix has no inverse.
    public static let singular = Code("singular")
    /// The matrix is not positive definite.
    public static let notPositiveDefinite = Code("not positive definite")
    /// The iteration of the eigenvalue or singular value solver did not converge.
    public static let notConverged = Code("not converged")
    /// There is no memory for the solver's work space.
    public static let outOfMemory = Code("out of memory")
  }

  /// What went wrong.
  public let code: Code
  /// The whole sentence: what, where, value.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
