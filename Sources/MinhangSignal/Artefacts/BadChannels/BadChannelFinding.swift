import MinhangCore

/// What makes a channel bad.
public enum BadChannelCriterion: String, Sendable, Hashable, CaseIterable {
  /// Samples that are NaN or infinite in too many windows.
  case nonFinite = "non-finite"
  /// No movement in too many windows.
  case flat
  /// An amplitude far from that of the other channels.
  case deviation
  /// Much power above 50 Hz for its power below.
  case highFrequencyNoise = "high-frequency-noise"
  /// Too little in common with every other channel in too many windows.
  case correlation
  /// Much power at the line frequency for its power between 1 and 45 Hz.
  case lineNoise = "line-noise"
}

/// One thing that makes one channel bad, with its number.
public struct BadChannelFinding: Sendable, Hashable {
  /// Place of the channel in the blocks that were looked at.
  public let channel: Int
  /// The channel's name.
  public let name: String
  /// What is wrong.
  public let criterion: BadChannelCriterion
  /// What was measured: a part of the windows, a robust score, or a ratio of powers.
  public let value: Double
  /// What was still allowed, in the same unit.
  public let threshold: Double

  /// One line: which channel, what, how much, what was allowed.
  public var message: String {
    let place = "channel \(name.quotedForDisplay())"
    func rounded(_ value: Double) -> Double { value.magnitude < 1e9 ? (value * 1000).rounded() / 1000 : value }
    let (value, threshold) = (rounded(value), rounded(threshold))
    return switch criterion {
    case .nonFinite: "\(place): NaN or infinite in a part of \(value) of the windows; at most \(threshold)"
    case .flat: "\(place): flat in a part of \(value) of the windows; at most \(threshold)"
    case .deviation: "\(place): amplitude \(value) robust deviations from the channels' median; at most \(threshold)"
    case .highFrequencyNoise: "\(place): noise above 50 Hz \(value) robust deviations above the channels' median; at most \(threshold)"
    case .correlation: "\(place): correlates with no other channel in a part of \(value) of the windows; at most \(threshold)"
    case .lineNoise: "\(place): \(value) times as much power at the line as from 1 to 45 Hz; at most \(threshold)"
    }
  }
}
