import MinhangCore

/// Why a recording cannot be read or written: one line that names the file, the field, the value and what was expected.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; a caller maps it to an exit status.
  public struct Code: Sendable, Hashable {
    /// A word for the kind, as it may stand in a report.
    public let name: String

    init(_ name: String) { self.name = name }

    /// There is no such file.
    public static let notFound = Code("not-found")
    /// The file may not be read.
    public static let unreadable = Code("unreadable")
    /// The path is a directory, a pipe or a device.
    public static let notAFile = Code("not-a-file")
    /// The content breaks its format so that nothing sensible can be read.
    public static let badData = Code("bad-data")
    /// The content is of no format that is known here.
    public static let unsupported = Code("unsupported")
    /// The system could not read or write.
    public static let inputOutput = Code("input-output")
    /// The output file cannot be made.
    public static let cannotCreate = Code("cannot-create")
    /// The output file exists already.
    public static let wouldOverwrite = Code("would-overwrite")
    /// The output file is one of the inputs.
    public static let wouldOverwriteInput = Code("would-overwrite-input")
    /// The recording cannot be expressed in the format asked for.
    public static let notRepresentable = Code("not-representable")
    /// Channels or samples were asked for that cannot be read together.
    public static let badRequest = Code("bad-request")
  }

  /// The kind of failure.
  public let code: Code
  /// The file as the caller named it.
  public let path: String
  /// What is wrong, without the file's name; one line, safe to show.
  public let message: String

  /// Makes an error.
  ///
  /// - Parameter message: One line; text taken from a file must have been escaped.
  public init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  /// `FILE: WHAT at WHERE is VALUE; expected …`.
  public var description: String { "\(path.escapedForDisplay): \(message)" }
}
