import MinhangAlgebra
import Testing

struct MatrixFunctionsTests {
  @Test(arguments: sizes)
  func `roots, logarithms and powers undo each other`(n: Int) throws {
    var random = RandomMatrices(seed: UInt64(400 + n))
    let matrix = random.positiveDefinite(n)
    let limit = tolerance(n, scale: 100)  // condition numbers of tens
    let root = try matrix.squareRoot()
    #expect(distance(root * root, matrix) <= limit)
    #expect(distance(try matrix.inverseSquareRoot().congruence(of: matrix), .identity(n)) <= limit)
    #expect(distance(try matrix.logarithm().exponential(), matrix) <= limit)
    #expect(distance(try matrix.power(0.5), root) <= limit)
    #expect(distance(try matrix.power(-1), try matrix.inverse()) <= limit * 100)
    #expect(root == root.transposed())
  }

  @Test func `the trace of the logarithm is the logarithm of the determinant`() throws {
    var random = RandomMatrices(seed: 14)
    let matrix = random.positiveDefinite(10)
    #expect(abs(try matrix.logarithm().trace - matrix.logDeterminant()) <= tolerance(10, scale: 100))
  }

  /// `scipy.linalg.sqrtm([[2, 1], [1, 2]])`, `scipy.linalg.logm` of the same (SciPy 1.17.1); exact: (√3 ± 1)/2 and ln(3)/2.
  @Test func `a known matrix`() throws {
    let matrix = Matrix(rows: 2, columns: 2, [2, 1, 1, 2])
    let root = Matrix(rows: 2, columns: 2, [1.366025403784439, 0.366025403784439, 0.366025403784439, 1.366025403784439])
    let logarithm = Matrix(rows: 2, columns: 2, [Double](repeating: 0.549306144334055, count: 4))
    // The goldens have 15 decimals.
    #expect(distance(try matrix.squareRoot(), root) <= 2e-15)
    #expect(distance(try matrix.logarithm(), logarithm) <= 2e-15)
  }

  @Test func `a matrix that is not positive definite is refused, never NaN`() {
    for matrix in [Matrix(rows: 2, columns: 2, [1, 2, 2, 1]), Matrix(rows: 2, columns: 2)] {
      #expect { try matrix.logarithm() } throws: { ($0 as? AlgebraError)?.code == .notPositiveDefinite }
      #expect { try matrix.inverseSquareRoot() } throws: { ($0 as? AlgebraError)?.code == .notPositiveDefinite }
    }
  }
}
