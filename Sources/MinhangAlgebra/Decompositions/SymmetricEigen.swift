/// The eigenvalues and eigenvectors of a symmetric matrix: `A = V · diag(λ) · Vᵀ`.
///
/// **Source:** Cuppen 1981, divide and conquer (LAPACK `dsyevd`). Only the upper triangle is read. The sign of a vector is the solver's.
public struct SymmetricEigen: Sendable, Hashable {
  /// Eigenvalues, ascending.
  public let values: [Double]
  /// Eigenvectors in columns, orthonormal, in the order of the values.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public init(_ matrix: Matrix) throws(AlgebraError) {
    LAPACK.requireSquare(matrix, in: "symmetric eigenvalues")
    var solver = SymmetricEigenSolver(size: matrix.rows)
    try solver.decompose(matrix)
    values = solver.values
    vectors = solver.vectors
  }

  /// `V · diag(f(λ)) · Vᵀ`: a function of the matrix, symmetric to the last bit.
  public func mapped(_ function: (Double) -> Double) -> Matrix {
    var scaled = vectors
    let factors = values.map(function)
    let n = vectors.columns
    for r in 0..<n { for c in 0..<n { scaled.values[r * n + c] *= factors[c] } }
    return (scaled * vectors.transposed()).symmetrized()
  }
}

extension Matrix {
  /// Eigenvalues (ascending) and eigenvectors (columns) of a symmetric matrix.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func symmetricEigen() throws(AlgebraError) -> SymmetricEigen { try SymmetricEigen(self) }
}
