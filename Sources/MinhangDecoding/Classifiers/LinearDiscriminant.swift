import MinhangAlgebra
import MinhangCore

// Goals: the posterior probabilities of the field's reference (least-squares solver, shrinkage of each class's covariance after
// standardisation) to the last digits; never NaN.
// Sources: Fisher 1936; Duda, Hart & Stork 2001, "Pattern Classification", section 2.6.2; Ledoit & Wolf 2004; Blankertz et al. 2011,
// "Single-trial analysis and classification of ERP components", NeuroImage 56:814 (shrinkage).

/// The step `lda`: Fisher's linear discriminant with a shrunk common covariance; its posterior is the probability.
public struct LinearDiscriminant: PipelineStep {
  /// How the covariance of each class is made invertible.
  public enum ClassShrinkage: Sendable, Hashable {
    /// Not at all.
    case none
    /// Features standardised, then the weight of Ledoit and Wolf, for each class.
    case ledoitWolf
    /// A fixed weight, 0 … 1.
    case fixed(Double)
  }

  /// The shrinkage.
  public let shrinkage: ClassShrinkage

  /// Makes the step.
  ///
  /// - Precondition: a fixed weight lies in 0 … 1.
  public init(shrinkage: ClassShrinkage = .ledoitWolf) {
    if case .fixed(let weight) = shrinkage { precondition(weight >= 0 && weight <= 1, "a shrinkage of \(weight)") }
    self.shrinkage = shrinkage
  }

  /// `lda`.
  public static let key = "lda"
  /// Takes features.
  public var input: TrialForm { .features }
  /// Gives scores.
  public var output: TrialForm { .scores }
  /// Learns means and covariance.
  public var learns: Bool { true }

  /// Learns class means `μ`, the common covariance `Σ = Σ P(c)·Σ_c` and the weights `Σ⁻¹μ` (least squares, shortest where `Σ` is singular).
  ///
  /// - Throws: `DecodingError` `.tooFewTrials` for a class with fewer than two trials, `.notFinite`, `.notSolvable`.
  public func fit(_ training: TrainingSet) throws(DecodingError) -> any FittedStep {
    try training.requireTrials(2, for: "lda")
    let features = training.features
    let dimension = features[0].count
    guard features.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw DecodingError(.notFinite, "lda: a training trial's features hold NaN or infinities; expected finite numbers")
    }
    let classes = training.classes.count
    var means = Matrix(rows: classes, columns: dimension)
    var covariance = Matrix(rows: dimension, columns: dimension)
    var priors: [Double] = []
    var workspace = DecoderWorkspace()
    for label in 0..<classes {
      let members = training.trials(ofClass: label)
      let prior = Double(members.count) / Double(features.count)
      priors.append(prior)
      let rows = Matrix(rows: members.count, columns: dimension, members.flatMap { features[$0] }).transposed()
      for c in 0..<dimension { means[label, c] = rows.row(c).reduce(0, +) / Double(members.count) }
      covariance += prior * classCovariance(rows, means: Array(means.row(label)), using: &workspace)
    }
    do throws(AlgebraError) {
      let weights = try covariance.leastSquares(means.transposed()).solution.transposed()
      let intercepts = (0..<classes).map { label in
        -0.5 * zip(means.row(label), weights.row(label)).reduce(0) { $0 + $1.0 * $1.1 } + Mathematics.naturalLogarithm(priors[label])
      }
      return FittedLinearDiscriminant(weights: weights, intercepts: intercepts, means: means, covariance: covariance, priors: priors)
    } catch {
      throw DecodingError(.notSolvable, "lda: \(error.message)")
    }
  }

  /// The covariance of one class, `rows` being `[features × trials]`.
  private func classCovariance(_ rows: Matrix, means: [Double], using workspace: inout DecoderWorkspace) -> Matrix {
    let (p, n) = (rows.rows, rows.columns)
    func estimate(_ rows: Matrix, _ estimator: CovarianceEstimator) -> Matrix {
      rows.withUnsafeValues { values in
        guard let base = values.baseAddress else { return Matrix(rows: 0, columns: 0) }
        return estimator.covariance(of: base, count: p, length: n, stride: n, using: &workspace).matrix
      }
    }
    switch shrinkage {
    case .none: return estimate(rows, .empirical)
    case .fixed(let weight): return Shrinkage.shrunk(estimate(rows, .empirical), by: weight)
    case .ledoitWolf:
      var standard = rows
      var scales: [Double] = []
      for r in 0..<p {
        let variance = rows.row(r).reduce(0) { $0 + ($1 - means[r]) * ($1 - means[r]) } / Double(n)
        // A feature that is constant but for rounding keeps its scale (the reference's rule).
        let rounding = Double(n) * means[r] * .ulpOfOne
        let isConstant = variance <= Double(n) * .ulpOfOne * variance + rounding * rounding
        let scale = isConstant ? 1 : variance.squareRoot()
        scales.append(scale)
        for c in 0..<n { standard[r, c] = (rows[r, c] - means[r]) / scale }
      }
      var covariance = estimate(standard, .ledoitWolf)
      for r in 0..<p { for c in 0..<p { covariance[r, c] *= scales[r] * scales[c] } }
      return covariance
    }
  }

  /// Makes the fitted step again.
  public func restored(from arrays: NamedArrays) throws(DecodingError) -> any FittedStep { try FittedLinearDiscriminant(arrays) }

  /// Reads `lda: {shrinkage: ledoit-wolf}`.
  public init(settings: SettingsReader) throws(DecodingError) {
    let text = try settings.text("shrinkage", default: "ledoit-wolf")
    switch text {
    case "ledoit-wolf", "auto": shrinkage = .ledoitWolf
    case "none": shrinkage = .none
    default:
      guard let weight = Double(text), weight >= 0, weight <= 1 else {
        throw settings.failure("shrinkage", "is \(text.quotedForDisplay()); expected ledoit-wolf, none, or a number from 0 to 1")
      }
      shrinkage = .fixed(weight)
    }
    try settings.allowOnly(["shrinkage"])
  }

  /// `lda: {shrinkage: ledoit-wolf}`.
  public var settings: Settings {
    let text: String
    switch shrinkage {
    case .none: text = "none"
    case .ledoitWolf: text = "ledoit-wolf"
    case .fixed(let weight): text = weight.shortText
    }
    return .map([("shrinkage", .word(text))])
  }
}
