import MinhangAlgebra

/// A linear discriminant that was learnt: `decision(c) = w_c · x + b_c`, the logarithm of the posterior up to a constant.
public struct FittedLinearDiscriminant: FittedStep, Hashable {
  /// Weights, `[classes × features]`.
  public let weights: Matrix
  /// One offset a class.
  public let intercepts: [Double]
  /// Class means, `[classes × features]`.
  public let means: Matrix
  /// The common covariance, `[features × features]`.
  public let covariance: Matrix
  /// Share of each class among the training trials.
  public let priors: [Double]

  init(weights: Matrix, intercepts: [Double], means: Matrix, covariance: Matrix, priors: [Double]) {
    self.weights = weights
    self.intercepts = intercepts
    self.means = means
    self.covariance = covariance
    self.priors = priors
  }

  /// Reads the arrays of a model file.
  init(_ arrays: NamedArrays) throws(DecodingError) {
    let weights = try arrays.matrix("weights")
    let intercepts = try arrays.vector("intercepts")
    let means = try arrays.matrix("means")
    let covariance = try arrays.matrix("covariance")
    let priors = try arrays.vector("priors")
    let (classes, features) = (weights.rows, weights.columns)
    guard classes >= 2, features >= 1, intercepts.count == classes, priors.count == classes, means.rows == classes,
      means.columns == features, covariance.rows == features, covariance.columns == features
    else {
      throw DecodingError(
        .invalidModel,
        "lda: weights \(classes) × \(features), intercepts \(intercepts.count), priors \(priors.count), means \(means.rows) × \(means.columns),"
          + " covariance \(covariance.rows) × \(covariance.columns); expected shapes that fit")
    }
    self.init(weights: weights, intercepts: intercepts, means: means, covariance: covariance, priors: priors)
  }

  /// The decision values and the posterior probabilities.
  public func apply(_ value: TrialValue, using workspace: inout DecoderWorkspace) -> TrialValue {
    guard case .features(let x) = value else { preconditionFailure("a \(value.form) where features are expected") }
    precondition(x.count == weights.columns, "\(x.count) features for \(weights.columns) weights")
    let decision = intercepts.indices.map { label in zip(weights.row(label), x).reduce(intercepts[label]) { $0 + $1.0 * $1.1 } }
    return .scores(DecoderScores(logPosteriors: decision))
  }

  /// A score for each class.
  public func shape(for input: TrialShape) throws(DecodingError) -> TrialShape {
    guard input == .features(count: weights.columns) else {
      throw Self.misfit(LinearDiscriminant.key, input, expected: "\(weights.columns) features")
    }
    return .scores(classes: weights.rows)
  }

  /// `weights`, `intercepts`, `means`, `covariance`, `priors`.
  public var arrays: NamedArrays {
    var arrays = NamedArrays()
    arrays.add("weights", weights)
    arrays.add("intercepts", intercepts)
    arrays.add("means", means)
    arrays.add("covariance", covariance)
    arrays.add("priors", priors)
    return arrays
  }
}
