import MinhangAlgebra
import MinhangCore

// Goals: an honest score. Whatever learns, learns inside the fold; test trials are scored by the same function that decodes live; the
// result does not depend on threads.

/// An evaluation to be run: how trials are divided, and how often labels are permuted.
public struct Evaluation: Sendable, Hashable {
  /// How the trials are divided.
  public var scheme: EvaluationScheme
  /// Seed of shuffles and permutations.
  public var seed: UInt64
  /// Number of label permutations for the p-value; 0: none.
  public var permutations: Int
  /// Seconds kept free between test and training windows of one run, where the scheme cuts runs in time.
  public var embargo: Double
  /// Most threads to use; the result does not depend on it.
  public var threads: Int

  /// Makes an evaluation.
  public init(scheme: EvaluationScheme, seed: UInt64 = 0, permutations: Int = 0, embargo: Double = 1, threads: Int = 1) {
    self.scheme = scheme
    self.seed = seed
    self.permutations = permutations
    self.embargo = embargo
    self.threads = threads
  }

  /// The divisions of the trials.
  ///
  /// - Throws: `DecodingError` `.invalidScheme`.
  public func folds(of epochs: Epochs) throws(DecodingError) -> [Fold] {
    try Folds(epochs).divided(by: scheme, seed: seed, embargo: embargo)
  }

  /// Fits and scores a pipeline in every fold.
  ///
  /// - Parameters:
  ///   - pipeline: The pipeline.
  ///   - epochs: The trials, filtered by the pipeline's stages.
  /// - Throws: `DecodingError` `.invalidScheme`, `.tooFewTrials`, `.notFinite`, `.notSolvable`; the message names the fold.
  public func run(_ pipeline: Pipeline, on epochs: Epochs) throws(DecodingError) -> PipelineScores {
    let folds = try folds(of: epochs)
    let prepared = try PreparedTrials(epochs, for: pipeline, threads: threads)
    let outcomes = try concurrentMap(count: folds.count, threads: threads) { (index) throws(DecodingError) in
      try FoldOutcome(folds[index], pipeline, prepared)
    }
    let pValue = permutations > 0 ? permutationPValue(pipeline, prepared, outcomes, origins: epochs.origins) : nil
    return summary(pipeline, epochs, outcomes, pValue: pValue)
  }
}

/// The outcome of one fold: the scores of its test trials, in their order.
struct FoldOutcome: Sendable {
  let fold: Fold
  let scores: [DecoderScores]
  let warnings: [String]

  /// Fits on the training trials and scores the test trials.
  init(_ fold: Fold, _ pipeline: Pipeline, _ prepared: PreparedTrials) throws(DecodingError) {
    let decoder: FittedDecoder
    do throws(DecodingError) {
      decoder = try pipeline.fit(prepared, trials: fold.training)
    } catch {
      throw DecodingError(error.code, "fold \(fold.name.quotedForDisplay()) (\(fold.training.count) training trials): \(error.message)")
    }
    var workspace = DecoderWorkspace()
    self.fold = fold
    scores = fold.test.map { decoder.scores(of: prepared.values[$0], from: prepared.prefix.count, using: &workspace) }
    warnings = decoder.warnings
  }
}

extension ConfusionMatrix {
  /// The decisions of all folds.
  init(_ outcomes: [FoldOutcome], labels: [Int], classes: Int) {
    self.init(classes: classes)
    for outcome in outcomes {
      for (trial, scores) in zip(outcome.fold.test, outcome.scores) { add(label: labels[trial], decision: scores.best) }
    }
  }
}
