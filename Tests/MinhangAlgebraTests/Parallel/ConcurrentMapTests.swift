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

  @Test func `decompositions on several threads give the bits of one`() throws {
    var random = RandomMatrices(seed: 15)
    let matrices = (0..<64).map { _ in random.positiveDefinite(24) }
    let single = try concurrentMap(count: 64, threads: 1) { try matrices[$0].symmetricEigen() }
    for _ in 0..<5 {
      #expect(try concurrentMap(count: 64, threads: 4) { try matrices[$0].symmetricEigen() } == single)
    }
  }
}
