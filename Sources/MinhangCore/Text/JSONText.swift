/// A JSON value whose objects keep the order of their keys, for output: a stream's lines begin with their `type`, a report reads from top to
/// bottom, and the same result gives the same bytes.
///
/// Parsing is Foundation's work; this only writes. Numbers are the shortest decimals that read back to the same value; a number that is not
/// finite is `null`, for JSON has no word for it.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// An object, its members in order.
  case object([Member])

  /// One member of an object.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// An optional number: `null` where there is none.
  public static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
  /// An optional text: `null` where there is none.
  public static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  /// A list of texts.
  public static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
  /// A list of numbers.
  public static func numbers(_ numbers: [Double]) -> JSONValue { .array(numbers.map { .number($0) }) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// An object from a literal, its members in the literal's order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}

extension JSONValue {
  /// The value as JSON text on one line.
  public var text: String {
    var out = ""
    write(to: &out, indent: nil)
    return out
  }

  /// The value as JSON text over several lines, for people.
  public var prettyText: String {
    var out = ""
    write(to: &out, indent: 0)
    return out
  }

  /// A number as its shortest round-trip decimal: `3`, `0.1`, `1e-05`.
  public static func decimal(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += value.isFinite ? Self.decimal(value) : "null"
    case .string(let value): Self.write(value, to: &out)
    case .array(let values):
      // A list of plain values stays on one line, for people too: a row of a matrix reads as a row.
      let isPlain = values.allSatisfy { if case .object = $0 { false } else if case .array = $0 { false } else { true } }
      Self.writeList(values, "[", "]", to: &out, indent: isPlain ? nil : indent) { $1.write(to: &$0, indent: $2) }
    case .object(let members):
      Self.writeList(members, "{", "}", to: &out, indent: indent) { out, member, inner in
        Self.write(member.key, to: &out)
        out += indent == nil ? ":" : ": "
        member.value.write(to: &out, indent: inner)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, to out: inout String, indent: Int?,
    _ writeElement: (inout String, Element, Int?) -> Void
  ) {
    out += open
    for (i, element) in elements.enumerated() {
      if i > 0 { out += "," }
      if let indent { out += "\n" + String(repeating: "  ", count: indent + 1) }
      writeElement(&out, element, indent.map { $0 + 1 })
    }
    if let indent, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: indent) }
    out += close
  }

  private static func write(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
