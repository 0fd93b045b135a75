import MinhangAlgebra
import MinhangCore

/// What flows from one step of a pipeline to the next.
public enum TrialForm: String, Sendable, Hashable, CaseIterable {
  /// The filtered window, `[channels × samples]`.
  case window
  /// A covariance matrix.
  case covariance
  /// A vector of features.
  case features
  /// The classifier's answer.
  case scores
}

/// The shape of a trial between two steps.
public enum TrialShape: Sendable, Hashable {
  /// A window.
  case window(channels: Int, samples: Int)
  /// A square matrix.
  case covariance(size: Int)
  /// A vector.
  case features(count: Int)
  /// The answer for a number of classes.
  case scores(classes: Int)
}

/// One trial between two steps.
public enum TrialValue: Sendable {
  /// The filtered window, `[channels × samples]`.
  case window(SignalBlock)
  /// A covariance matrix, symmetric.
  case covariance(Matrix)
  /// A vector of features.
  case features([Double])
  /// The classifier's answer.
  case scores(DecoderScores)

  /// Which of the forms it is.
  public var form: TrialForm {
    switch self {
    case .window: .window
    case .covariance: .covariance
    case .features: .features
    case .scores: .scores
    }
  }
}

/// A classifier's answer for one window.
public struct DecoderScores: Sendable, Hashable {
  /// One number a class, greater where the class is more likely: for two classes their difference is what an ROC curve is drawn over.
  ///
  /// For the linear discriminant: the logarithm of each posterior, up to a constant that is the same for all classes.
  public let decision: [Double]
  /// The probability of each class; they add up to 1.
  public let probabilities: [Double]
  /// False where the window could not be scored (NaN or infinities in it): the probabilities are then all equal and the decisions zero.
  public let isReliable: Bool

  /// The class decided for: the first of those with the greatest decision value.
  public var best: Int { decision.indices.reduce(0) { decision[$1] > decision[$0] ? $1 : $0 } }

  /// Scores of decision values that are logarithms of posteriors: `p = softmax(decision)`.
  ///
  /// Decision values that are not finite give an answer that is not reliable, never NaN.
  public init(logPosteriors decision: [Double]) {
    guard decision.allSatisfy(\.isFinite), let largest = decision.max() else {
      self.init(unreliableForClasses: decision.count)
      return
    }
    let weights = decision.map { Mathematics.exponential($0 - largest) }
    let total = weights.reduce(0, +)
    self.init(decision: decision, probabilities: weights.map { $0 / total }, isReliable: true)
  }

  /// The answer for a window that cannot be scored.
  public init(unreliableForClasses count: Int) {
    self.init(
      decision: [Double](repeating: 0, count: count), probabilities: [Double](repeating: 1 / Double(max(1, count)), count: count),
      isReliable: false)
  }

  init(decision: [Double], probabilities: [Double], isReliable: Bool) {
    self.decision = decision
    self.probabilities = probabilities
    self.isReliable = isReliable
  }
}
