import MinhangAlgebra
import MinhangCore

/// Random matrices for the laws, from a seed.
struct RandomMatrices {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, (0..<(rows * columns)).map { _ in generator.nextNormal() })
  }

  mutating func symmetric(_ n: Int) -> Matrix { matrix(n, n).symmetrized() }

  /// `G · Gᵀ / n + I/10`: positive definite, condition number of tens.
  mutating func positiveDefinite(_ n: Int) -> Matrix {
    let factor = matrix(n, n)
    return ((1 / Double(max(1, n))) * (factor * factor.transposed())).symmetrized() + 0.1 * Matrix.identity(n)
  }
}

/// The largest difference of two elements.
func distance(_ a: Matrix, _ b: Matrix) -> Double { (a - b).largestMagnitude }

/// `c · n · ε`: the backward error of LAPACK's dense solvers for a matrix of the given size and norm (LAPACK Users' Guide, section 4.1; the
/// constant 40 covers the modest polynomial of the analysis).
func tolerance(_ n: Int, scale: Double = 1) -> Double { 40 * Double(max(1, n)) * .ulpOfOne * max(scale, 1) }

let sizes = [1, 2, 3, 5, 8, 17, 32, 64]
