/// What went wrong between a source and a sink.
public struct StreamingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// The bytes of the source are not what its description says.
    public static let badData = Code("bad data")
    /// The source cannot be read any further, or the sink not written.
    public static let inputOutput = Code("input/output")
    /// The description of a source is incomplete or wrong.
    public static let badDescription = Code("bad description")
  }

  /// The kind of failure.
  public var code: Code
  /// One line: what, where, which value, what was expected.
  public var message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
