import MinhangBCI

/// Random damage to the bytes of a file: the same seed gives the same damage.
struct Mutation {
  private var generator: SeededGenerator

  init(generator: SeededGenerator) { self.generator = generator }

  /// No file grows beyond this: growth is not what is looked for.
  private static let byteLimit = 4 << 20

  /// Damages the bytes in one to eight places.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - other: A second file, pieces of which are spliced in.
  mutating func damage(_ bytes: inout [UInt8], other: [UInt8]) {
    let count = 1 + generator.nextInteger(below: 8)
    for _ in 0..<count { damageOnce(&bytes, other: other) }
    if bytes.count > Self.byteLimit { bytes.removeLast(bytes.count - Self.byteLimit) }
  }

  private mutating func damageOnce(_ bytes: inout [UInt8], other: [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = Array(other.prefix(1 + generator.nextInteger(below: 512)))
      return
    }
    switch generator.nextInteger(below: 12) {
    case 0: bytes[place(bytes)] ^= 1 << UInt8(generator.nextInteger(below: 8))
    case 1: bytes[place(bytes)] = UInt8(truncatingIfNeeded: generator.next())
    case 2: bytes.removeLast(min(bytes.count, 1 + generator.nextInteger(below: bytes.count)))
    case 3: bytes.removeSubrange(stretch(bytes))
    case 4:
      let noise = (0..<(1 + generator.nextInteger(below: 64))).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      bytes.insert(contentsOf: noise, at: place(bytes))
    case 5:
      let piece = Array(bytes[stretch(bytes)])
      let times = 1 + generator.nextInteger(below: max(1, min(200, 65_536 / max(1, piece.count))))
      let target = place(bytes)
      for _ in 0..<times where bytes.count < Self.byteLimit { bytes.insert(contentsOf: piece, at: target) }
    case 6:
      guard !other.isEmpty else { return }
      let piece = Array(other[stretch(other)])
      let target = place(bytes)
      if generator.nextInteger(below: 2) == 0 {
        bytes.insert(contentsOf: piece, at: target)
      } else {
        bytes.replaceSubrange(target..<min(bytes.count, target + piece.count), with: piece)
      }
    case 7, 8: overwriteInteger(&bytes)
    case 9: overwriteText(&bytes)
    case 10: swapDigits(&bytes)
    default:
      // Two stretches change places.
      let (a, b) = (place(bytes), place(bytes))
      let count = min(1 + generator.nextInteger(below: 80), bytes.count - max(a, b))
      for k in 0..<count { bytes.swapAt(a + k, b + k) }
    }
  }

  /// A place in the file: every second time within the first 4096 bytes, where headers are.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    let limit = generator.nextInteger(below: 2) == 0 ? min(bytes.count, 4096) : bytes.count
    return generator.nextInteger(below: limit)
  }

  private mutating func stretch(_ bytes: [UInt8]) -> Range<Int> {
    let start = place(bytes)
    let longest = generator.nextInteger(below: 4) == 0 ? 8192 : 256
    return start..<min(bytes.count, start + 1 + generator.nextInteger(below: longest))
  }

  /// Writes a number that breaks counters, in 8 to 64 bits of either byte order.
  private mutating func overwriteInteger(_ bytes: inout [UInt8]) {
    let width = [1, 2, 3, 4, 8][generator.nextInteger(below: 5)]
    let start = place(bytes)
    guard start + width <= bytes.count else { return }
    let values: [Int64] = [
      0, 1, -1, 2, 7, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7F_FFFF, 0x80_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
      .max, .min, 1 << 40, 1 << 62, 1000, 100_000_000,
    ]
    let doubles = [Double.nan, .infinity, -.infinity, 1e308, -1e308, Double.leastNonzeroMagnitude, 0, -0.0, 1e19, 0.1]
    var value = UInt64(bitPattern: values[generator.nextInteger(below: values.count)])
    if width == 8 && generator.nextInteger(below: 2) == 0 { value = doubles[generator.nextInteger(below: doubles.count)].bitPattern }
    if width == 4 && generator.nextInteger(below: 3) == 0 {
      value = UInt64(Float(doubles[generator.nextInteger(below: doubles.count)]).bitPattern)
    }
    let isBig = generator.nextInteger(below: 4) == 0
    for k in 0..<width {
      bytes[start + k] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? width - 1 - k : k)))
    }
  }

  /// Writes text that breaks parsers of numbers over a run of digits, or at any place.
  private mutating func overwriteText(_ bytes: inout [UInt8]) {
    let texts = [
      "0", "-1", "1", "99999999", "-9999999", "9999", "1e9", "1e308", "1e999", "nan", "inf", "-inf", "0x10", "2147483648", "4294967296",
      "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "1,5", ".", "-", "+", "", "0.0000001",
      "\u{14}", "\u{15}", "\u{1B}[2J", "<", "&lt;", "]]>", "\r\n", "=", "../x", "/etc/passwd", "$b", "\u{FEFF}", "\u{0}",
    ]
    let text = Array(texts[generator.nextInteger(below: texts.count)].utf8)
    if generator.nextInteger(below: 4) > 0, let run = digits(bytes, from: place(bytes)) {
      if generator.nextInteger(below: 2) == 0 {
        bytes.replaceSubrange(run, with: text)
      } else {
        // The field keeps its width.
        for (k, index) in run.enumerated() { bytes[index] = k < text.count ? text[k] : 0x20 }
      }
    } else {
      let start = place(bytes)
      for (k, byte) in text.enumerated() where start + k < bytes.count { bytes[start + k] = byte }
    }
  }

  /// Two runs of digits change places, or one digit becomes another.
  private mutating func swapDigits(_ bytes: inout [UInt8]) {
    guard let a = digits(bytes, from: place(bytes)), let b = digits(bytes, from: place(bytes)) else { return }
    if a == b {
      bytes[a.lowerBound] = 0x30 + UInt8(generator.nextInteger(below: 10))
    } else {
      for k in 0..<min(a.count, b.count) { bytes.swapAt(a.lowerBound + k, b.lowerBound + k) }
    }
  }

  /// The first run of ASCII digits at or behind a place, at most 20 of them.
  private func digits(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let first = bytes[start..<min(bytes.count, start + 2048)].firstIndex(where: isDigit) else { return nil }
    var end = first
    while end < bytes.count, end - first < 20, isDigit(bytes[end]) { end += 1 }
    return first..<end
  }
}
