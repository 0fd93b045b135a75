import MinhangCore

extension Evaluation {
  /// The scores of all folds together.
  func summary(_ pipeline: Pipeline, _ epochs: Epochs, _ outcomes: [FoldOutcome], pValue: Double?) -> PipelineScores {
    let classes = epochs.classes.count
    var predictions: [TrialPrediction] = []
    var perFold: [FoldScores] = []
    for (index, outcome) in outcomes.enumerated() {
      let labels = outcome.fold.test.map { epochs.labels[$0] }
      let right = zip(labels, outcome.scores).count(where: { $0 == $1.best })
      perFold.append(
        FoldScores(
          fold: index + 1, name: outcome.fold.name, trainTrials: outcome.fold.training.count, testTrials: labels.count,
          embargoedTrials: outcome.fold.embargoed.count, accuracy: Double(right) / Double(labels.count),
          rocAUC: Self.area(outcome.scores, labels: labels, classes: classes)))
      for (trial, scores) in zip(outcome.fold.test, outcome.scores) {
        let origin = epochs.origins[trial]
        predictions.append(
          TrialPrediction(
            trial: trial, fold: index + 1, file: origin.file, onset: origin.onset, label: epochs.labels[trial], scores: scores))
      }
    }
    let confusion = ConfusionMatrix(outcomes, labels: epochs.labels, classes: classes)
    let accuracy = Self.mean(perFold.map(\.accuracy)) ?? 0
    let areas = perFold.compactMap(\.rocAUC)
    let decisionTime = epochs.window.stop > 0 ? epochs.window.stop : epochs.window.duration
    return PipelineScores(
      name: pipeline.name, classes: epochs.classes, trials: predictions.count, accuracy: accuracy,
      balancedAccuracy: confusion.balancedAccuracy ?? 0, kappa: confusion.kappa, rocAUC: Self.mean(areas),
      brier: BrierScore.of(probabilities: predictions.map(\.scores.probabilities), labels: predictions.map(\.label)) ?? 0,
      itrBitsPerMinute: InformationTransferRate.bitsPerMinute(accuracy: accuracy, classes: classes, decisionTime: decisionTime),
      decisionTime: decisionTime, chance: ChanceLevel(classCounts: confusion.counts.map { $0.reduce(0, +) }), pValue: pValue,
      permutations: permutations, confusion: confusion, perFold: perFold, predictions: predictions,
      warnings: Self.warnings(outcomes, areas: areas.count))
  }

  /// Two classes: the area of the difference of their decision values; more: one class against the rest, over the probabilities.
  private static func area(_ scores: [DecoderScores], labels: [Int], classes: Int) -> Double? {
    classes == 2
      ? AreaUnderCurve.twoClass(scores: scores.map { $0.decision[1] - $0.decision[0] }, isSecond: labels.map { $0 == 1 })
      : AreaUnderCurve.multiClass(probabilities: scores.map(\.probabilities), labels: labels, classes: classes)
  }

  private static func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

  private static func warnings(_ outcomes: [FoldOutcome], areas: Int) -> [String] {
    var warnings: [String] = []
    for outcome in outcomes { for warning in outcome.warnings where !warnings.contains(warning) { warnings.append(warning) } }
    let unreliable = outcomes.reduce(0) { $0 + $1.scores.count(where: { !$0.isReliable }) }
    if unreliable > 0 { warnings.append("\(unreliable) test windows hold NaN or infinities and could not be scored") }
    let embargoed = outcomes.reduce(0) { $0 + $1.fold.embargoed.count }
    if embargoed > 0 {
      warnings.append("\(embargoed) times a trial was kept out of training because its window comes too near a test window")
    }
    if areas < outcomes.count {
      warnings.append("\(outcomes.count - areas) of \(outcomes.count) folds lack a class in the test and have no area under the ROC curve")
    }
    return warnings
  }
}
