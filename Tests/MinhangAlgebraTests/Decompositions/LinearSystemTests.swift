import MinhangAlgebra
import Testing

struct LinearSystemTests {
  @Test(arguments: sizes)
  func `the solution solves and the inverse of the inverse is the matrix`(n: Int) throws {
    var random = RandomMatrices(seed: UInt64(200 + n))
    let matrix = random.positiveDefinite(n)
    let right = random.matrix(n, 3)
    // Condition numbers of tens: two digits more than the rounding of the solver.
    #expect(distance(matrix * (try matrix.solve(right)), right) <= tolerance(n, scale: 100))
    #expect(distance(try matrix.inverse().inverse(), matrix) <= tolerance(n, scale: 100))
    #expect(distance(matrix * (try matrix.inverse()), .identity(n)) <= tolerance(n, scale: 100))
  }

  @Test func `a matrix that is not symmetric is solved as it stands`() throws {
    let matrix = Matrix(rows: 2, columns: 2, [0, 2, 4, 0])
    #expect(try matrix.solve(Matrix(rows: 2, columns: 1, [2, 4])).values == [1, 1])
    #expect(try matrix.inverse().values == [0, 0.25, 0.5, 0])
  }

  @Test func `a singular matrix is refused`() {
    let matrix = Matrix(rows: 2, columns: 2, [1, 1, 1, 1])
    #expect { try matrix.inverse() } throws: { ($0 as? AlgebraError)?.code == .singular }
    #expect { try matrix.solve(.identity(2)) } throws: { ($0 as? AlgebraError)?.code == .singular }
  }
}

struct LeastSquaresTests {
  @Test func `the residual is orthogonal to the columns`() throws {
    var random = RandomMatrices(seed: 11)
    let matrix = random.matrix(20, 5)
    let right = random.matrix(20, 2)
    let result = try matrix.leastSquares(right)
    #expect(result.rank == 5)
    #expect(distance(matrix.transposed() * (matrix * result.solution), matrix.transposed() * right) <= tolerance(20, scale: 100))
  }

  @Test func `of many solutions it is the shortest, as the pseudo-inverse gives it`() throws {
    var random = RandomMatrices(seed: 12)
    let matrix = random.matrix(6, 2) * random.matrix(2, 5)
    let right = random.matrix(6, 1)
    let result = try matrix.leastSquares(right, relativeCutoff: 1e-13)
    #expect(result.rank == 2)
    #expect(distance(result.solution, try matrix.pseudoInverse(relativeCutoff: 1e-13) * right) <= tolerance(6, scale: 100))
  }
}

struct CholeskyTests {
  @Test(arguments: sizes)
  func `the factor is lower triangular and rebuilds the matrix`(n: Int) throws {
    var random = RandomMatrices(seed: UInt64(300 + n))
    let matrix = random.positiveDefinite(n)
    let factor = try matrix.choleskyFactor()
    #expect(distance(factor * factor.transposed(), matrix) <= tolerance(n, scale: matrix.frobeniusNorm))
    for r in 0..<n { for c in 0..<n where c > r { #expect(factor[r, c] == 0) } }
  }

  @Test func `the log-determinant adds up over products`() throws {
    var random = RandomMatrices(seed: 13)
    let a = random.positiveDefinite(9)
    let change = random.positiveDefinite(9)
    let sum = try a.logDeterminant() + 2 * change.logDeterminant()
    #expect(abs(try change.congruence(of: a).logDeterminant() - sum) <= tolerance(9, scale: 1e5))
  }

  @Test func `an indefinite matrix is refused`() {
    #expect(throws: AlgebraError(.notPositiveDefinite, "Cholesky factor: not positive definite (minor 2 of 2)")) {
      try Matrix(rows: 2, columns: 2, [1, 2, 2, 1]).choleskyFactor()
    }
  }
}
