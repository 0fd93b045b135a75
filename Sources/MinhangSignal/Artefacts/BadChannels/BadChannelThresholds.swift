/// From where on a channel is bad.
public struct BadChannelThresholds: Sendable, Hashable {
  /// Length of the windows, seconds.
  public var windowDuration = 1.0
  /// A window is flat where its highest and lowest sample differ by less than this, µV.
  public var flatPeakToPeak = 0.1
  /// A channel is bad when a larger part of its windows is flat.
  public var flatFraction = 0.1
  /// A channel is bad when a larger part of its windows holds samples that are not finite.
  public var nonFiniteFraction = 0.1
  /// Largest distance of a channel's amplitude from the median over channels, in robust standard deviations.
  public var deviationScore = 5.0
  /// Largest robust score of a channel's ratio of noise above 50 Hz to signal below.
  public var noiseScore = 5.0
  /// Smallest correlation with the others at which a window is good: the 98th percentile of the magnitudes.
  public var correlation = 0.4
  /// A channel is bad when a larger part of its windows correlates less.
  public var correlationFraction = 0.01
  /// Largest ratio of the power within 1 Hz of the line to the power from 1 to 45 Hz.
  public var lineRatio = 1.0

  /// The usual thresholds: those of the PREP pipeline where it has them.
  public init() {}
}
