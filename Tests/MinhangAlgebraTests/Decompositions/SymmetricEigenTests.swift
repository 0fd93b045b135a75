import MinhangAlgebra
import Testing

struct SymmetricEigenTests {
  @Test(arguments: sizes)
  func `vectors and values rebuild the matrix and the vectors are orthonormal`(n: Int) throws {
    var random = RandomMatrices(seed: UInt64(n))
    let matrix = random.symmetric(n)
    let eigen = try matrix.symmetricEigen()
    #expect(distance(eigen.mapped { $0 }, matrix) <= tolerance(n, scale: matrix.frobeniusNorm))
    #expect(distance(eigen.vectors.transposed() * eigen.vectors, .identity(n)) <= tolerance(n))
    #expect(eigen.values == eigen.values.sorted())
  }

  /// `numpy.linalg.eigh([[2,-1,0],[-1,2,-1],[0,-1,2]])`: 2 − √2, 2, 2 + √2.
  @Test func `the eigenvalues of a known matrix`() throws {
    let eigen = try Matrix(rows: 3, columns: 3, [2, -1, 0, -1, 2, -1, 0, -1, 2]).symmetricEigen()
    for (value, exact) in zip(eigen.values, [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]) {
      #expect(abs(value - exact) <= tolerance(3, scale: 4))
    }
  }

  @Test func `an empty matrix has no values`() throws {
    #expect(try Matrix(rows: 0, columns: 0).symmetricEigen().values == [])
  }

  @Test func `a matrix that is not finite is refused by its element`() {
    #expect(
      throws: AlgebraError(
        .notFinite, "symmetric eigenvalues: element (1, 0) of 2 × 2 is nan; expected finite numbers")
    ) { try Matrix(rows: 2, columns: 2, [1, 0, .nan, 1]).symmetricEigen() }
  }
}

struct GeneralizedSymmetricEigenTests {
  @Test(arguments: sizes)
  func `the vectors diagonalise both matrices`(n: Int) throws {
    var random = RandomMatrices(seed: UInt64(100 + n))
    let a = random.symmetric(n)
    let b = random.positiveDefinite(n)
    let eigen = try Matrix.generalizedSymmetricEigen(a, b)
    let scale = a.frobeniusNorm * 100  // the condition number of b is in the tens
    #expect(distance(eigen.vectors.transposed() * b * eigen.vectors, .identity(n)) <= tolerance(n, scale: 100))
    #expect(distance(eigen.vectors.transposed() * a * eigen.vectors, .diagonal(eigen.values)) <= tolerance(n, scale: scale))
    #expect(eigen.values == eigen.values.sorted())
  }

  @Test func `a congruence of both matrices keeps the values`() throws {
    var random = RandomMatrices(seed: 9)
    let a = random.symmetric(12)
    let b = random.positiveDefinite(12)
    let change = random.positiveDefinite(12)
    let before = try Matrix.generalizedSymmetricEigen(a, b).values
    let after = try Matrix.generalizedSymmetricEigen(change.congruence(of: a), change.congruence(of: b)).values
    // The change multiplies the condition number of b by the square of its own, a few thousand.
    for (x, y) in zip(before, after) { #expect(abs(x - y) <= tolerance(12, scale: 1e5)) }
  }

  @Test func `a second matrix that is not positive definite is refused`() {
    #expect {
      try Matrix.generalizedSymmetricEigen(.identity(2), Matrix(rows: 2, columns: 2, [1, 2, 2, 1]))
    } throws: { ($0 as? AlgebraError)?.code == .notPositiveDefinite }
  }
}
