import MinhangCore

/// The step `log-variance`: the logarithm of each channel's variance in the window.
///
/// Learns nothing.
public struct LogVariance: PipelineStep, FittedStep {
  /// Makes the step.
  public init() {}

  /// `log-variance`.
  public static let key = "log-variance"
  /// Takes a window.
  public var input: TrialForm { .window }
  /// Gives features.
  public var output: TrialForm { .features }
  /// Learns nothing.
  public var learns: Bool { false }

  /// The step itself.
  public func fit(_ training: TrainingSet) -> any FittedStep { self }
  /// The step itself.
  public func restored(from arrays: NamedArrays) -> any FittedStep { self }

  /// `log(Σ (x − x̄)² / n)` of each channel.
  public func apply(_ value: TrialValue, using workspace: inout DecoderWorkspace) -> TrialValue {
    guard case .window(let block) = value else { preconditionFailure("a \(value.form) where a window is expected") }
    let (count, length) = (block.channelCount, block.sampleCount)
    let features = block.withUnsafeStorage { storage, stride in
      workspace.withCentered(storage, count: count, length: length, stride: stride) { centered in
        (0..<count).map { channel in
          var sum = 0.0
          for t in 0..<length { sum += centered[channel * length + t] * centered[channel * length + t] }
          return Mathematics.logarithmOfVariance(sum / Double(length))
        }
      }
    }
    return .features(features)
  }

  /// A feature for each channel.
  public func shape(for input: TrialShape) throws(DecodingError) -> TrialShape {
    guard case .window(let channels, _) = input else { throw Self.misfit(Self.key, input, expected: "a window") }
    return .features(count: channels)
  }

  /// Reads `log-variance`, which has no settings.
  public init(settings: SettingsReader) throws(DecodingError) { try settings.allowOnly([]) }

  /// No settings.
  public var settings: Settings { .map([]) }
}
