#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Goals: functions of symmetric positive-definite matrices by their eigenvalues. Exactness first: each result is symmetric to the last bit;
// a matrix that is not positive definite is refused by its smallest eigenvalue, never turned into NaN.
// Source: Pennec, Fillard & Ayache 2006, "A Riemannian framework for tensor computing", section 3.

extension Matrix {
  /// The symmetric square root: `S · S = A`.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite`, `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func squareRoot() throws(AlgebraError) -> Matrix { try positiveFunction("square root") { $0.squareRoot() } }

  /// The inverse of the symmetric square root: `S · A · S = I`.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite`, `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func inverseSquareRoot() throws(AlgebraError) -> Matrix { try positiveFunction("inverse square root") { 1 / $0.squareRoot() } }

  /// The matrix logarithm.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite`, `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func logarithm() throws(AlgebraError) -> Matrix { try positiveFunction("matrix logarithm") { log($0) } }

  /// The matrix exponential of a symmetric matrix.
  ///
  /// - Throws: `AlgebraError` `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func exponential() throws(AlgebraError) -> Matrix { try symmetricEigen().mapped { exp($0) } }

  /// The real power of a symmetric positive-definite matrix.
  ///
  /// - Throws: `AlgebraError` `.notPositiveDefinite`, `.notFinite`, `.notConverged`, `.outOfMemory`.
  public func power(_ exponent: Double) throws(AlgebraError) -> Matrix { try positiveFunction("matrix power") { pow($0, exponent) } }

  private func positiveFunction(_ operation: String, _ function: (Double) -> Double) throws(AlgebraError) -> Matrix {
    let eigen = try symmetricEigen()
    guard let smallest = eigen.values.first else { return self }
    guard smallest > 0 else {
      throw AlgebraError(
        .notPositiveDefinite, "\(operation) of \(rows) × \(columns): the smallest eigenvalue is \(smallest); expected more than 0")
    }
    return eigen.mapped(function)
  }
}
