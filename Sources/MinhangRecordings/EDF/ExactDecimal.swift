/// A decimal number as its text states it, without rounding: `mantissa / 10^scale`.
///
/// Record durations and times are decimal text; with them exact, one sample in 0.1 s is 10 Hz and a gap of nothing is nothing.
struct ExactDecimal: Sendable, Hashable {
  var mantissa: Int
  /// Digits after the point, 0…18.
  var scale: Int

  private static let powers: [Int] = (0...18).reduce(into: []) { powers, _ in powers.append((powers.last.map { $0 * 10 }) ?? 1) }

  static let zero = ExactDecimal(mantissa: 0, scale: 0)

  init(mantissa: Int, scale: Int) {
    precondition((0...18).contains(scale), "a decimal of \(scale) digits after the point")
    self.mantissa = mantissa
    self.scale = scale
  }

  /// Reads `[+-]digits[.digits]`; nil for any other text and for more than 18 digits.
  init?(_ text: some StringProtocol) { self.init(bytes: text.utf8) }

  /// Reads the bytes of such a text.
  init?(bytes: some Collection<UInt8>) {
    var negative = false
    var rest = bytes[...]
    if let sign = rest.first, sign == 0x2B || sign == 0x2D {
      negative = sign == 0x2D
      rest = rest.dropFirst()
    }
    var mantissa = 0
    var digits = 0
    var scale = 0
    var isAfterPoint = false
    for byte in rest {
      if byte == 0x2E && !isAfterPoint {
        isAfterPoint = true
        continue
      }
      guard HeaderNumber.isDigit(byte) else { return nil }
      digits += 1
      if mantissa == 0 && byte == 0x30 && !isAfterPoint { continue }
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int(byte - 0x30))
      if isAfterPoint { scale += 1 }
      guard !overflow, !overflow2, scale <= 18 else { return nil }
      mantissa = sum
    }
    guard digits > 0 else { return nil }
    self.mantissa = negative ? -mantissa : mantissa
    self.scale = scale
  }

  /// The nearest Double; correctly rounded where the mantissa is below 2^53.
  var value: Double { Double(mantissa) / Double(Self.powers[scale]) }

  /// The difference, or nil where it has too many digits.
  func minus(_ other: ExactDecimal) -> ExactDecimal? {
    let common = max(scale, other.scale)
    guard let a = scaled(to: common), let b = other.scaled(to: common) else { return nil }
    let (difference, overflow) = a.subtractingReportingOverflow(b)
    return overflow ? nil : ExactDecimal(mantissa: difference, scale: common)
  }

  /// The sum, or nil where it has too many digits.
  func plus(_ other: ExactDecimal) -> ExactDecimal? { minus(ExactDecimal(mantissa: -other.mantissa, scale: other.scale)) }

  /// `count / self`: the rate of so many samples in this time, as near as a Double can be.
  func rate(of count: Int) -> Double {
    let (numerator, overflow) = count.multipliedReportingOverflow(by: Self.powers[scale])
    return overflow ? Double(count) / value : Double(numerator) / Double(mantissa)
  }

  /// `count · self`, as near as a Double can be.
  func times(_ count: Int) -> Double {
    let (product, overflow) = count.multipliedReportingOverflow(by: mantissa)
    return overflow ? Double(count) * value : Double(product) / Double(Self.powers[scale])
  }

  /// The mantissa at a larger scale, or nil where it does not fit.
  func scaled(to larger: Int) -> Int? {
    guard (scale...18).contains(larger) else { return nil }
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: Self.powers[larger - scale])
    return overflow ? nil : product
  }
}

extension ExactDecimal {
  /// Nanoseconds, or nil where it does not fit.
  var nanoseconds: Int? { scale <= 9 ? scaled(to: 9) : nil }

  /// The number as text: no exponent, no zeros at the end.
  var text: String { Self.text(mantissa: mantissa, scale: scale) }

  private static func text(mantissa: Int, scale: Int) -> String {
    let digits = String(mantissa.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    let whole = padded.dropLast(scale)
    var fraction = padded.suffix(scale)
    while fraction.last == "0" { fraction.removeLast() }
    return (mantissa < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
