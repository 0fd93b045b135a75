import MinhangCore
import Testing

@testable import MinhangAlgebra

struct SymmetricTridiagonalEigenTests {
  @Test(arguments: [1, 2, 3, 10, 57])
  func `the largest eigenvalues and their vectors are those of the whole matrix`(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let diagonal = (0..<size).map { _ in generator.nextNormal() }
    let beside = (0..<(size - 1)).map { _ in generator.nextNormal() }
    var matrix = Matrix.diagonal(diagonal)
    for i in 0..<(size - 1) { (matrix[i, i + 1], matrix[i + 1, i]) = (beside[i], beside[i]) }
    let whole = try matrix.symmetricEigen()
    for count in Set([1, (size + 1) / 2, size]) {
      let found = try SymmetricTridiagonalEigen(diagonal: diagonal, offDiagonal: beside, largest: count)
      #expect(found.vectors.rows == count && found.vectors.columns == size)
      for k in 0..<count {
        // Rounding of an eigenproblem of norm about 5: size · ulp, times ten.
        let tolerance = 1e-14 * Double(size + 10)
        #expect((found.values[k] - whole.values[size - 1 - k]).magnitude < tolerance)
        let vector = found.vectors.row(k).map { $0 }
        let product = matrix * Matrix(rows: size, columns: 1, vector)
        for i in 0..<size { #expect((product[i, 0] - found.values[k] * vector[i]).magnitude < tolerance) }
        for j in 0...k {
          let inner = zip(vector, found.vectors.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
          #expect((inner - (j == k ? 1 : 0)).magnitude < tolerance)
        }
      }
    }
  }

  @Test func `known eigenvalues give the same vectors`() throws {
    var generator = SeededGenerator(seed: 5)
    let diagonal = (0..<30).map { _ in 10 * generator.nextNormal() }
    let beside = (0..<29).map { _ in 1 + generator.nextUniform() }
    let found = try SymmetricTridiagonalEigen(diagonal: diagonal, offDiagonal: beside, largest: 6)
    // Not quite the eigenvalues: 1e-4 of the distance between them.
    let near = found.values.reversed().map { $0 + 1e-4 }
    let vectors = try SymmetricTridiagonalEigen.vectors(diagonal: diagonal, offDiagonal: beside, values: near)
    for k in 0..<6 {
      let inner = zip(vectors.row(5 - k), found.vectors.row(k)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect((inner.magnitude - 1).magnitude < 1e-12)  // rounding
    }
    #expect(throws: AlgebraError.self) {
      try SymmetricTridiagonalEigen.vectors(diagonal: diagonal, offDiagonal: beside, values: [.nan])
    }
  }

  @Test func `what is not finite is refused`() {
    #expect(throws: AlgebraError.self) { try SymmetricTridiagonalEigen(diagonal: [1, .nan], offDiagonal: [0], largest: 1) }
    #expect(throws: AlgebraError.self) { try SymmetricTridiagonalEigen(diagonal: [1, 2], offDiagonal: [.infinity], largest: 1) }
  }
}
