import MinhangCore

/// Trials cut out of filtered recordings, with their classes: `[trials × channels × samples]`.
///
/// Each trial is a `SignalBlock` whose memory is shared, not copied, by subsets. All trials have one shape. A set may hold, in place of the
/// windows, what the first steps of a pipeline made of them (`appliedSteps`): a covariance is much smaller than its window.
public struct Epochs: Sendable {
  /// Names of the channels, in the order of each trial's rows.
  public let channels: [String]
  /// Samples a second, Hz.
  public let sampleRate: Double
  /// The stretch of time around the cue.
  public let window: TrialWindow
  /// Samples of each window and channel; 0 without trials.
  public let sampleCount: Int
  /// Names of the classes; labels are indices into this.
  public let classes: [String]
  /// Steps that were applied to the windows; empty where the trials are the windows themselves.
  public let appliedSteps: [DecodingStep]
  /// The trials: windows, or what the applied steps made of them.
  public let values: [TrialValue]
  /// Index of each trial's class.
  public let labels: [Int]
  /// Where each trial comes from.
  public let origins: [TrialOrigin]

  /// Makes a set of trials.
  ///
  /// - Precondition: trials, labels and origins are as many, shapes are equal, labels are indices of classes.
  public init(
    channels: [String], sampleRate: Double, window: TrialWindow, classes: [String], trials: [SignalBlock], labels: [Int],
    origins: [TrialOrigin]
  ) {
    let length = trials.first?.sampleCount ?? 0
    precondition(
      trials.allSatisfy { $0.channelCount == channels.count && $0.sampleCount == length }, "trials of different shapes")
    self.init(
      channels: channels, sampleRate: sampleRate, window: window, sampleCount: length, classes: classes, appliedSteps: [],
      values: trials.map { .window($0) }, labels: labels, origins: origins)
  }

  init(
    channels: [String], sampleRate: Double, window: TrialWindow, sampleCount: Int, classes: [String], appliedSteps: [DecodingStep],
    values: [TrialValue], labels: [Int], origins: [TrialOrigin]
  ) {
    precondition(
      values.count == labels.count && values.count == origins.count,
      "\(values.count) trials, \(labels.count) labels, \(origins.count) origins")
    precondition(labels.allSatisfy { $0 >= 0 && $0 < classes.count }, "labels outside 0 ..< \(classes.count)")
    self.channels = channels
    self.sampleRate = sampleRate
    self.window = window
    self.sampleCount = sampleCount
    self.classes = classes
    self.appliedSteps = appliedSteps
    self.values = values
    self.labels = labels
    self.origins = origins
  }

  /// Number of trials.
  public var count: Int { values.count }

  /// The windows, `[channels × samples]` each, in µV; none where steps were applied to them.
  public var trials: [SignalBlock] {
    values.compactMap { value in
      if case .window(let block) = value { block } else { nil }
    }
  }

  /// The trials of the given indices, in that order.
  ///
  /// The signals are shared, not copied.
  public func subset(_ indices: [Int]) -> Epochs {
    Epochs(
      channels: channels, sampleRate: sampleRate, window: window, sampleCount: sampleCount, classes: classes, appliedSteps: appliedSteps,
      values: indices.map { values[$0] }, labels: indices.map { labels[$0] }, origins: indices.map { origins[$0] })
  }

  /// The same trials with other labels, as a permutation test needs them.
  public func relabeled(_ labels: [Int]) -> Epochs {
    Epochs(
      channels: channels, sampleRate: sampleRate, window: window, sampleCount: sampleCount, classes: classes, appliedSteps: appliedSteps,
      values: values, labels: labels, origins: origins)
  }

  /// How many trials each class has.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in labels { counts[label] += 1 }
    return counts
  }

  /// All samples of the windows in one array, `[trials × channels × samples]`, copied.
  public func contiguousSamples() -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count * channels.count * sampleCount)
    for trial in trials { for channel in channels.indices { values.append(contentsOf: trial.channel(channel)) } }
    return values
  }
}
