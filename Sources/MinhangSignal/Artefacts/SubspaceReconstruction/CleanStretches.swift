import MinhangCore

/// Finds the stretches of a calibration recording that hold no gross artefact.
///
/// The signal is cut into overlapping windows. In each channel a robust distribution is fitted to the windows' root mean squares, and each
/// window gets a score: how many standard deviations it lies from the clean mean. A window is left out
/// - where more than `badChannelFraction` of the channels score above `upperScore`,
/// - where more than that part scores below `lowerScore`,
/// - where the scores hardly differ between channels (median absolute deviation or standard deviation below 0.1).
///
/// A sample is kept if no window that was left out holds it.
///
/// **Source:** Kothe & Jung 2016 (US 14/895,440); the last criterion is meegkit's.
public struct CleanStretches: Sendable, Hashable {
  /// Ranges of samples that are kept, ascending, relative to the signal's first sample.
  public let kept: [Range<Int>]
  /// Number of windows, and of those left out.
  public let windowCount: Int
  /// Number of windows that were left out.
  public let rejectedWindowCount: Int

  /// Number of samples that are kept.
  public var sampleCount: Int { kept.reduce(0) { $0 + $1.count } }

  /// Scores above and below which a window is bad in a channel.
  static let scores = -3.5...5.0
  /// Scores that hardly differ between channels.
  private static let leastSpread = 0.1

  init(in signal: SignalBlock, sampleRate: Double, settings: ArtifactSubspaceReconstruction) {
    let channels = signal.channelCount
    let length = settings.windowLength(sampleRate: sampleRate)
    let step = settings.windowDuration * sampleRate * (1 - settings.windowOverlap)
    let windows = WindowedAmplitude(length: length, step: step, sampleCount: signal.sampleCount)
    let scores = (0..<channels).map { c in
      let amplitudes = windows.rootMeanSquares(of: signal.channel(c))
      guard
        let clean = AmplitudeDistribution(
          of: amplitudes, cleanFraction: settings.cleanFraction, dropoutFraction: settings.dropoutFraction)
      else { return [Double](repeating: .infinity, count: amplitudes.count) }
      return amplitudes.map { ($0 - clean.mean) / clean.deviation }
    }
    let badCount = Int((Double(channels) * settings.badChannelFraction).rounded(.toNearestOrAwayFromZero))
    var isKept = [Bool](repeating: true, count: signal.sampleCount)
    var rejected = 0
    for (w, start) in windows.starts.enumerated() {
      let here = scores.map { $0[w].isNaN ? .infinity : $0[w] }.sorted()
      let upper = here[max(channels - 1 - badCount, 0)]
      let lower = here[min(badCount, channels - 1)]
      let isFlat = OrderStatistics.medianAbsoluteDeviation(here) < Self.leastSpread || Self.deviation(here) < Self.leastSpread
      guard upper > Self.scores.upperBound || lower < Self.scores.lowerBound || isFlat else { continue }
      rejected += 1
      for i in start..<(start + windows.length) { isKept[i] = false }
    }
    kept = Self.ranges(isKept)
    windowCount = windows.starts.count
    rejectedWindowCount = rejected
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  private static func ranges(_ isKept: [Bool]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for i in 0...isKept.count where i == isKept.count || !isKept[i] {
      if i > start { ranges.append(start..<i) }
      start = i + 1
    }
    return ranges
  }

  /// The kept samples, joined: a calibration signal, not a recording.
  func joined(_ signal: SignalBlock) -> SignalBlock {
    let count = sampleCount
    return SignalBlock(channelCount: signal.channelCount, sampleCount: count) { samples, stride in
      for c in 0..<signal.channelCount {
        let row = signal.channel(c)
        var target = samples + c * stride
        for range in kept {
          for i in range { (target + (i - range.lowerBound)).initialize(to: row[row.startIndex + i]) }
          target += range.count
        }
      }
    }
  }
}
