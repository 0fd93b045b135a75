/// What a model was trained on.
public struct TrainingRecord: Sendable, Hashable, Codable {
  /// One training file.
  public struct File: Sendable, Hashable, Codable {
    /// Name, without folders.
    public let name: String
    /// SHA-256 of its content.
    public let sha256: String
    /// Its size.
    public let bytes: Int

    /// Makes a record of a file.
    public init(name: String, sha256: String, bytes: Int) {
      self.name = name
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  /// The files, in the order of training.
  public let files: [File]
  /// Number of trials of each class.
  public let classCounts: [Int]
  /// Channels left out because of what they held.
  public let excludedChannels: [String]
  /// Seed of everything random.
  public let seed: UInt64

  /// Makes a record.
  public init(files: [File], classCounts: [Int], excludedChannels: [String] = [], seed: UInt64 = 0) {
    self.files = files
    self.classCounts = classCounts
    self.excludedChannels = excludedChannels
    self.seed = seed
  }

  enum CodingKeys: String, CodingKey {
    case files
    case classCounts = "class_counts"
    case excludedChannels = "excluded_channels"
    case seed
  }
}

/// What an evaluation of the model's pipeline on its training files scored.
public struct EvaluationRecord: Sendable, Hashable, Codable {
  /// The scheme's name.
  public let scheme: String
  /// Number of folds.
  public let folds: Int
  /// Number of test trials.
  public let trials: Int
  /// Seed of shuffles and permutations.
  public let seed: UInt64
  /// Mean accuracy over the folds.
  public let accuracy: Double
  /// Balanced accuracy of all test trials.
  public let balancedAccuracy: Double
  /// Cohen's kappa; nil where it is not defined.
  public let kappa: Double?
  /// Mean area under the ROC curve; nil where it is not defined.
  public let rocAUC: Double?
  /// Brier score.
  public let brier: Double
  /// Wolpaw's information transfer rate.
  public let itrBitsPerMinute: Double
  /// Accuracy of always deciding for the most frequent class.
  public let chance: Double
  /// Accuracy that guessing does not exceed with 95 % probability.
  public let chanceThreshold: Double
  /// p-value of the permutation test; nil without one.
  public let pValue: Double?

  /// Makes a record of an evaluation.
  public init(_ scores: PipelineScores, scheme: EvaluationScheme, seed: UInt64) {
    self.scheme = scheme.name
    folds = scores.perFold.count
    trials = scores.trials
    self.seed = seed
    accuracy = scores.accuracy
    balancedAccuracy = scores.balancedAccuracy
    kappa = scores.kappa
    rocAUC = scores.rocAUC
    brier = scores.brier
    itrBitsPerMinute = scores.itrBitsPerMinute
    chance = scores.chance.majority
    chanceThreshold = scores.chance.threshold
    pValue = scores.pValue
  }

  enum CodingKeys: String, CodingKey {
    case scheme, folds, trials, seed, accuracy, kappa, brier, chance
    case balancedAccuracy = "balanced_accuracy"
    case rocAUC = "roc_auc"
    case itrBitsPerMinute = "itr_bits_per_minute"
    case chanceThreshold = "chance_threshold"
    case pValue = "p_value"
  }
}
