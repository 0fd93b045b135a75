/// A step of a pipeline, whatever its kind.
public struct DecodingStep: Sendable, Hashable {
  /// The step with its settings.
  public let step: any PipelineStep

  /// Wraps a step.
  public init(_ step: any PipelineStep) { self.step = step }

  /// The kinds of steps that YAML can name.
  ///
  /// A new step is added here.
  static let known: [any PipelineStep.Type] = [
    CovarianceStep.self, CommonSpatialPatterns.self, LogVariance.self, LinearDiscriminant.self,
  ]

  /// A covariance of the window.
  public static func covariance(_ estimator: CovarianceEstimator) -> DecodingStep { DecodingStep(CovarianceStep(estimator)) }
  /// Common spatial patterns.
  public static func csp(filters: Int) -> DecodingStep { DecodingStep(CommonSpatialPatterns(filters: filters)) }
  /// The logarithm of each channel's variance.
  public static let logVariance = DecodingStep(LogVariance())
  /// The linear discriminant.
  public static func lda(_ shrinkage: LinearDiscriminant.ClassShrinkage) -> DecodingStep {
    DecodingStep(LinearDiscriminant(shrinkage: shrinkage))
  }

  /// The name under which the step stands in YAML.
  public var key: String { type(of: step).key }

  /// Equal kinds and settings.
  public static func == (a: DecodingStep, b: DecodingStep) -> Bool { AnyHashable(a.step) == AnyHashable(b.step) }

  /// Feeds kind and settings.
  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(step)) }
}
