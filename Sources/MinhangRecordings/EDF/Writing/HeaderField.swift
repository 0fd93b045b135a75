import MinhangCore

/// Text as a header field wants it: printable ASCII, padded with spaces.
enum HeaderField {
  /// The text with every character that ASCII does not have replaced, cut to a width.
  static func ascii(_ text: String, width: Int) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\u{B5}", "\u{3BC}": result += "u"
      case "\u{2126}", "\u{3A9}": result += "Ohm"
      case "\u{B0}": result += "deg"
      case "\u{B2}": result += "2"
      case _ where character.isASCII && character.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }: result.append(character)
      default: result += "_"
      }
    }
    return String(result.prefix(width)).trimmingSpaces
  }

  /// Whether a field of people's words stands whole in what is written for it; the date of the start is another matter.
  static func holds(_ field: String, in stored: String) -> Bool {
    func words(_ text: String) -> [Substring] { text.split(whereSeparator: { $0 == " " || $0 == "_" }) }
    let wanted = words(field).dropFirst(field.hasPrefix("Startdate ") ? 2 : 0)
    return ascii(field, width: .max) == field.trimmingSpaces && words(stored).suffix(wanted.count).elementsEqual(wanted)
  }

  /// The bytes of a field.
  static func bytes(_ text: String, width: Int) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(width))
    return bytes + [UInt8](repeating: 0x20, count: width - bytes.count)
  }

  /// A number in at most eight characters without an exponent, exact where that is possible, else rounded.
  ///
  /// - Parameters:
  ///   - value: Finite.
  ///   - up: Whether rounding goes up; else down.
  /// - Returns: nil where eight characters are not enough for the whole part.
  static func number(_ value: Double, up: Bool) -> String? {
    guard value.isFinite, abs(value) < 1e8 else { return nil }
    for decimals in 0...6 {
      let power = [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6][decimals]
      guard let mantissa = Int(exactly: (value * power).rounded()) else { continue }
      let text = ExactDecimal(mantissa: mantissa, scale: decimals).text
      if text.utf8.count <= 8, Double(text) == value { return text }
    }
    for decimals in stride(from: 6, through: 0, by: -1) {
      let power = [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6][decimals]
      guard let mantissa = Int(exactly: (value * power).rounded(up ? .up : .down)) else { continue }
      let text = ExactDecimal(mantissa: mantissa, scale: decimals).text
      if text.utf8.count <= 8 { return text }
    }
    return nil
  }

  /// The patient field as EDF+ wants it: `code sex birthdate name`.
  ///
  /// A field that is not so written, as plain EDF allows, becomes the name of a patient of whom nothing else is known.
  static func patient(_ field: String) -> String {
    let parts = ascii(field, width: 80).split(separator: " ")
    let isStandard =
      parts.count >= 4 && ["F", "M", "X"].contains(parts[1]) && (parts[2] == "X" || HeaderDate.standardDate(String(parts[2])) != nil)
    if isStandard { return parts.joined(separator: " ") }
    return String(("X X X " + (parts.isEmpty ? "X" : parts.joined(separator: "_"))).prefix(80))
  }

  /// The recording field as EDF+ wants it: `Startdate date admincode technician equipment`, with the date of the start.
  static func recording(_ field: String, start: RecordingDate?) -> String {
    let date = start.map(HeaderDate.standardText) ?? "X"
    let parts = ascii(field, width: 80).split(separator: " ")
    if parts.count >= 5 && parts[0] == "Startdate" {
      return String((["Startdate", date] + parts.dropFirst(2).map(String.init)).joined(separator: " ").prefix(80))
    }
    return String("Startdate \(date) X X \(parts.isEmpty ? "X" : parts.joined(separator: "_"))".prefix(80))
  }
}
