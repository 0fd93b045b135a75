/// The reason why decoding cannot go on: a pipeline, an epoch set, a fold or a model that does not fit.
public struct DecodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong, to be compared in code; new codes may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The name of the code.
    public let name: String

    /// Makes a code.
    public init(_ name: String) { self.name = name }

    /// A pipeline's text or steps are wrong.
    public static let invalidPipeline = Code("invalidPipeline")
    /// No built-in pipeline has the name.
    public static let unknownPipeline = Code("unknownPipeline")
    /// A class map is wrong, or no classes can be told.
    public static let invalidClasses = Code("invalidClasses")
    /// A time window is wrong or too short for the step that needs it.
    public static let invalidWindow = Code("invalidWindow")
    /// There are too few trials to fit or to score.
    public static let tooFewTrials = Code("tooFewTrials")
    /// Channels are missing, or sets of channels differ.
    public static let channelMismatch = Code("channelMismatch")
    /// Sampling rates differ.
    public static let rateMismatch = Code("rateMismatch")
    /// The data hold NaN or infinities where a fit needs numbers.
    public static let notFinite = Code("notFinite")
    /// The mathematics of a fit has no solution.
    public static let notSolvable = Code("notSolvable")
    /// An evaluation scheme cannot be applied to these trials.
    public static let invalidScheme = Code("invalidScheme")
    /// A recording cannot be read.
    public static let unreadableRecording = Code("unreadableRecording")
    /// A model file is damaged, or is none.
    public static let invalidModel = Code("invalidModel")
    /// A file cannot be read.
    public static let unreadable = Code("unreadable")
    /// A file cannot be written.
    public static let unwritable = Code("unwritable")

    /// The code's name.
    public var description: String { name }
  }

  /// What went wrong.
  public let code: Code
  /// The whole sentence: what, where, value, expected, remedy.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
