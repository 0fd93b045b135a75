import MinhangAlgebra
import Testing

struct ConcurrentMapTests {
  struct Odd: Error, Equatable { var index: Int }

  @Test(arguments: [-1, 0, 1, 2, 3, 16])
  func `the order does not depend on the threads`(threads: Int) {
    for count in [0, 1, 2, 7, 1000] {
      #expect(concurrentMap(count: count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }
  }

  @Test(arguments: [1, 2, 8])
  func `the lowest index that fails is the one reported`(threads: Int) {
    for _ in 0..<20 {
      #expect(throws: Odd(index: 101)) {
        try concurrentMap(count: 500, threads: threads) { (index) throws(Odd) -> Int in
          if index > 100 && index % 2 == 1 { throw Odd(index: index) }
          return index
        }
      }
    }
  }

  /// A serial OpenBLAS built without locks hands one buffer to two threads at a time: this is what would show it.
  @Test func `products and decompositions on several threads give the bits of one`() throws {
    var random = RandomMatrices(seed: 15)
    let rows = (0..<8).map { _ in random.matrix(64, 480) }
    let work: @Sendable (Int) throws(AlgebraError) -> [Matrix] = { (index) throws(AlgebraError) in
      let x = rows[index % rows.count]
      let gram = x.withUnsafeValues { Matrix(gramOfRows: $0.baseAddress!, count: 64, length: 480, stride: 480) }
      let eigen = try Matrix.generalizedSymmetricEigen(gram, gram + 480 * Matrix.identity(64))
      return [gram, eigen.vectors, x * x.transposed(), try gram.inverse(), try gram.leastSquares(eigen.vectors).solution]
    }
    let single = try concurrentMap(count: 24, threads: 1, work)
    for _ in 0..<4 { #expect(try concurrentMap(count: 24, threads: 4, work) == single) }
  }
}
