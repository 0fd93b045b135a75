import MinhangCore

/// Why a plan cannot be simulated.
public struct SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of reason.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }
    /// A number of the plan is outside of what can be simulated.
    public static let outOfRange = Code("out of range")
  }

  /// What kind of reason.
  public let code: Code
  /// One line: which number, its value, what is expected.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
