import MinhangCore

/// From where on an epoch is rejected, for one channel; nil: not looked at.
public struct RejectionLimits: Sendable, Hashable {
  /// Largest difference between the highest and the lowest sample, µV; rejected above it.
  public var maximumPeakToPeak: Double?
  /// Smallest difference between the highest and the lowest sample, µV; flat, and rejected, below it.
  public var minimumPeakToPeak: Double?
  /// Largest difference between neighbouring samples, µV; rejected above it.
  public var maximumGradient: Double?

  /// Makes limits.
  public init(maximumPeakToPeak: Double? = nil, minimumPeakToPeak: Double? = nil, maximumGradient: Double? = nil) {
    self.maximumPeakToPeak = maximumPeakToPeak
    self.minimumPeakToPeak = minimumPeakToPeak
    self.maximumGradient = maximumGradient
  }
}

/// Why a channel has an epoch rejected.
public enum RejectionReason: String, Sendable, Hashable, CaseIterable {
  /// A sample is NaN or infinite.
  case nonFinite = "non-finite"
  /// The range of the samples is too large.
  case peakToPeak = "peak-to-peak"
  /// The range of the samples is too small.
  case flat
  /// Two neighbouring samples differ too much.
  case gradient
}

/// One reason why one epoch is rejected.
public struct RejectionFinding: Sendable, Hashable {
  /// Place of the channel in the epoch.
  public let channel: Int
  /// The channel's name.
  public let name: String
  /// Why.
  public let reason: RejectionReason
  /// What was measured: µV, or the number of samples that are not finite.
  public let value: Double
  /// The limit that it breaks, in the same unit.
  public let limit: Double

  /// One line: which channel, what, how much, what was allowed.
  public var message: String {
    let place = "channel \(name.quotedForDisplay())"
    return switch reason {
    case .nonFinite: "\(place): \(Int(value)) samples are NaN or infinite"
    case .peakToPeak: "\(place): peak to peak \(value) \u{B5}V; at most \(limit) \u{B5}V"
    case .flat: "\(place): flat, peak to peak \(value) \u{B5}V; at least \(limit) \u{B5}V"
    case .gradient: "\(place): \(value) \u{B5}V from a sample to the next; at most \(limit) \u{B5}V"
    }
  }
}
