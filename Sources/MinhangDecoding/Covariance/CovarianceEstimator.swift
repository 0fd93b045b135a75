import MinhangAlgebra
import MinhangCore

// Goals, in this order: the field's definitions to the last digits (scikit-learn and pyRiemann agree to 1e-12); no copy beyond the one that
// takes the mean away; one pass each. All estimators take the mean of each channel away and divide by the number of samples.

/// How a covariance matrix is estimated from a few samples.
public enum CovarianceEstimator: String, Sendable, Hashable, CaseIterable {
  /// The sample covariance, `S = X·Xᵀ/n` of centred `X`. Singular where there are fewer samples than channels.
  case empirical
  /// Shrunk towards a multiple of the identity by the weight of Ledoit and Wolf.
  ///
  /// **Source:** Ledoit & Wolf 2004, "A well-conditioned estimator for large-dimensional covariance matrices", J. Multivar. Anal. 88:365,
  /// Lemmas 3.2–3.5.
  case ledoitWolf = "ledoit-wolf"
  /// Shrunk towards a multiple of the identity by the oracle-approximating weight.
  ///
  /// **Source:** Chen, Wiesel, Eldar & Hero 2010, "Shrinkage algorithms for MMSE covariance estimation", IEEE Trans. Signal Process.
  /// 58:5016, Eq. 23, without its `2/p` terms as the field computes it.
  case oas

  /// The covariance of the channels of a block, `[channels × channels]`.
  ///
  /// NaN or infinities in the block make the matrix not finite; a constant block makes it zero.
  ///
  /// - Parameters:
  ///   - block: `[channels × samples]`, at least one sample.
  ///   - workspace: Memory that is used again from call to call.
  public func covariance(of block: SignalBlock, using workspace: inout DecoderWorkspace) -> Matrix {
    block.withUnsafeStorage { storage, stride in
      covariance(of: storage, count: block.channelCount, length: block.sampleCount, stride: stride, using: &workspace).matrix
    }
  }

  /// The covariance of rows of memory, and the weight of the shrinkage, 0 … 1.
  ///
  /// - Parameters:
  ///   - rows: `[count × length]`; each row one variable.
  ///   - count: Number of variables.
  ///   - length: Number of observations.
  ///   - stride: Distance from row to row.
  ///   - workspace: Memory that is used again from call to call.
  func covariance(
    of rows: UnsafePointer<Double>, count: Int, length: Int, stride: Int, using workspace: inout DecoderWorkspace
  ) -> (matrix: Matrix, shrinkage: Double) {
    precondition(length > 0, "the covariance of no samples")
    return workspace.withCentered(rows, count: count, length: length, stride: stride) { centered in
      let sample = Matrix(gramOfRows: centered, count: count, length: length, stride: length, scale: 1 / Double(length))
      let shrinkage: Double
      switch self {
      case .empirical: shrinkage = 0
      case .oas: shrinkage = Shrinkage.oracleApproximating(of: sample, samples: length)
      case .ledoitWolf: shrinkage = Shrinkage.ledoitWolf(of: sample, centered: centered, samples: length)
      }
      return (Shrinkage.shrunk(sample, by: shrinkage), shrinkage)
    }
  }
}

/// The weights of shrinkage towards `μ·I` with `μ = trace(S)/p`.
enum Shrinkage {
  /// `(1 − ρ)·S + ρ·μ·I`: Ledoit & Wolf 2004 (14), Chen and others (4).
  static func shrunk(_ sample: Matrix, by weight: Double) -> Matrix {
    guard weight != 0 else { return sample }
    var result = sample
    let p = sample.rows
    let target = sample.trace / Double(p)
    result.withUnsafeMutableValues { values in
      for i in 0..<values.count { values[i] *= 1 - weight }
      for i in 0..<p { values[i * p + i] += weight * target }
    }
    return result
  }

  /// Chen and others 2010, equation 23: `ρ = min(1, (α + μ²) / ((n + 1)(α − μ²/p)))` with `α` the mean of the squared elements of `S`.
  static func oracleApproximating(of sample: Matrix, samples: Int) -> Double {
    let p = Double(sample.rows)
    guard sample.rows > 1 else { return 0 }
    let alpha = sumOfSquares(sample) / (p * p)
    let mean = sample.trace / p
    let numerator = alpha + mean * mean
    let denominator = (Double(samples) + 1) * (alpha - mean * mean / p)
    return denominator == 0 ? 1 : min(numerator / denominator, 1)
  }

  /// Ledoit & Wolf 2004, Lemmas 3.2–3.5: `ρ = min(β, δ)/δ`.
  static func ledoitWolf(of sample: Matrix, centered: UnsafePointer<Double>, samples: Int) -> Double {
    let p = sample.rows
    guard p > 1 else { return 0 }
    let n = Double(samples)
    // Σ over pairs of Σₜ xᵢₜ² xⱼₜ² is Σₜ (Σᵢ xᵢₜ²)²: no second product of matrices.
    var power = [Double](repeating: 0, count: samples)
    for row in 0..<p {
      let values = centered + row * samples
      for t in 0..<samples { power[t] += values[t] * values[t] }
    }
    let fourth = power.reduce(0) { $0 + $1 * $1 }
    let second = sumOfSquares(sample)
    let trace = sample.trace
    let mean = trace / Double(p)
    let delta = (second - 2 * mean * trace + Double(p) * mean * mean) / Double(p)
    let beta = min((fourth / n - second) / (Double(p) * n), delta)
    return beta == 0 ? 0 : beta / delta
  }

  private static func sumOfSquares(_ matrix: Matrix) -> Double {
    matrix.withUnsafeValues { values in
      // Eight sums, so that the order is fixed and the loop is wide.
      var sums = SIMD8<Double>.zero
      let whole = values.count & ~7
      for i in stride(from: 0, to: whole, by: 8) {
        var lane = SIMD8<Double>.zero
        for j in 0..<8 { lane[j] = values[i + j] }
        sums += lane * lane
      }
      return (whole..<values.count).reduce(sums.treeSum) { $0 + values[$1] * values[$1] }
    }
  }
}
