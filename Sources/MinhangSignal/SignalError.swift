/// Why a filter, a spectrum or a check could not be made.
public struct SignalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble, to be compared in code; new kinds may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Name: String { case invalidFrequency, invalidOrder, invalidLength, invalidParameter, tooShort }
    private let name: Name

    /// A frequency, band or sampling rate that no filter can have.
    public static let invalidFrequency = Code(name: .invalidFrequency)
    /// An order outside the range that can be designed.
    public static let invalidOrder = Code(name: .invalidOrder)
    /// A window, overlap, step or transform length that does not fit.
    public static let invalidLength = Code(name: .invalidLength)
    /// Any other number outside its range.
    public static let invalidParameter = Code(name: .invalidParameter)
    /// A signal too short for what was asked.
    public static let tooShort = Code(name: .tooShort)

    /// The code's name.
    public var description: String { name.rawValue }
  }

  /// The kind of trouble.
  public let code: Code
  /// One line: what, its value, what was expected.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
