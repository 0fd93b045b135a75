import MinhangCore

/// Event-related desynchronisation and synchronisation: how far the power of a band changes against a reference interval, in percent.
///
/// `ERD/ERS = (A − R) / R · 100` of trials that went through a band-pass before: `A` is the power at a sample, averaged over trials, `R` its mean
/// over the reference interval. Negative is desynchronisation. A channel without power in the reference interval is NaN or infinite, as is one with
/// samples that are not finite; no other channel is touched.
///
/// **Source:** Pfurtscheller & Lopes da Silva 1999, "Event-related EEG/MEG synchronization and desynchronization: basic principles", Clin.
/// Neurophysiol. 110:1842, section 3.
public struct EventRelatedDesynchronization: Sendable, Hashable {
  /// What counts as power.
  public enum Power: String, Sendable, Hashable, CaseIterable {
    /// The mean square over trials.
    case total
    /// The variance over trials (`n − 1`): without what is locked to the event, such as evoked potentials.
    case induced
  }

  /// Samples of the reference interval, counted from each trial's first.
  public let reference: Range<Int>
  /// What counts as power.
  public let power: Power
  /// Samples that the power is averaged over, centred, fewer at the ends; odd.
  public let smoothing: Int

  /// Makes a measure.
  ///
  /// - Parameters:
  ///   - reference: Samples of the reference interval, counted from each trial's first; not empty, not negative.
  ///   - power: What counts as power.
  ///   - smoothing: Samples that the power is averaged over, centred, fewer at the ends; odd, 1 for none.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(reference: Range<Int>, power: Power = .total, smoothing: Int = 1) throws(SignalError) {
    guard !reference.isEmpty, reference.lowerBound >= 0 else {
      throw SignalError(.invalidLength, "the reference interval is the samples \(reference); expected at least one sample, from 0 on")
    }
    guard smoothing >= 1, smoothing % 2 == 1 else {
      throw SignalError(.invalidLength, "the power is averaged over \(smoothing) samples; expected an odd number of at least 1")
    }
    self.reference = reference
    self.power = power
    self.smoothing = smoothing
  }

  /// The change in percent, of the shape of one trial.
  ///
  /// O(trials · channels · samples).
  ///
  /// - Parameter trials: `[channels × samples]` each, all of one shape; at least 1, or 2 for the induced power.
  /// - Throws: `SignalError` with `.tooShort` where there are too few trials or the reference interval lies outside them, `.invalidLength` where
  ///   their shapes differ.
  public func percent(of trials: [SignalBlock]) throws(SignalError) -> SignalBlock {
    let least = power == .total ? 1 : 2
    guard trials.count >= least else {
      throw SignalError(.tooShort, "\(trials.count) trials for the \(power) power of a band; expected at least \(least)")
    }
    let (channels, samples) = (trials[0].channelCount, trials[0].sampleCount)
    if let other = trials.first(where: { $0.channelCount != channels || $0.sampleCount != samples }) {
      throw SignalError(
        .invalidLength,
        "a trial of \(other.channelCount) × \(other.sampleCount) among trials of \(channels) × \(samples); expected one shape")
    }
    guard reference.upperBound <= samples else {
      throw SignalError(.tooShort, "the reference interval ends at sample \(reference.upperBound) of trials of \(samples) samples")
    }
    var result = SignalBlock(channelCount: channels, sampleCount: samples)
    for c in 0..<channels {
      let powers = smoothed(powers(of: trials, channel: c))
      let level = powers[reference].reduce(0, +) / Double(reference.count)
      for i in 0..<samples { result[channel: c, sample: i] = (powers[i] - level) / level * 100 }
    }
    return result
  }

  private func powers(of trials: [SignalBlock], channel: Int) -> [Double] {
    var mean = [Double](repeating: 0, count: trials[0].sampleCount)
    if power == .induced {
      for trial in trials { for (i, x) in trial.channel(channel).enumerated() { mean[i] += x } }
      for i in mean.indices { mean[i] /= Double(trials.count) }
    }
    var sum = [Double](repeating: 0, count: mean.count)
    for trial in trials { for (i, x) in trial.channel(channel).enumerated() { sum[i] += (x - mean[i]) * (x - mean[i]) } }
    let divisor = Double(power == .induced ? trials.count - 1 : trials.count)
    return sum.map { $0 / divisor }
  }

  private func smoothed(_ values: [Double]) -> [Double] {
    guard smoothing > 1 else { return values }
    let half = smoothing / 2
    return values.indices.map { i in
      let around = values[max(0, i - half)...min(values.count - 1, i + half)]
      return around.reduce(0, +) / Double(around.count)
    }
  }
}
