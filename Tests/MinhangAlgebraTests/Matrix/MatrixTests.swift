import MinhangAlgebra
import Testing

struct MatrixTests {
  @Test func `elements lie row after row`() {
    var matrix = Matrix(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6])
    #expect(matrix[1, 0] == 4)
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix.column(2) == [3, 6])
    #expect(matrix.diagonal == [1, 5])
    matrix[0, 1] = 9
    #expect(matrix.values == [1, 9, 3, 4, 5, 6])
    #expect(matrix.transposed().values == [1, 4, 9, 5, 3, 6])
  }

  @Test(arguments: [(1, 1, 1), (2, 3, 4), (5, 1, 7), (17, 9, 3), (0, 3, 2), (2, 0, 2), (33, 64, 65)])
  func `the product is the sum over the middle index`(m: Int, k: Int, n: Int) {
    var random = RandomMatrices(seed: 1)
    let a = random.matrix(m, k)
    let b = random.matrix(k, n)
    let product = a * b
    #expect(product.rows == m && product.columns == n)
    for r in 0..<m {
      for c in 0..<n {
        let direct = (0..<k).reduce(0.0) { $0 + a[r, $1] * b[$1, c] }
        // k roundings of terms of size ~1.
        #expect(abs(product[r, c] - direct) <= tolerance(k))
      }
    }
  }

  @Test func `transposing turns a product around`() {
    var random = RandomMatrices(seed: 2)
    let a = random.matrix(6, 9)
    let b = random.matrix(9, 4)
    #expect(distance((a * b).transposed(), b.transposed() * a.transposed()) <= tolerance(9))
    #expect(a.transposed().transposed() == a)
  }

  @Test func `the identity changes nothing`() {
    var random = RandomMatrices(seed: 3)
    let a = random.matrix(7, 7)
    #expect(a * Matrix.identity(7) == a)
    #expect(Matrix.identity(7) * a == a)
    #expect(a * [1, 0, 0, 0, 0, 0, 0] == a.column(0))
  }

  @Test func `a congruence of a symmetric matrix is symmetric to the last bit`() {
    var random = RandomMatrices(seed: 4)
    let a = random.matrix(5, 8)
    let result = a.congruence(of: random.symmetric(8))
    #expect(result == result.transposed())
  }

  @Test func `norms and traces`() {
    let matrix = Matrix(rows: 2, columns: 2, [3, -4, 0, 12])
    #expect(matrix.frobeniusNorm == 13)
    #expect(matrix.largestMagnitude == 12)
    #expect(matrix.trace == 15)
    #expect(!Matrix(rows: 1, columns: 2, [1, .nan]).isFinite)
    #expect(Matrix(rows: 0, columns: 0).largestMagnitude == 0)
  }
}
