import MinhangAlgebra

// Goals: the diagonaliser of several covariance matrices at once, step for step as the field's reference runs it, so that its filters agree;
// convergence is reported, never assumed.
// Source: Pham 2000, "Joint approximate diagonalization of positive definite Hermitian matrices", SIAM J. Matrix Anal. Appl. 22:1136, section 3.

/// A matrix `V` that makes all `V · Cₖ · Vᵀ` nearly diagonal.
struct JointDiagonalization {
  /// The diagonaliser, one vector in each row.
  let diagonalizer: Matrix
  /// Whether the criterion fell below its threshold within the sweeps allowed.
  let converged: Bool

  /// Diagonalises positive-definite matrices of one size, with equal weights.
  ///
  /// - Parameters:
  ///   - matrices: At least one, `n × n`.
  ///   - threshold: The sweep that changes the criterion by less than `n(n−1)` times this is the last.
  ///   - sweeps: Most sweeps over all pairs.
  init(_ matrices: [Matrix], threshold: Double = 1e-6, sweeps: Int = 20) {
    let n = matrices[0].rows
    let count = Double(matrices.count)
    var work = matrices.map(\.values)
    var rotation = Matrix.identity(n).values
    var converged = n < 2
    for _ in 0..<sweeps where !converged {
      var criterion = 0.0
      for i in 1..<n {
        for j in 0..<i {
          var (g12, g21, omega21, omega12) = (0.0, 0.0, 0.0, 0.0)
          for matrix in work {
            let (first, second, across) = (matrix[i * n + i], matrix[j * n + j], matrix[j * n + i])
            g12 += across / first / count
            g21 += across / second / count
            omega21 += first / second / count
            omega12 += second / first / count
          }
          let omega = (omega12 * omega21).squareRoot()
          let ratio = (omega21 / omega12).squareRoot()
          let sum = (ratio * g12 + g21) / (omega + 1)
          let difference = (ratio * g12 - g21) / max(omega - 1, 1e-9)
          let h12 = sum + difference
          let h21 = (sum - difference) / ratio
          criterion += count * (g12 * h12 + g21 * h21) / 2
          let scale = 1 + (1 - h12 * h21).squareRoot()
          let (a, b) = (-h12 / scale, -h21 / scale)
          for k in work.indices { Self.rotate(&work[k], n, i, j, a, b) }
          Self.rotateRows(&rotation, n, i, j, a, b)
        }
      }
      // A criterion that is not finite can never come to rest.
      guard criterion.isFinite else { break }
      converged = criterion < Double(n * (n - 1)) * threshold
    }
    self.diagonalizer = Matrix(rows: n, columns: n, rotation)
    self.converged = converged
  }

  /// `T · C · Tᵀ` with `T` the identity but for `T[i, j] = a`, `T[j, i] = b`.
  private static func rotate(_ matrix: inout [Double], _ n: Int, _ i: Int, _ j: Int, _ a: Double, _ b: Double) {
    rotateRows(&matrix, n, i, j, a, b)
    matrix.withUnsafeMutableBufferPointer { values in
      for r in 0..<n {
        let (x, y) = (values[r * n + i], values[r * n + j])
        values[r * n + i] = x + a * y
        values[r * n + j] = b * x + y
      }
    }
  }

  private static func rotateRows(_ matrix: inout [Double], _ n: Int, _ i: Int, _ j: Int, _ a: Double, _ b: Double) {
    matrix.withUnsafeMutableBufferPointer { values in
      for c in 0..<n {
        let (x, y) = (values[i * n + c], values[j * n + c])
        values[i * n + c] = x + a * y
        values[j * n + c] = b * x + y
      }
    }
  }
}
