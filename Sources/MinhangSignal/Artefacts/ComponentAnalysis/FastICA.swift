import MinhangAlgebra
import MinhangCore

/// The fixed-point iteration on whitened samples.
struct FastICA {
  /// Samples of a tile; sums run tile after tile.
  static let tile = 2048

  /// Whitened samples in tiles, each `[components × samples]`, and each transposed.
  private let tiles: [(values: Matrix, transposed: Matrix)]
  private let sampleCount: Int
  /// The orthogonal matrix from whitened samples to components.
  private(set) var rotation: Matrix
  private(set) var iterations = 0
  private(set) var converged = false

  init(_ tiles: [Matrix], seed: UInt64) {
    self.tiles = tiles.map { ($0, $0.transposed()) }
    sampleCount = tiles.reduce(0) { $0 + $1.columns }
    let n = tiles[0].rows
    var generator = SeededGenerator(seed: seed)
    rotation = Matrix(rows: n, columns: n, (0..<(n * n)).map { _ in generator.nextNormal() })
  }

  /// Iterates until no row turns any more.
  mutating func run(tolerance: Double, limit: Int) throws(AlgebraError) {
    rotation = try Self.decorrelated(rotation)
    while iterations < limit, !converged {
      iterations += 1
      let next = try Self.decorrelated(step())
      let turn = (0..<next.rows).reduce(0.0) { worst, r in
        let cosine = zip(next.row(r), rotation.row(r)).reduce(0.0) { $0 + $1.0 * $1.1 }
        return max(worst, (cosine.magnitude - 1).magnitude)
      }
      rotation = next
      converged = turn < tolerance
    }
  }

  /// Equation 20 for all rows: `E[g(w·z) z] − E[g′(w·z)] w` with `g = tanh`.
  private func step() -> Matrix {
    let n = rotation.rows
    var products = Matrix(rows: n, columns: n)
    var slopes = [Double](repeating: 0, count: n)
    for (values, transposed) in tiles {
      var outputs = rotation * values
      let width = outputs.columns
      outputs.withUnsafeMutableValues { outputs in
        for r in 0..<n {
          // tanh′ = 1 − tanh².
          slopes[r] += Double(width) - HyperbolicTangent.replace(outputs.baseAddress! + r * width, count: width)
        }
      }
      products += outputs * transposed
    }
    let scale = 1 / Double(sampleCount)
    return scale * products - Matrix.diagonal(slopes.map { $0 * scale }) * rotation
  }

  /// Equation 45: `(W · Wᵀ)^(−1/2) · W`.
  private static func decorrelated(_ matrix: Matrix) throws(AlgebraError) -> Matrix {
    try matrix.congruence(of: Matrix.identity(matrix.columns)).inverseSquareRoot() * matrix
  }
}
