import MinhangCore

/// A pipeline that has learnt: one window in, probabilities out.
///
/// Evaluation and live decoding call this and nothing else.
public struct FittedDecoder: Sendable {
  /// The pipeline that was fitted.
  public let pipeline: Pipeline
  /// Names of the classes, in the order of the probabilities.
  public let classes: [String]
  /// Number of channels of a window.
  public let channelCount: Int
  /// Number of samples of a window.
  public let sampleCount: Int
  /// The steps, fitted.
  public let steps: [any FittedStep]
  /// What a person should know about the fit.
  public let warnings: [String]

  init(pipeline: Pipeline, classes: [String], channelCount: Int, sampleCount: Int, steps: [any FittedStep]) {
    self.pipeline = pipeline
    self.classes = classes
    self.channelCount = channelCount
    self.sampleCount = sampleCount
    self.steps = steps
    self.warnings = steps.flatMap(\.warnings)
  }

  /// The scores of one filtered window, `[channels × samples]`.
  ///
  /// The bits depend on the samples alone: not on where the window lies in memory, not on threads, not on what was scored before. A window with
  /// NaN or infinities gives an answer that says so (`isReliable` is false), never NaN. Allocates a few small arrays.
  ///
  /// - Precondition: the window has the shape of the training windows.
  public func scores(of window: SignalBlock, using workspace: inout DecoderWorkspace) -> DecoderScores {
    precondition(
      window.channelCount == channelCount && window.sampleCount == sampleCount,
      "a window of \(window.channelCount) × \(window.sampleCount) for a decoder of \(channelCount) × \(sampleCount)")
    return scores(of: .window(window), from: 0, using: &workspace)
  }

  /// The scores of one filtered window, `[channels × samples]`, with a workspace of its own.
  ///
  /// - Precondition: the window has the shape of the training windows.
  public func scores(of window: SignalBlock) -> DecoderScores {
    var workspace = DecoderWorkspace()
    return scores(of: window, using: &workspace)
  }

  /// The scores of a trial that has passed the first steps already.
  func scores(of value: TrialValue, from first: Int, using workspace: inout DecoderWorkspace) -> DecoderScores {
    var value = value
    for step in steps[first...] { value = step.apply(value, using: &workspace) }
    guard case .scores(let scores) = value else { preconditionFailure("a pipeline that ends with \(value.form)") }
    return scores
  }
}
