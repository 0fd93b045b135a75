import MinhangAlgebra
import Testing

struct SingularValuesTests {
  @Test(arguments: [(1, 1), (3, 3), (5, 2), (2, 5), (17, 32), (64, 6), (0, 4)])
  func `the factors rebuild the matrix and are orthonormal`(m: Int, n: Int) throws {
    var random = RandomMatrices(seed: 5)
    let matrix = random.matrix(m, n)
    let parts = try matrix.singularValues()
    let k = min(m, n)
    #expect(parts.left.columns == k && parts.rightTransposed.rows == k)
    #expect(distance(parts.left * .diagonal(parts.values) * parts.rightTransposed, matrix) <= tolerance(m + n, scale: matrix.frobeniusNorm))
    #expect(distance(parts.left.transposed() * parts.left, .identity(k)) <= tolerance(m + n))
    #expect(distance(parts.rightTransposed * parts.rightTransposed.transposed(), .identity(k)) <= tolerance(m + n))
    #expect(parts.values == parts.values.sorted(by: >))
  }

  @Test func `the pseudo-inverse obeys Penrose's four equations, full rank or not`() throws {
    var random = RandomMatrices(seed: 6)
    for matrix in [random.matrix(7, 4), random.matrix(4, 7), random.matrix(6, 2) * random.matrix(2, 5)] {
      let inverse = try matrix.pseudoInverse(relativeCutoff: 1e-13)
      let limit = tolerance(7, scale: 100)
      #expect(distance(matrix * inverse * matrix, matrix) <= limit)
      #expect(distance(inverse * matrix * inverse, inverse) <= limit)
      #expect(distance(matrix * inverse, (matrix * inverse).transposed()) <= limit)
      #expect(distance(inverse * matrix, (inverse * matrix).transposed()) <= limit)
    }
  }

  @Test func `the rank counts what is there`() throws {
    var random = RandomMatrices(seed: 7)
    #expect(try (random.matrix(8, 3) * random.matrix(3, 6)).singularValues().rank == 3)
    #expect(try Matrix(rows: 3, columns: 3).singularValues().rank == 0)
    #expect(try Matrix.identity(5).singularValues().rank == 5)
  }
}
