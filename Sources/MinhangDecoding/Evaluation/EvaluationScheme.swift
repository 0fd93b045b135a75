import MinhangCore

/// How trials are divided into training and test.
public enum EvaluationScheme: Sendable, Hashable {
  /// Each run is cut into contiguous blocks of time; a fold tests one block of every run and trains on the others, with an embargo between.
  case blocked(folds: Int)
  /// Trials are dealt at random, each class evenly (stratified); the field's habit, and the most optimistic.
  case kFold(folds: Int)
  /// A fold for each file.
  case leaveOneRunOut
  /// A fold for each person.
  case leaveOneSubjectOut
  /// One division: the given runs are the test, by their place among the files.
  ///
  /// Without runs: the last file; with a single file, the last fifth of its trials, with an embargo before.
  case trainTest(testRuns: [Int]?)

  /// The name of the command line and of the JSON.
  public var name: String {
    switch self {
    case .blocked: "blocked"
    case .kFold: "k-fold"
    case .leaveOneRunOut: "leave-one-run-out"
    case .leaveOneSubjectOut: "leave-one-subject-out"
    case .trainTest: "train-test"
    }
  }

  /// The names of all schemes.
  public static let names = ["blocked", "k-fold", "leave-one-run-out", "leave-one-subject-out", "train-test"]

  /// The scheme of a name.
  ///
  /// - Parameters:
  ///   - name: One of `names`.
  ///   - folds: Number of folds, for the schemes that need one.
  /// - Throws: `DecodingError` `.invalidScheme`.
  public init(name: String, folds: Int = 5) throws(DecodingError) {
    switch name {
    case "blocked": self = .blocked(folds: folds)
    case "k-fold": self = .kFold(folds: folds)
    case "leave-one-run-out": self = .leaveOneRunOut
    case "leave-one-subject-out": self = .leaveOneSubjectOut
    case "train-test": self = .trainTest(testRuns: nil)
    default:
      throw DecodingError(
        .invalidScheme, "no scheme is called \(name.quotedForDisplay()); expected one of \(Self.names.joined(separator: ", "))")
    }
  }
}
