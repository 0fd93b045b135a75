import MinhangCore
import MinhangSignal

/// How a signal becomes a decision, as a value: causal stages, then steps from window to scores.
///
/// Nothing learnt, nothing running.
///
/// A pipeline can be written as YAML and read again (`yaml`), fitted (`fit`), evaluated (`Evaluation`) and, fitted, saved (`DecoderModel`).
public struct Pipeline: Sendable, Hashable {
  /// The name, such as `csp-lda`.
  public let name: String
  /// The causal stages, in order; they run live and offline alike.
  public let preprocess: [PreprocessStep]
  /// The steps from window to scores, in order.
  public let steps: [DecodingStep]
  /// The channels to take; nil: every channel that measures the brain.
  public var channels: ChannelSelection?
  /// The window around the cue; nil: as given from outside, else `TrialWindow.standard`.
  public var window: TrialWindow?
  /// The classes; nil: as given from outside, else found among the events.
  public var classes: ClassMap?

  /// Makes a pipeline.
  ///
  /// - Throws: `DecodingError` `.invalidPipeline` where the steps do not fit together: the first takes a window, each takes what the one before
  ///   gives, the last gives scores.
  public init(
    name: String, preprocess: [PreprocessStep], steps: [DecodingStep], channels: ChannelSelection? = nil, window: TrialWindow? = nil,
    classes: ClassMap? = nil
  ) throws(DecodingError) {
    var form = TrialForm.window
    for step in steps {
      guard step.step.input == form else {
        throw DecodingError(
          .invalidPipeline,
          "pipeline \(name.quotedForDisplay()): step \(step.key.quotedForDisplay()) takes \(step.step.input.rawValue) but is given"
            + " \(form.rawValue)")
      }
      form = step.step.output
    }
    guard form == .scores else {
      throw DecodingError(
        .invalidPipeline,
        "pipeline \(name.quotedForDisplay()): the steps end with \(form.rawValue); expected a classifier as the last, such as lda")
    }
    self.init(uncheckedName: name, preprocess, steps)
    self.channels = channels
    self.window = window
    self.classes = classes
  }

  /// For built-in pipelines, whose steps the tests check.
  init(uncheckedName name: String, _ preprocess: [PreprocessStep], _ steps: [DecodingStep]) {
    self.name = name
    self.preprocess = preprocess
    self.steps = steps
  }

  /// The filters of the stages, designed for a sampling rate; nil for a stage that is no filter.
  ///
  /// - Throws: `DecodingError` `.invalidPipeline` where a filter cannot be made at this rate.
  public func filters(sampleRate: Double) throws(DecodingError) -> [SectionedFilter?] {
    var filters: [SectionedFilter?] = []
    for step in preprocess { filters.append(try step.filter(sampleRate: sampleRate)) }
    return filters
  }

  /// The running causal stages: the one path for files and for live signals.
  ///
  /// - Parameters:
  ///   - sampleRate: Samples a second, Hz.
  ///   - channels: Names of the channels of the blocks to come, in order.
  /// - Throws: `DecodingError` `.invalidPipeline`, `.channelMismatch`.
  public func chain(sampleRate: Double, channels: [String]) throws(DecodingError) -> CausalChain {
    try chain(filters: try filters(sampleRate: sampleRate), channels: channels)
  }

  /// The running causal stages with filters that are already designed.
  func chain(filters: [SectionedFilter?], channels: [String]) throws(DecodingError) -> CausalChain {
    var stages: [any CausalStage] = []
    for (step, filter) in zip(preprocess, filters) { stages.append(try step.stage(filter: filter, channels: channels)) }
    return CausalChain(stages)
  }

  /// How many steps at the beginning learn nothing: their output for a trial is the same inside every fold.
  var unlearnedPrefix: Int { steps.prefix(while: { !$0.step.learns }).count }

  /// The first steps, those that learn nothing, ready to be applied.
  func fittedPrefix(classes: [String]) throws(DecodingError) -> [any FittedStep] {
    let nothing = TrainingSet(values: [], labels: [], classes: classes)
    var prefix: [any FittedStep] = []
    for step in steps.prefix(unlearnedPrefix) { prefix.append(try step.step.fit(nothing)) }
    return prefix
  }
}
