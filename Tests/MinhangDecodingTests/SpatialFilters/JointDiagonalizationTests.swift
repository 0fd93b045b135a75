import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangDecoding

struct JointDiagonalizationTests {
  @Test(arguments: [2, 5, 9])
  func `matrices that share their diagonaliser are diagonalised`(n: Int) {
    var generator = SeededGenerator(seed: UInt64(n))
    let mixing = Matrix.identity(n) + 0.3 * Matrix(rows: n, columns: n, (0..<(n * n)).map { _ in generator.nextNormal() })
    let matrices = (0..<4).map { _ in
      mixing.congruence(of: .diagonal((0..<n).map { _ in 0.5 + 3 * generator.nextUniform() }))
    }
    let solution = JointDiagonalization(matrices)
    #expect(solution.converged)
    for matrix in matrices {
      let result = solution.diagonalizer.congruence(of: matrix)
      var rest = result
      for i in 0..<n { rest[i, i] = 0 }
      // The sweep that ends changes the criterion by less than 1e-6 a pair; the off-diagonal goes with its square root.
      #expect(rest.largestMagnitude < 1e-3 * result.largestMagnitude)
    }
  }

  @Test func `a single variable needs nothing`() {
    let solution = JointDiagonalization([Matrix(rows: 1, columns: 1, [3]), Matrix(rows: 1, columns: 1, [4])])
    #expect(solution.converged && solution.diagonalizer == .identity(1))
  }

  @Test func `too few sweeps are reported`() {
    var generator = SeededGenerator(seed: 8)
    let matrices = (0..<3).map { _ in
      let factor = Matrix(rows: 8, columns: 8, (0..<64).map { _ in generator.nextNormal() })
      return (factor * factor.transposed()).symmetrized() + 0.1 * Matrix.identity(8)
    }
    #expect(!JointDiagonalization(matrices, threshold: 1e-14, sweeps: 1).converged)
  }
}
