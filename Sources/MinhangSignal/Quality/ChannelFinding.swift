/// What can be wrong with a channel's samples.
public enum ChannelDefect: String, Sendable, Hashable, CaseIterable {
  /// Samples that are NaN or infinite.
  case nonFinite = "non-finite"
  /// Stretches without any change.
  case flat
  /// Samples at an end of the amplifier's range.
  case atRail = "at-rail"
}

/// One thing that is wrong with one channel.
public struct ChannelFinding: Sendable, Hashable {
  /// Place of the channel in the blocks that were inspected.
  public let channel: Int
  /// The channel's name.
  public let name: String
  /// What is wrong.
  public let defect: ChannelDefect
  /// Number of samples concerned.
  public let count: Int
  /// Index of the first sample concerned, from the start of the recording.
  public let firstSample: Int
  /// One line: which channel, what, how much, since when.
  public let message: String
  /// Whether the channel should be left out unless the user says otherwise.
  public let isDisqualifying: Bool
}
