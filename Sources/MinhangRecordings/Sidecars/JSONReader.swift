import MinhangCore

/// Reads JSON whose numbers must come back to the last bit.
///
/// Foundation's parser on Linux is off by a unit in the last place for some numbers, and takes time to load; a sidecar promises the same
/// numbers again. Nesting is limited, so that no file exhausts the stack. A number out of a Double's range is an error.
///
/// **Source:** RFC 8259.
struct JSONReader {
  private static let deepest = 32
  private let bytes: [UInt8]
  private var place = 0

  /// The value that a text holds; nil where it is no JSON.
  static func value(_ bytes: [UInt8]) -> JSONValue? {
    var reader = JSONReader(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.place = 3 }
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipSpace()
    return reader.place == bytes.count ? value : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func take(_ word: String) -> Bool {
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipSpace()
    guard depth < Self.deepest, let byte = next else { return nil }
    switch byte {
    case 0x7B: return object(depth: depth)
    case 0x5B: return array(depth: depth)
    case 0x22: return string().map { .string($0) }
    case 0x74: return take("true") ? .bool(true) : nil
    case 0x66: return take("false") ? .bool(false) : nil
    case 0x6E: return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    place += 1
    var members: [JSONValue.Member] = []
    if take(0x7D) { return .object(members) }
    repeat {
      skipSpace()
      guard next == 0x22, let key = string(), take(0x3A), let value = value(depth: depth + 1) else { return nil }
      members.append(JSONValue.Member(key, value))
    } while take(0x2C)
    return take(0x7D) ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    place += 1
    var values: [JSONValue] = []
    if take(0x5D) { return .array(values) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(0x2C)
    return take(0x5D) ? .array(values) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = place
    var isWhole = true
    while let byte = next {
      if byte == 0x2E || byte | 0x20 == 0x65 { isWhole = false } else if byte != 0x2D, byte != 0x2B, !HeaderNumber.isDigit(byte) { break }
      place += 1
    }
    let text = bytes[start..<place]
    if isWhole, text.count < 20, let whole = Int(String(decoding: text, as: UTF8.self)), whole != 0 || text.first != 0x2D {
      return .integer(whole)
    }
    let value = text.withUnsafeBufferPointer { DecimalNumber.value($0) }
    return value.flatMap { $0.isFinite ? .number($0) : nil }
  }

  private mutating func string() -> String? {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case 0x22: return String(validating: text, as: UTF8.self)
      case 0x5C:
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    place += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: return Unicode.Scalar(byte)
    case 0x62: return "\u{8}"
    case 0x66: return "\u{C}"
    case 0x6E: return "\n"
    case 0x72: return "\r"
    case 0x74: return "\t"
    case 0x75:
      guard let first = unit() else { return nil }
      guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
      guard take("\\u"), let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    default: return nil
    }
  }

  private mutating func unit() -> UInt32? {
    guard place + 4 <= bytes.count, bytes[place..<(place + 4)].allSatisfy({ HeaderNumber.isDigit($0) || (0x61...0x66).contains($0 | 0x20) })
    else {
      return nil
    }
    defer { place += 4 }
    return UInt32(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
  }
}

extension JSONValue {
  /// The member of an object; nil for anything else.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }
}

extension JSONValue {
  var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  var integerValue: Int? { if case .integer(let whole) = self { whole } else { nil } }
  var arrayValue: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  var numberValue: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .number(let value): value
    default: nil
    }
  }
}
