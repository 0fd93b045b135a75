import Foundation
import MinhangAlgebra
import Testing

struct RiemannianMeanTests {
  /// The iteration ends at a gradient of 1e-12 here; the mean is then as near, times the condition numbers of tens.
  private static let limit = 1e-10

  private func mean(_ matrices: [Matrix], weights: [Double]? = nil, threads: Int = 1) throws -> Matrix {
    let result = try RiemannianMean(of: matrices, weights: weights, tolerance: 1e-12, threads: threads)
    #expect(result.converged)
    return result.matrix
  }

  private func matrices(_ count: Int, size: Int, seed: UInt64) -> [Matrix] {
    var random = RandomMatrices(seed: seed)
    return (0..<count).map { _ in random.positiveDefinite(size) }
  }

  // MARK: - Laws

  @Test(arguments: [1, 2, 5, 17])
  func `a change of coordinates goes through the mean`(n: Int) throws {
    let matrices = matrices(6, size: n, seed: UInt64(700 + n))
    var random = RandomMatrices(seed: 71)
    let mixing = random.matrix(n, n) + 3 * Matrix.identity(n)
    let mixed = try mean(matrices.map { mixing.congruence(of: $0) })
    let expected = mixing.congruence(of: try mean(matrices))
    #expect(distance(mixed, expected) <= Self.limit * expected.largestMagnitude)
  }

  @Test(arguments: [1, 2, 5, 17])
  func `the mean of the inverses is the inverse of the mean`(n: Int) throws {
    let matrices = matrices(6, size: n, seed: UInt64(720 + n))
    let expected = try mean(matrices).inverse()
    let found = try mean(matrices.map { try $0.inverse() })
    #expect(distance(found, expected) <= Self.limit * expected.largestMagnitude)
  }

  @Test func `the order of the matrices does not count, and weights are numbers of copies`() throws {
    let matrices = matrices(5, size: 6, seed: 73)
    let expected = try mean(matrices)
    #expect(distance(try mean(matrices.reversed()), expected) <= Self.limit)
    let repeated = try mean([matrices[0], matrices[0], matrices[0], matrices[1]])
    #expect(distance(try mean([matrices[0], matrices[1]], weights: [3, 1]), repeated) <= Self.limit)
    #expect(distance(try mean(matrices, weights: [7, 7, 7, 7, 7]), expected) <= Self.limit)
    #expect(distance(try mean(matrices, weights: [0, 0, 1, 0, 0]), matrices[2]) <= Self.limit)
  }

  @Test func `two matrices: the middle of the geodesic, in closed form`() throws {
    let pair = matrices(2, size: 8, seed: 74)
    let (root, whitening) = (try pair[0].squareRoot(), try pair[0].inverseSquareRoot())
    let middle = root.congruence(of: try whitening.congruence(of: pair[1]).squareRoot())
    #expect(distance(try mean(pair), middle) <= Self.limit * middle.largestMagnitude)
  }

  @Test func `diagonal matrices: the geometric mean of each element`() throws {
    let found = try mean([.diagonal([1, 4, 1e-6]), .diagonal([4, 9, 1e6])])
    // Relative to the largest element, 6; the spread of 1e12 takes the whitening's rounding up to 1e-12.
    #expect(distance(found, .diagonal([2, 6, 1])) <= Self.limit)
  }

  @Test func `threads do not change a bit, and the result is symmetric`() throws {
    let matrices = matrices(9, size: 12, seed: 75)
    let one = try mean(matrices)
    #expect(one == (try mean(matrices, threads: 2)))
    #expect(one == one.transposed())
  }

  // MARK: - Reference

  @Test func `equals pyRiemann`() throws {
    struct Content: Decodable {
      struct Case: Decodable {
        var size: Int
        var matrices: [[Double]]
        var weights: [Double]?
        var mean: [Double]
      }
      var sets: [Case]
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Goldens/riemannian-mean.json")
    let golden = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    var worst = 0.0
    for item in golden.sets {
      func matrix(_ values: [Double]) -> Matrix { Matrix(rows: item.size, columns: item.size, values) }
      let result = try RiemannianMean(of: item.matrices.map(matrix), weights: item.weights)
      #expect(result.converged)
      let expected = matrix(item.mean)
      worst = max(worst, distance(result.matrix, expected) / expected.largestMagnitude)
    }
    print("parity RiemannianMean pyriemann.geometry.mean.mean_riemann \(worst) (\(golden.sets.count) sets)")
    // The tolerance of both iterations.
    #expect(worst <= 1e-8)
  }

  // MARK: - Bad input

  @Test func `too few iterations are reported`() throws {
    let result = try RiemannianMean(of: matrices(5, size: 6, seed: 76), maximumIterations: 1)
    #expect(!result.converged && result.iterations == 1 && result.gradientNorm > 1e-8)
  }

  @Test func `a matrix that is not positive definite, or not finite, is refused by its index`() throws {
    let good = matrices(3, size: 2, seed: 77).map { 100 * $0 }
    #expect {
      try RiemannianMean(of: good + [Matrix(rows: 2, columns: 2, [1, 2, 2, 1])])
    } throws: {
      ($0 as? AlgebraError)?.code == .notPositiveDefinite && "\($0)".contains("matrix 3")
    }
    #expect {
      try RiemannianMean(of: good + [Matrix(rows: 2, columns: 2, [1, 0, 0, .nan])])
    } throws: {
      ($0 as? AlgebraError)?.code == .notFinite && "\($0)".contains("matrix 3")
    }
  }

  @Test func `matrices of no size have a mean of no size`() throws {
    let result = try RiemannianMean(of: [Matrix.identity(0)])
    #expect(result.converged && result.matrix.rows == 0)
  }
}
