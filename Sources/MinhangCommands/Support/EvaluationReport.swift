import MinhangBCI

/// The result of `evaluate`, as JSON and for people.
struct EvaluationReport {
  var result: EvaluationResult
  var hasPredictions: Bool
  /// Channels that failed the input check and were left out.
  var excludedChannels: [String]
  /// Events of the classes that made no trial.
  var rejectedTrials: Int

  var json: JSONValue {
    [
      "scheme": .string(result.scheme.name), "folds": .integer(result.folds), "seed": .integer(Int(clamping: result.seed)),
      "excluded_channels": .strings(excludedChannels), "rejected_trials": .integer(rejectedTrials),
      "pipelines": .array(result.pipelines.map(json)),
    ]
  }

  private func json(_ scores: PipelineScores) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(scores.name)), .init("trials", .integer(scores.trials)), .init("classes", .strings(scores.classes)),
      .init("accuracy", .number(scores.accuracy)), .init("balanced_accuracy", .number(scores.balancedAccuracy)),
      .init("kappa", .optional(scores.kappa)), .init("roc_auc", .optional(scores.rocAUC)), .init("brier", .number(scores.brier)),
      .init("itr_bits_per_minute", .number(scores.itrBitsPerMinute)), .init("decision_seconds", .number(scores.decisionTime)),
      .init("chance", .number(scores.chance.majority)), .init("chance_upper_95", .number(scores.chance.threshold)),
      .init("p_value", .optional(scores.pValue)), .init("permutations", .integer(scores.permutations)),
      .init("confusion", .array(scores.confusion.counts.map { .array($0.map { .integer($0) }) })),
      .init(
        "per_fold",
        .array(
          scores.perFold.map {
            [
              "fold": .integer($0.fold), "name": .string($0.name), "train_trials": .integer($0.trainTrials),
              "test_trials": .integer($0.testTrials), "accuracy": .number($0.accuracy), "roc_auc": .optional($0.rocAUC),
            ]
          })),
      .init("warnings", .strings(scores.warnings)),
    ]
    if hasPredictions { members.append(.init("predictions", .array(scores.predictions.map { json($0, scores.classes) }))) }
    return .object(members)
  }

  private func json(_ prediction: TrialPrediction, _ classes: [String]) -> JSONValue {
    [
      "file": .string(prediction.file), "onset": .number(prediction.onset), "label": .string(classes[prediction.label]),
      "intent": .string(classes[prediction.intent]),
      "probabilities": .object(zip(classes, prediction.scores.probabilities).map { .init($0, .number($1)) }),
    ]
  }

  /// A row a pipeline, then the confusion of each.
  var table: Table {
    var table = Table(columns: [
      "pipeline", "trials", "accuracy", "balanced", "kappa", "roc_auc", "brier", "bits_per_minute", "chance", "chance_95", "p_value",
    ])
    for scores in result.pipelines {
      table.rows.append([
        .text(scores.name), .integer(scores.trials), .number(scores.accuracy), .number(scores.balancedAccuracy),
        scores.kappa.map { .number($0) } ?? .missing, scores.rocAUC.map { .number($0) } ?? .missing, .number(scores.brier),
        .number(scores.itrBitsPerMinute), .number(scores.chance.majority), .number(scores.chance.threshold),
        scores.pValue.map { .number($0) } ?? .missing,
      ])
    }
    return table
  }

  /// What a person at a terminal sees: the table, then where each class went.
  var summary: String {
    var text = "\(result.scheme.name), \(result.folds) folds, seed \(result.seed)\n\n\(table.aligned)"
    for scores in result.pipelines {
      var confusion = Table(columns: ["\(scores.name): true \\ decided"] + scores.classes)
      for (name, row) in zip(scores.classes, scores.confusion.counts) { confusion.rows.append([.text(name)] + row.map { .integer($0) }) }
      text += "\n" + confusion.aligned
    }
    return text
  }
}
