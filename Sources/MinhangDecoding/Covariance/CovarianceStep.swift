import MinhangCore

/// The step `covariance`: a window becomes its covariance matrix.
///
/// Learns nothing.
public struct CovarianceStep: PipelineStep, FittedStep {
  /// The estimator.
  public let estimator: CovarianceEstimator

  /// Makes the step.
  public init(_ estimator: CovarianceEstimator = .oas) { self.estimator = estimator }

  /// `covariance`.
  public static let key = "covariance"
  /// Takes a window.
  public var input: TrialForm { .window }
  /// Gives a covariance.
  public var output: TrialForm { .covariance }
  /// Learns nothing.
  public var learns: Bool { false }

  /// The step itself.
  public func fit(_ training: TrainingSet) -> any FittedStep { self }
  /// The step itself.
  public func restored(from arrays: NamedArrays) -> any FittedStep { self }

  /// The covariance of the window.
  public func apply(_ value: TrialValue, using workspace: inout DecoderWorkspace) -> TrialValue {
    guard case .window(let block) = value else { preconditionFailure("a \(value.form) where a window is expected") }
    return .covariance(estimator.covariance(of: block, using: &workspace))
  }

  /// A matrix of the channels.
  public func shape(for input: TrialShape) throws(DecodingError) -> TrialShape {
    guard case .window(let channels, _) = input else { throw Self.misfit(Self.key, input, expected: "a window") }
    return .covariance(size: channels)
  }

  /// Reads `covariance: oas`.
  public init(settings: SettingsReader) throws(DecodingError) {
    estimator = try settings.choice("estimator", default: .oas, shorthand: true)
    try settings.allowOnly(["estimator"], shorthand: "estimator")
  }

  /// `covariance: oas`.
  public var settings: Settings { .word(estimator.rawValue) }
}
