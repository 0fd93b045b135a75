/// The small rules of tables of text.
enum DelimitedText {
  /// A field of a CSV file: quoted where it holds the delimiter, a quote or a line break (RFC 4180).
  static func quoted(_ field: String, delimiter: Character) -> String {
    guard field.contains(where: { $0 == delimiter || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// A number as the shortest decimal that reads back to the same one; `n/a` for what is no number, as BIDS wants it.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "n/a" : (value < 0 ? "-inf" : "inf") }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
