import MinhangAlgebra

/// The reconstruction that a covariance calls for, covariance after covariance, in memory that is taken once.
///
/// Allocates nothing unless a decomposition fails.
struct ReconstructionSolver: Sendable {
  /// Turns a sample of the signal into its reconstruction, `[channels × channels]`; of use after `solve` returned a number above 0.
  private(set) var matrix: Matrix

  /// Part of the channels whose directions may be reconstructed at a time.
  static let reconstructedFraction = 0.66

  private let mixing: Matrix
  private let thresholds: Matrix
  private var eigen: SymmetricEigenSolver
  private var singular: SingularValuesSolver
  private var limits: Matrix
  private var axes: Matrix
  private var seen: Matrix
  private var inverse: Matrix
  private var isKept: [Bool]

  init(_ fitted: FittedSubspaceReconstruction) {
    let n = fitted.channelCount
    mixing = fitted.mixing
    thresholds = fitted.thresholds
    eigen = SymmetricEigenSolver(size: n)
    singular = SingularValuesSolver(rows: n, columns: n)
    matrix = Matrix(rows: n, columns: n)
    (limits, axes, seen, inverse) = (matrix, matrix, matrix, matrix)
    isKept = [Bool](repeating: true, count: n)
  }

  /// Sets `matrix` for a covariance of shaped signal, and returns the number of directions removed; nothing is set where that is 0.
  ///
  /// **Source:** Mullen et al. 2015, IEEE Trans. Biomed. Eng. 62:2553, section II-B: `M · (kept · Vᵀ · M)⁺ · Vᵀ`.
  mutating func solve(for covariance: Matrix) throws(AlgebraError) -> Int {
    let n = mixing.rows
    try eigen.decompose(covariance)
    limits.setProduct(thresholds, eigen.vectors)
    // The directions of least power are never removed, whatever their limit.
    let kept = n - Int((Self.reconstructedFraction * Double(n) + 0.5).rounded(.down)) - 1
    var removed = 0
    for k in 0..<n {
      var limit = 0.0
      for r in 0..<n { limit += limits[r, k] * limits[r, k] }
      isKept[k] = k < kept || eigen.values[k] < limit
      removed += isKept[k] ? 0 : 1
    }
    guard removed > 0 else { return 0 }
    axes.setTransposed(of: eigen.vectors)
    seen.setProduct(axes, mixing)
    for r in 0..<n where !isKept[r] { for c in 0..<n { seen[r, c] = 0 } }
    try singular.decompose(seen)
    singular.setPseudoInverse(&inverse, relativeCutoff: 1e-12)
    limits.setProduct(mixing, inverse)
    matrix.setProduct(limits, axes)
    return removed
  }
}
