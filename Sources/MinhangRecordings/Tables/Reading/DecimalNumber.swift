/// Numbers of a table, read from bytes without making a text of each.
///
/// Goals in order: the same bits as a correctly rounded general parser; never a trap; speed.
///
/// **Source:** Clinger 1990, "How to read floating point numbers accurately": a whole number below 2^53 and a power of ten up to 10^22 are both
/// exact as Doubles, so that one multiplication or division rounds correctly. Up to nineteen digits and 10^19 the product or quotient is worked out
/// in whole numbers of 128 bits, whose first 64 and whether anything is left decide the rounding. Everything else goes to the standard library.
enum DecimalNumber {
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A number: an optional sign, digits with at most one point, an optional exponent, nothing else; `inf` and `infinity` in any case.
  ///
  /// Never "nan", hexadecimal, or digits of another script. A number too large for a Double is infinite.
  ///
  /// - Parameters:
  ///   - bytes: Without white space at the ends.
  ///   - point: The decimal sign: `.` or `,`.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8 = 0x2E) -> Double? {
    let count = bytes.count
    var place = 0
    var isNegative = false
    if place < count, bytes[place] == 0x2D || bytes[place] == 0x2B {
      isNegative = bytes[place] == 0x2D
      place += 1
    }
    let firstDigit = place
    var mantissa: UInt64 = 0
    var digits = 0
    var kept = 0
    var fraction = 0
    var isAfterPoint = false
    while place < count {
      if let digit = digit(bytes[place]) {
        digits += 1
        // Leading zeros take no place in the mantissa; nineteen digits stay below 2^64.
        if kept > 0 || digit > 0 { kept += 1 }
        if kept <= 19 { mantissa = mantissa * 10 + UInt64(digit) }
        if isAfterPoint { fraction += 1 }
      } else if bytes[place] == point, !isAfterPoint {
        isAfterPoint = true
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return infinity(bytes, from: firstDigit, isNegative: isNegative) }
    var exponent = 0
    if place < count, bytes[place] | 0x20 == 0x65 {
      place += 1
      var isDown = false
      if place < count, bytes[place] == 0x2D || bytes[place] == 0x2B {
        isDown = bytes[place] == 0x2D
        place += 1
      }
      guard place < count else { return nil }
      while place < count {
        guard let digit = digit(bytes[place]) else { return nil }
        exponent = min(exponent * 10 + Int(digit), 1_000_000)
        place += 1
      }
      if isDown { exponent = -exponent }
    }
    guard place == count else { return nil }
    let power = exponent - fraction
    if kept <= 19, mantissa <= 1 << 53, power >= -22, power <= 22 {
      let value = power < 0 ? Double(mantissa) / powers[-power] : Double(mantissa) * powers[power]
      return isNegative ? -value : value
    }
    if kept <= 19, mantissa > 0, power >= -19, power <= 19 {
      let value = exact(mantissa, power: power)
      return isNegative ? -value : value
    }
    return general(bytes, point: point)
  }

  private static let wholePowers: [UInt64] = (0...19).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// `mantissa · 10^power`, rounded once.
  ///
  /// - Parameters:
  ///   - mantissa: Not 0.
  ///   - power: -19…19: its power of ten is below 2^64.
  private static func exact(_ mantissa: UInt64, power: Int) -> Double {
    let ten = wholePowers[power.magnitude < 20 ? Int(power.magnitude) : 0]
    let (first, exponent, isLeft): (UInt64, Int, Bool)
    if power >= 0 {
      let (high, low) = mantissa.multipliedFullWidth(by: ten)
      guard high > 0 else { return Double(low) }
      let shift = UInt64(high.leadingZeroBitCount)
      first = shift == 0 ? high : high << shift | low >> (64 - shift)
      (exponent, isLeft) = (64 - Int(shift), low << shift != 0)
    } else {
      // Both with their highest bit set: the quotient has 64 bits.
      let (up, down) = (mantissa.leadingZeroBitCount, ten.leadingZeroBitCount)
      let (dividend, divisor) = (mantissa << UInt64(up), ten << UInt64(down))
      let isSmaller = dividend < divisor
      let (quotient, remainder) = divisor.dividingFullWidth(isSmaller ? (dividend, 0) : (dividend >> 1, dividend << 63))
      (first, isLeft) = (quotient, remainder != 0)
      exponent = down - up - (isSmaller ? 64 : 63)
    }
    // The lowest of 64 bits is far below the last of 53: set, it stands for all that is left.
    return Double(sign: .plus, exponent: exponent, significand: Double(isLeft ? first | 1 : first))
  }

  /// The value of a digit; nil for any other byte.
  private static func digit(_ byte: UInt8) -> UInt8? { (0x30...0x39).contains(byte) ? byte - 0x30 : nil }

  /// What the standard library makes of it; the grammar has been checked.
  private static func general(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8) -> Double? {
    if point == 0x2E { return Double(String(decoding: bytes, as: UTF8.self)) }
    return Double(String(decoding: bytes.map { $0 == point ? 0x2E : $0 }, as: UTF8.self))
  }

  private static func infinity(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isNegative: Bool) -> Double? {
    let word = bytes[start...].lazy.map { $0 | 0x20 }
    guard word.elementsEqual("inf".utf8) || word.elementsEqual("infinity".utf8) else { return nil }
    return isNegative ? -.infinity : .infinity
  }

  /// The number that a text holds; nil for any other text.
  static func value(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { value($0) }
  }
}
