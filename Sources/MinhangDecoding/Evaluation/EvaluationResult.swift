/// What an evaluation found: the scores of each pipeline.
public struct EvaluationResult: Sendable, Hashable {
  /// How the trials were divided.
  public let scheme: EvaluationScheme
  /// Number of folds.
  public let folds: Int
  /// Seed of shuffles and permutations.
  public let seed: UInt64
  /// One entry a pipeline.
  public let pipelines: [PipelineScores]

  /// Makes a result.
  public init(scheme: EvaluationScheme, folds: Int, seed: UInt64, pipelines: [PipelineScores]) {
    self.scheme = scheme
    self.folds = folds
    self.seed = seed
    self.pipelines = pipelines
  }
}

/// The scores of one pipeline on test trials only.
public struct PipelineScores: Sendable, Hashable {
  /// Name of the pipeline.
  public let name: String
  /// Names of the classes.
  public let classes: [String]
  /// Number of test trials in all folds.
  public let trials: Int
  /// Mean over the folds of each fold's accuracy.
  public let accuracy: Double
  /// Of all test trials together: the mean over the classes of the share decided rightly.
  public let balancedAccuracy: Double
  /// Cohen's kappa of all test trials together; nil where it is not defined.
  public let kappa: Double?
  /// Mean over the folds of each fold's area under the ROC curve, folds that lack a class left out; nil where all do.
  ///
  /// Two classes: the area of the second against the first. More: the mean of each class against the rest.
  public let rocAUC: Double?
  /// Brier score of all test trials together.
  public let brier: Double
  /// Wolpaw's information transfer rate at `accuracy`, one decision taking `decisionTime`.
  public let itrBitsPerMinute: Double
  /// Seconds from the cue to the end of the window (of the window itself where it ends before the cue): what one decision takes.
  public let decisionTime: Double
  /// What guessing would score.
  public let chance: ChanceLevel
  /// Share of permutations (the true labels counted in) with at least this balanced accuracy; nil without permutations.
  public let pValue: Double?
  /// Number of permutations.
  public let permutations: Int
  /// All test trials together.
  public let confusion: ConfusionMatrix
  /// Each fold by itself.
  public let perFold: [FoldScores]
  /// Each test trial, in the order of the folds.
  public let predictions: [TrialPrediction]
  /// What a person should know: ranks that are not full, windows that could not be scored, trials kept out by the embargo.
  public let warnings: [String]
}

/// The scores of one fold.
public struct FoldScores: Sendable, Hashable {
  /// Number of the fold, from 1.
  public let fold: Int
  /// What was held out.
  public let name: String
  /// Number of training trials.
  public let trainTrials: Int
  /// Number of test trials.
  public let testTrials: Int
  /// Trials kept out of training because they come too near a test trial.
  public let embargoedTrials: Int
  /// Share of test trials decided rightly.
  public let accuracy: Double
  /// Area under the ROC curve; nil where a class does not occur in the test.
  public let rocAUC: Double?
}

/// What was decided for one test trial.
public struct TrialPrediction: Sendable, Hashable {
  /// Index of the trial among the epochs.
  public let trial: Int
  /// Number of the fold, from 1.
  public let fold: Int
  /// Name of the file.
  public let file: String
  /// Time of the cue, seconds.
  public let onset: Double
  /// Index of the true class.
  public let label: Int
  /// The scores.
  public let scores: DecoderScores

  /// Index of the class decided for.
  public var intent: Int { scores.best }
}
