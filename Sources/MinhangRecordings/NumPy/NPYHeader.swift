import MinhangCore

/// What the header of a NumPy array says: the type of its elements, their order, the shape.
///
/// **Source:** NumPy, "A simple file format for NumPy arrays" (NEP 1): magic, version 1 to 3, length of 2 or 4 bytes, a Python dictionary with `descr`,
/// `fortran_order` and `shape`.
struct NPYHeader: Sendable, Hashable {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// No header of plain numbers is longer.
  private static let longest = 1 << 16

  var type: NPYType
  var isFortranOrder: Bool
  var shape: [Int]
  /// Bytes before the first element.
  var byteCount: Int

  /// Elements of the whole array.
  ///
  /// Checked on reading: no overflow.
  var elementCount: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// Describes an array of another file.
  ///
  /// - Parameter shape: Its product times the size of an element does not overflow: checked by the caller.
  init(type: NPYType, isFortranOrder: Bool, shape: [Int], byteCount: Int) {
    self.type = type
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    self.byteCount = byteCount
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: The array from its first byte.
  ///   - name: What the array is called in messages: empty, or `array "x" in the file: `.
  /// - Throws: `badData`, `unsupported` for elements that are no numbers.
  init(_ bytes: ArraySource, path: String, name: String) throws(RecordingError) {
    func bad(_ message: String) -> RecordingError { RecordingError(.badData, path: path, name + message) }
    guard bytes.byteCount >= 10 else { throw bad("array of \(bytes.byteCount) bytes; expected the header of a NumPy array") }
    let start = try bytes.bytes(at: 0, count: min(12, bytes.byteCount))
    guard start.starts(with: Self.magic) else {
      throw bad("magic at byte 0 is \(String(decoding: start.prefix(6), as: UTF8.self).quotedForDisplay()); expected a NumPy array")
    }
    let version = start[6]
    guard (1...3).contains(version) else { throw bad("format version at byte 6 is \(version); expected 1, 2 or 3") }
    let prefix = version == 1 ? 10 : 12
    guard start.count >= prefix else { throw bad("the header ends at byte \(start.count); expected its length") }
    let length = (8..<prefix).reduce(0) { $0 | Int(start[$1]) << (8 * ($1 - 8)) }
    guard length <= Self.longest, length <= bytes.byteCount - prefix else {
      throw bad("header length at byte 8 is \(length); expected at most \(min(Self.longest, bytes.byteCount - prefix))")
    }
    byteCount = prefix + length
    let text = String(decoding: try bytes.bytes(at: prefix, count: length), as: UTF8.self)
    guard let descr = Self.value("descr", in: text) else {
      throw bad("the header names no type (descr); expected a dictionary with descr, fortran_order and shape")
    }
    guard let type = NPYType(descr) else {
      throw RecordingError(
        .unsupported, path: path,
        name + "element type (descr) is \(descr.quotedForDisplay()); expected whole or real numbers of 1 to 8 bytes")
    }
    self.type = type
    switch Self.value("fortran_order", in: text) {
    case "True": isFortranOrder = true
    case "False": isFortranOrder = false
    case let other: throw bad("fortran_order is \((other ?? "").quotedForDisplay()); expected True or False")
    }
    let words = Self.value("shape", in: text) ?? ""
    let sizes = words.split(separator: ",").map { String($0).trimmingSpaces }
    shape = sizes.compactMap { HeaderNumber.whole($0.hasSuffix("L") ? String($0.dropLast()) : $0) }
    guard shape.count == sizes.count, shape.allSatisfy({ $0 >= 0 }), shape.count <= 32 else {
      throw bad("shape is \(words.quotedForDisplay()); expected whole numbers")
    }
    var total = type.byteCount
    for size in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product < Int.max / 16 else { throw bad("shape is \(words.quotedForDisplay()), beyond counting") }
      total = product
    }
    if shape.contains(0) { shape = shape.map { min($0, 1 << 40) } }
  }

  /// The value of a key as its text: without quotes or brackets.
  private static func value(_ key: String, in text: String) -> String? {
    guard let place = text.firstRange(of: "'\(key)':") ?? text.firstRange(of: "\"\(key)\":") else { return nil }
    let rest = text[place.upperBound...].drop { $0 == " " }
    switch rest.first {
    case "'", "\"":
      let quote = rest.first
      return rest.dropFirst().firstIndex { $0 == quote }.map { String(rest[rest.index(after: rest.startIndex)..<$0]) }
    case "(": return rest.firstIndex(of: ")").map { String(rest[rest.index(after: rest.startIndex)..<$0]) }
    case "[": return "[…]"
    default: return String(rest.prefix { $0 != "," && $0 != "}" }).trimmingSpaces
    }
  }
}

/// The type of an array's elements.
struct NPYType: Sendable, Hashable {
  /// What a number is.
  enum Kind: Character, Sendable {
    case boolean = "b"
    case signed = "i"
    case unsigned = "u"
    case real = "f"
    /// Characters of 32 bits.
    case text = "U"
    /// Characters of 8 bits.
    case bytes = "S"
  }

  var kind: Kind
  var byteCount: Int
  var isBigEndian: Bool
  /// Whether the elements are texts, not numbers.
  var isText: Bool { kind == .text || kind == .bytes }

  /// Numbers of a kind whose size is one that the kind has.
  init(_ kind: Kind, byteCount: Int, isBigEndian: Bool) {
    self.kind = kind
    self.byteCount = byteCount
    self.isBigEndian = isBigEndian
  }

  /// Reads `<f8`, `>i2`, `|u1`.
  init?(_ text: String) {
    var rest = text[...]
    isBigEndian = rest.first == ">"
    if let order = rest.first, "<>|=".contains(order) { rest = rest.dropFirst() }
    guard let kind = rest.first.flatMap(Kind.init), let count = HeaderNumber.whole(String(rest.dropFirst())) else { return nil }
    if kind == .text || kind == .bytes {
      guard (1...1 << 20).contains(count) else { return nil }
      self.kind = kind
      byteCount = kind == .text ? 4 * count : count
      return
    }
    let counts: [Int] =
      switch kind {
      case .boolean: [1]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .real: [2, 4, 8]
      case .text, .bytes: []
      }
    guard counts.contains(count) else { return nil }
    self.kind = kind
    byteCount = count
  }

  /// Turns elements into numbers; a whole number of 8 bytes is rounded to the nearest Double.
  ///
  /// - Parameters:
  ///   - bytes: The first element.
  ///   - stride: Bytes from one element to the next.
  ///   - target: Gets `count` numbers, each multiplied by `factor`.
  func decode(_ bytes: UnsafeRawPointer, stride: Int, count: Int, factor: Double, into target: UnsafeMutablePointer<Double>) {
    switch (kind, byteCount) {
    case (.text, _), (.bytes, _): for k in 0..<count { target[k] = .nan }
    case (.boolean, _): decode(bytes, stride, count, factor, target) { (value: UInt8) in value == 0 ? 0 : 1 }
    case (.signed, 1): decode(bytes, stride, count, factor, target) { (value: Int8) in Double(value) }
    case (.signed, 2): decode(bytes, stride, count, factor, target) { (value: Int16) in Double(value) }
    case (.signed, 4): decode(bytes, stride, count, factor, target) { (value: Int32) in Double(value) }
    case (.signed, _): decode(bytes, stride, count, factor, target) { (value: Int64) in Double(value) }
    case (.unsigned, 1): decode(bytes, stride, count, factor, target) { (value: UInt8) in Double(value) }
    case (.unsigned, 2): decode(bytes, stride, count, factor, target) { (value: UInt16) in Double(value) }
    case (.unsigned, 4): decode(bytes, stride, count, factor, target) { (value: UInt32) in Double(value) }
    case (.unsigned, _): decode(bytes, stride, count, factor, target) { (value: UInt64) in Double(value) }
    case (.real, 2): decode(bytes, stride, count, factor, target) { (value: UInt16) in Self.half(value) }
    case (.real, 4): decode(bytes, stride, count, factor, target) { (value: UInt32) in Double(Float(bitPattern: value)) }
    case (.real, _): decode(bytes, stride, count, factor, target) { (value: UInt64) in Double(bitPattern: value) }
    }
  }

  @inline(__always)
  private func decode<Stored: FixedWidthInteger>(
    _ bytes: UnsafeRawPointer, _ stride: Int, _ count: Int, _ factor: Double, _ target: UnsafeMutablePointer<Double>,
    _ number: (Stored) -> Double
  ) {
    for k in 0..<count {
      let stored = bytes.loadUnaligned(fromByteOffset: k * stride, as: Stored.self)
      let value = number(isBigEndian ? stored.byteSwapped : stored)
      // A factor of one leaves every bit, of a NaN too.
      target[k] = factor == 1 ? value : value * factor
    }
  }

  /// A number of 16 bits.
  ///
  /// **Source:** IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction.
  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
