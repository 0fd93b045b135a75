import MinhangCore

/// One line of the decision stream (`minhang.stream/1`): what happened, and at which sample.
///
/// All but `latency` depend on the input, the model and the options alone: not on speed, block size, threads or the time of day.
public enum StreamRecord: Sendable, Hashable {
  /// The first line: what is decoded, by what.
  case header(StreamHeader)
  /// The decoder's opinion of the window that ends at a sample.
  case decision(Decision)
  /// An event of the source.
  case event(StreamEvent)
  /// A whole trial: the decoder's opinion of just its window, beside the truth.
  case trial(TrialOutcome)
  /// A break in the samples: filters and windows started anew after it.
  case gap(StreamGap)
  /// Wall-clock figures of the run, only when asked for.
  case latency(LatencyReport)
  /// The last line: the counts.
  case summary(StreamSummary)
}

/// What is decoded, by what.
public struct StreamHeader: Sendable, Hashable {
  /// The name of the stream's schema.
  public static let schema = "minhang.stream/1"
  /// The source as the user named it; `-` for standard input.
  public var source: String
  /// SHA-256 of the source's bytes; nil where it has no end yet.
  public var sourceDigest: String?
  /// The other files of the source, such as those of its samples and its markers: path and SHA-256.
  public var sourceCompanions: [Companion] = []
  /// SHA-256 of the model file.
  public var modelDigest: String?
  /// Name of the pipeline.
  public var pipeline: String
  /// Samples a second, Hz.
  public var sampleRate: Double
  /// The channels decoded, in the model's order.
  public var channels: [String]
  /// The classes, in the model's order.
  public var classes: [String]
  /// Length of the decision window, seconds.
  public var window: Double
  /// Seconds from one decision to the next.
  public var step: Double
  /// Delay of the causal stages, samples.
  public var latency: Int

  /// A file that belongs to the source.
  public struct Companion: Sendable, Hashable {
    /// Its path.
    public var path: String
    /// SHA-256 of its bytes.
    public var digest: String

    /// Makes a companion.
    public init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }
  }

  /// Makes a header.
  public init(
    source: String, sourceDigest: String?, modelDigest: String?, pipeline: String, sampleRate: Double, channels: [String],
    classes: [String],
    window: Double, step: Double, latency: Int
  ) {
    self.source = source
    self.sourceDigest = sourceDigest
    self.modelDigest = modelDigest
    self.pipeline = pipeline
    self.sampleRate = sampleRate
    self.channels = channels
    self.classes = classes
    self.window = window
    self.step = step
    self.latency = latency
  }
}

/// The probabilities of the classes, in the model's order, and the likeliest.
public struct Opinion: Sendable, Hashable {
  /// The classes.
  public var classes: [String]
  /// A probability for each; they sum to 1.
  public var probabilities: [Double]

  /// Makes an opinion.
  public init(classes: [String], probabilities: [Double]) {
    precondition(
      classes.count == probabilities.count && !classes.isEmpty, "\(probabilities.count) probabilities of \(classes.count) classes")
    self.classes = classes
    self.probabilities = probabilities
  }

  /// The likeliest class; the first of equals.
  public var intent: String {
    var best = 0
    for i in probabilities.indices where probabilities[i] > probabilities[best] { best = i }
    return classes[best]
  }
}

/// The decoder's opinion of one window.
public struct Decision: Sendable, Hashable {
  /// Count of decisions so far.
  public var sequence: Int
  /// The window holds the samples before this one.
  public var sample: Int
  /// Time of that sample, seconds.
  public var time: Double
  /// What the decoder holds for likely.
  public var opinion: Opinion
}

/// An event of the source, placed among the samples.
public struct StreamEvent: Sendable, Hashable {
  /// The sample nearest to the event.
  public var sample: Int
  /// Its onset, seconds.
  public var time: Double
  /// What it was.
  public var label: String
}

/// The decoder's opinion of one trial.
public struct TrialOutcome: Sendable, Hashable {
  /// Onset of the trial's event, seconds.
  public var onset: Double
  /// The true class.
  public var label: String
  /// What the decoder holds for likely.
  public var opinion: Opinion
  /// Whether it is right.
  public var isCorrect: Bool { opinion.intent == label }
}

/// A break in the samples.
public struct StreamGap: Sendable, Hashable {
  /// Why samples are missing.
  public enum Cause: String, Sendable, Hashable {
    /// The recording has a hole there, or the source lost samples.
    case missing
    /// The samples are there, but a channel that the model needs holds no number.
    case notFinite = "not_finite"
  }

  /// The first sample after the break.
  public var sample: Int
  /// Its time, seconds.
  public var time: Double
  /// Seconds without usable samples before it.
  public var missing: Double
  /// Why.
  public var cause: Cause
}

/// Wall-clock figures of a run.
public struct LatencyReport: Sendable, Hashable {
  /// Blocks timed.
  public var blocks: Int
  /// Median time from a block's arrival to its last line written, seconds.
  public var median: Double
  /// 99th percentile of it, seconds.
  public var percentile99: Double
  /// The longest, seconds.
  public var maximum: Double
  /// Blocks that took longer than the deadline.
  public var deadlineMisses: Int
}

/// The counts of a run.
public struct StreamSummary: Sendable, Hashable {
  /// Samples decoded.
  public var samples = 0
  /// Decisions made.
  public var decisions = 0
  /// Trials judged.
  public var trials = 0
  /// Trials judged right.
  public var correct = 0
  /// Trials whose window was broken by a gap or by an end of the recording.
  public var rejectedTrials = 0
  /// Breaks in the samples.
  public var gaps = 0
  /// Samples that are missing or held no number.
  public var lostSamples = 0

  /// The share of trials judged right; nil without trials.
  public var accuracy: Double? { trials > 0 ? Double(correct) / Double(trials) : nil }
}
