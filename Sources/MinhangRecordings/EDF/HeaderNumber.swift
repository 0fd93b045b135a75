/// Numbers of a header: text of at most eight characters, hostile until read.
enum HeaderNumber {
  /// A whole number: an optional sign and digits, nothing else.
  static func whole(_ text: String) -> Int? {
    guard isDigits(text.utf8.drop { $0 == 0x2B || $0 == 0x2D }), text.utf8.dropFirst().allSatisfy(isDigit) else { return nil }
    return Int(text)
  }

  /// A decimal number, and whether it is written with a comma.
  ///
  /// An optional sign, digits with at most one point (or comma), an optional exponent. Never "nan", "inf" or hexadecimal, which a
  /// general parser would take. A number too large for a Double comes out infinite.
  static func decimal(_ text: String) -> (value: Double, hasComma: Bool)? {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    let hasComma = rest.first == 0x2C
    if let point = rest.first, point == 0x2E || point == 0x2C {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    if let mark = rest.first, mark == 0x65 || mark == 0x45 {
      var exponent = rest.dropFirst()
      if let sign = exponent.first, sign == 0x2B || sign == 0x2D { exponent = exponent.dropFirst() }
      guard isDigits(exponent) else { return nil }
      rest = exponent.dropFirst(exponent.count)
    }
    guard rest.isEmpty, let value = Double(hasComma ? String(text.map { $0 == "," ? "." : $0 }) : text) else { return nil }
    return (value, hasComma)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isDigits<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> Bool { !bytes.isEmpty && bytes.allSatisfy(isDigit) }
}
