import MinhangCore

/// Decides epoch by epoch (or window by window) whether it is clean enough, and says why not.
///
/// Peak-to-peak and flat limits mean what `reject` and `flat` mean for `mne.Epochs`. An epoch with samples that are not finite is rejected
/// whatever the limits. Nothing is learnt: the limits are given. Works on one epoch at a time.
public struct EpochRejection: Sendable, Hashable {
  /// The channels' names, in the order of the epochs' channels.
  public let names: [String]
  /// The limits of each channel; nil leaves the channel out.
  public let limits: [RejectionLimits?]

  /// Makes a rejection with limits for each channel.
  ///
  /// - Parameters:
  ///   - names: The channels' names.
  ///   - limits: One element a channel; nil leaves the channel out.
  public init(names: [String], limits: [RejectionLimits?]) {
    precondition(names.count == limits.count, "\(limits.count) limits for \(names.count) channels")
    self.names = names
    self.limits = limits
  }

  /// Makes a rejection with the same limits for the channels of some kinds; other channels are not looked at.
  public init(channels: [Channel], limits: RejectionLimits, kinds: Set<ChannelKind> = [.eeg]) {
    self.init(names: channels.map(\.name), limits: channels.map { kinds.contains($0.kind) ? limits : nil })
  }

  /// The reasons to reject an epoch, by channel; none: it is kept.
  ///
  /// One pass over the samples. An empty epoch has no reason.
  ///
  /// - Precondition: the epoch has as many channels as there are names.
  public func findings(in epoch: SignalBlock) -> [RejectionFinding] {
    precondition(epoch.channelCount == names.count, "an epoch of \(epoch.channelCount) channels for a rejection of \(names.count)")
    guard !epoch.isEmpty else { return [] }
    var findings: [RejectionFinding] = []
    for (c, limits) in limits.enumerated() {
      guard let limits else { continue }
      func add(_ reason: RejectionReason, _ value: Double, _ limit: Double) {
        findings.append(RejectionFinding(channel: c, name: names[c], reason: reason, value: value, limit: limit))
      }
      let range = Range(of: epoch.channel(c))
      if range.nonFinite > 0 {
        add(.nonFinite, Double(range.nonFinite), 0)
        continue
      }
      let width = range.highest - range.lowest
      if let limit = limits.maximumPeakToPeak, width > limit { add(.peakToPeak, width, limit) }
      if let limit = limits.minimumPeakToPeak, width < limit { add(.flat, width, limit) }
      if let limit = limits.maximumGradient, range.steepest > limit { add(.gradient, range.steepest, limit) }
    }
    return findings
  }

  /// What one pass over the samples finds.
  private struct Range {
    var lowest = Double.infinity
    var highest = -Double.infinity
    var steepest = 0.0
    var nonFinite = 0

    init(of samples: ArraySlice<Double>) {
      samples.withUnsafeBufferPointer { samples in
        var last = samples[0]
        for value in samples {
          if !value.isFinite { nonFinite += 1 }
          lowest = min(lowest, value)
          highest = max(highest, value)
          steepest = max(steepest, (value - last).magnitude)
          last = value
        }
      }
    }
  }
}
