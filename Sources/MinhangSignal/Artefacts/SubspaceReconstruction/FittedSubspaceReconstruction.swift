import MinhangAlgebra

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
}
