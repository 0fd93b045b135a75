import MinhangAlgebra
import MinhangCore

/// What artifact subspace reconstruction learnt from its calibration: a value, without a running state.
public struct FittedSubspaceReconstruction: Sendable, Hashable {
  /// Sampling rate of the calibration, Hz.
  public let sampleRate: Double
  /// The symmetric root of the clean covariance, `[channels × channels]`, µV after the shaping filter.
  public let mixing: Matrix
  /// In each row a principal axis of the clean signal times the largest clean amplitude along it, `[channels × channels]`.
  public let thresholds: Matrix
  /// The filter that the statistics, not the output, go through.
  public let shapingFilter: SectionedFilter
  /// What part of the calibration signal was used.
  public let cleanStretches: CleanStretches

  /// Number of channels.
  public var channelCount: Int { mixing.rows }

  /// Part of the channels whose directions may be reconstructed at a time.
  static let reconstructedFraction = 0.66

  /// The matrix that turns a sample of the signal into its reconstruction, for a covariance of shaped signal; nil where nothing is removed.
  func reconstruction(for covariance: Matrix) throws(AlgebraError) -> (matrix: Matrix, removed: Int)? {
    let n = channelCount
    let eigen = try covariance.symmetricEigen()
    let limits = thresholds * eigen.vectors
    // The directions of least power are never removed, whatever their limit.
    let kept = n - Int((Self.reconstructedFraction * Double(n) + 0.5).rounded(.down)) - 1
    let isKept = (0..<n).map { k in
      let limit = (0..<n).reduce(0.0) { $0 + limits[$1, k] * limits[$1, k] }
      return k < kept || eigen.values[k] < limit
    }
    let removed = isKept.count { !$0 }
    guard removed > 0 else { return nil }
    let axes = eigen.vectors.transposed()
    var seen = axes * mixing
    for r in 0..<n where !isKept[r] { for c in 0..<n { seen[r, c] = 0 } }
    return (mixing * (try seen.pseudoInverse(relativeCutoff: 1e-12)) * axes, removed)
  }
}
