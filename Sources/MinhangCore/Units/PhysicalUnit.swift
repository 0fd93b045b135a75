/// A physical unit as a file names it, parsed and never assumed.
///
/// Voltages know their factor to microvolts. Any other unit is kept by its own name.
public struct PhysicalUnit: Sendable, Hashable {
  /// The unit's symbol in one spelling: `µV` with U+00B5 for every way of writing it; an unknown unit as the file writes it.
  public let symbol: String
  /// Microvolts in one of this unit; nil where it is not a voltage.
  public let microvoltsPerUnit: Double?

  private init(symbol: String, microvoltsPerUnit: Double?) {
    self.symbol = symbol
    self.microvoltsPerUnit = microvoltsPerUnit
  }

  /// Microvolt, the unit of every signal in the library.
  public static let microvolt = PhysicalUnit(symbol: "\u{B5}V", microvoltsPerUnit: 1)
  /// Nanovolt.
  public static let nanovolt = PhysicalUnit(symbol: "nV", microvoltsPerUnit: 1e-3)
  /// Millivolt.
  public static let millivolt = PhysicalUnit(symbol: "mV", microvoltsPerUnit: 1e3)
  /// Volt.
  public static let volt = PhysicalUnit(symbol: "V", microvoltsPerUnit: 1e6)
  /// On or off, as trigger lines are labelled.
  public static let boolean = PhysicalUnit(symbol: "Boolean", microvoltsPerUnit: nil)
  /// No unit stated.
  public static let none = PhysicalUnit(symbol: "", microvoltsPerUnit: nil)

  /// Reads a unit's text.
  ///
  /// Micro is accepted as U+00B5, U+03BC or `u`; case is significant for `m` and `M`, as in SI. An empty text is `none`.
  public init(_ text: String) {
    let trimmed = text.trimmingSpaces
    let plain = String(trimmed.map { $0 == "\u{3BC}" || $0 == "\u{B5}" ? "u" : $0 })
    switch plain {
    case "uV", "uv", "UV", "microvolt", "microvolts": self = .microvolt
    case "nV", "nv", "nanovolt": self = .nanovolt
    case "mV", "mv", "millivolt", "millivolts": self = .millivolt
    case "V", "v", "volt", "volts": self = .volt
    case "Boolean", "boolean", "BOOLEAN": self = .boolean
    case "": self = .none
    default: self.init(symbol: trimmed, microvoltsPerUnit: nil)
    }
  }
}
