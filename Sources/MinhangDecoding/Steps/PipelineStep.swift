import MinhangAlgebra
import MinhangCore

/// One step of a pipeline after the filters, as a value: its kind and settings, nothing learnt.
///
/// A step takes one form of a trial and gives another. Fitting gives a `FittedStep`. To add a step: a type that conforms, in a file of its own,
/// and its name in `DecodingStep.known`.
public protocol PipelineStep: Sendable, Hashable {
  /// The name under which the step stands in YAML.
  static var key: String { get }
  /// The form it takes.
  var input: TrialForm { get }
  /// The form it gives.
  var output: TrialForm { get }
  /// Whether it learns from trials. A step that does not is the same inside every fold, so its output is computed once.
  var learns: Bool { get }

  /// Learns from training trials, and from nothing else.
  ///
  /// - Throws: `DecodingError` where the trials are too few or the mathematics has no solution.
  func fit(_ training: TrainingSet) throws(DecodingError) -> any FittedStep

  /// Makes the fitted step again of the arrays that a model file holds.
  ///
  /// - Throws: `DecodingError` `.invalidModel` for arrays that are missing or of another shape.
  func restored(from arrays: NamedArrays) throws(DecodingError) -> any FittedStep

  /// Reads the settings of the step.
  ///
  /// - Throws: `DecodingError` `.invalidPipeline`, naming key, line and what was expected.
  init(settings: SettingsReader) throws(DecodingError)

  /// The settings as they are written to YAML.
  var settings: Settings { get }
}

/// A step that has learnt, ready to be applied.
public protocol FittedStep: Sendable {
  /// Turns one trial from the step's input form into its output form.
  ///
  /// A value of another form is a mistake of the program and traps.
  func apply(_ value: TrialValue, using workspace: inout DecoderWorkspace) -> TrialValue
  /// The shape it gives for the shape it is given.
  ///
  /// - Throws: `DecodingError` `.invalidModel` where what it learnt does not fit that shape.
  func shape(for input: TrialShape) throws(DecodingError) -> TrialShape
  /// What it learnt, for the model file.
  var arrays: NamedArrays { get }
  /// What a person should know about the fit: a rank that is not full, a solver that did not converge.
  var warnings: [String] { get }
}

extension FittedStep {
  /// Nothing learnt.
  public var arrays: NamedArrays { NamedArrays() }
  /// Nothing to say.
  public var warnings: [String] { [] }

  /// The error of a shape that does not fit.
  static func misfit(_ key: String, _ given: TrialShape, expected: String) -> DecodingError {
    DecodingError(.invalidModel, "step \(key.quotedForDisplay()) is given \(given); expected \(expected)")
  }
}

/// The trials of one fit, as the step before gives them.
public struct TrainingSet: Sendable {
  /// The trials.
  public let values: [TrialValue]
  /// Index of each trial's class.
  public let labels: [Int]
  /// Names of the classes.
  public let classes: [String]

  /// Makes a training set.
  public init(values: [TrialValue], labels: [Int], classes: [String]) {
    precondition(values.count == labels.count, "\(values.count) trials with \(labels.count) labels")
    self.values = values
    self.labels = labels
    self.classes = classes
  }

  /// Indices of the trials of a class.
  public func trials(ofClass label: Int) -> [Int] { labels.indices.filter { labels[$0] == label } }

  /// The covariance matrices.
  ///
  /// - Precondition: the trials are covariances.
  public var covariances: [Matrix] {
    values.map {
      guard case .covariance(let matrix) = $0 else { preconditionFailure("a \($0.form) where a covariance is expected") }
      return matrix
    }
  }

  /// The feature vectors.
  ///
  /// - Precondition: the trials are features.
  public var features: [[Double]] {
    values.map {
      guard case .features(let vector) = $0 else { preconditionFailure("a \($0.form) where features are expected") }
      return vector
    }
  }

  /// Throws unless every class has at least `count` trials.
  public func requireTrials(_ count: Int, for operation: String) throws(DecodingError) {
    for label in classes.indices {
      let found = labels.count(where: { $0 == label })
      guard found >= count else {
        throw DecodingError(
          .tooFewTrials,
          "\(operation): class \(classes[label].quotedForDisplay()) has \(found) training trials; expected at least \(count)")
      }
    }
  }
}
