import MinhangCore

/// Text of a header field: ASCII by the rules, but UTF-8 and Latin-1 in the wild.
enum HeaderText {
  /// The text without padding.
  ///
  /// Valid UTF-8 is taken as such, anything else as Latin-1.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    return text.trimmingSpaces
  }

  /// The text of a unit; also knows the micro sign of Shift JIS (83 CA), which Japanese recorders write.
  static func decodedUnit(_ bytes: ArraySlice<UInt8>) -> String {
    let bytes = Array(bytes)
    guard let place = bytes.indices.dropLast().first(where: { bytes[$0] == 0x83 && bytes[$0 + 1] == 0xCA }) else {
      return decoded(bytes[...])
    }
    return decoded((bytes[..<place] + Array("\u{B5}".utf8) + bytes[(place + 2)...]))
  }

  /// Whether every byte is a printable character of ASCII; NULs at the end count as padding.
  static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.reversed().drop { $0 == 0 }.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
