import MinhangAlgebra
import MinhangCore

extension Pipeline {
  /// Learns from trials, and from nothing else.
  ///
  /// - Parameters:
  ///   - epochs: The training trials, filtered by this pipeline's stages.
  ///   - threads: Most threads to use; the result does not depend on it.
  /// - Throws: `DecodingError` `.tooFewTrials`, `.notFinite`, `.notSolvable`.
  public func fit(_ epochs: Epochs, threads: Int = 1) throws(DecodingError) -> FittedDecoder {
    try fit(try PreparedTrials(epochs, for: self, threads: threads), trials: Array(0..<epochs.count))
  }

  /// Learns from some of the prepared trials.
  func fit(_ prepared: PreparedTrials, trials: [Int]) throws(DecodingError) -> FittedDecoder {
    guard !trials.isEmpty else { throw DecodingError(.tooFewTrials, "no training trials; expected at least two of each class") }
    var workspace = DecoderWorkspace()
    let labels = trials.map { prepared.labels[$0] }
    var values = trials.map { prepared.values[$0] }
    var fitted: [any FittedStep] = Array(prepared.prefix)
    for index in prepared.prefix.count..<steps.count {
      let step = try steps[index].step.fit(TrainingSet(values: values, labels: labels, classes: prepared.classes))
      fitted.append(step)
      if index < steps.count - 1 { values = values.map { step.apply($0, using: &workspace) } }
    }
    return FittedDecoder(
      pipeline: self, classes: prepared.classes, channelCount: prepared.channelCount, sampleCount: prepared.sampleCount, steps: fitted)
  }
}

/// Trials after the first steps, those that learn nothing: computed once, the same inside every fold.
struct PreparedTrials: Sendable {
  let prefix: [any FittedStep]
  let values: [TrialValue]
  var labels: [Int]
  let classes: [String]
  let channelCount: Int
  let sampleCount: Int

  init(_ epochs: Epochs, for pipeline: Pipeline, threads: Int) throws(DecodingError) {
    guard epochs.count > 0, epochs.sampleCount > 0, !epochs.channels.isEmpty else {
      throw DecodingError(
        .tooFewTrials, "\(epochs.count) trials of \(epochs.channels.count) channels × \(epochs.sampleCount) samples; expected some of each")
    }
    let applied = epochs.appliedSteps.count
    guard pipeline.steps.prefix(pipeline.unlearnedPrefix).starts(with: epochs.appliedSteps) else {
      throw DecodingError(
        .invalidPipeline,
        "pipeline \(pipeline.name.quotedForDisplay()): the trials have passed \(epochs.appliedSteps.map(\.key).joined(separator: ", "));"
          + " expected windows, or trials that have passed its own first steps")
    }
    let prefix = try pipeline.fittedPrefix(classes: epochs.classes)
    let steps = prefix[applied...]
    // Runs of trials share a workspace; the bits of a trial do not depend on the run.
    let trials = epochs.values
    let chunk = 16
    values = concurrentMap(count: (trials.count + chunk - 1) / chunk, threads: threads) { run in
      var workspace = DecoderWorkspace()
      return trials[(run * chunk)..<min((run + 1) * chunk, trials.count)].map { trial in
        steps.reduce(trial) { $1.apply($0, using: &workspace) }
      }
    }.flatMap { $0 }
    self.prefix = prefix
    labels = epochs.labels
    classes = epochs.classes
    channelCount = epochs.channels.count
    sampleCount = epochs.sampleCount
  }
}
