import MinhangCore

/// The fields of one line, as places in it.
///
/// A field may stand in double quotes, in which a doubled quote is one (RFC 4180); a quote that is never closed is an
/// ordinary character, as are all after it in its line. White
/// space around a field does not belong to it. Where a space divides, any number of spaces is one division.
struct TableFields: Sendable {
  let delimiter: UInt8
  /// The fields of the line that was split last, without quotes.
  private(set) var ranges: [Range<Int>] = []
  /// Whether a quote of that line was never closed.
  private(set) var hasOpenQuote = false

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// Splits a line.
  mutating func split(_ line: UnsafeBufferPointer<UInt8>) {
    ranges.removeAll(keepingCapacity: true)
    hasOpenQuote = false
    let count = line.count
    var place = 0
    if delimiter == 0x20 { while place < count, Self.isSpace(line[place]) { place += 1 } }
    while true {
      var start = place
      while start < count, Self.isSpace(line[start]), line[start] != delimiter { start += 1 }
      if start < count, line[start] == 0x22, !hasOpenQuote, let close = Self.closingQuote(line, after: start) {
        ranges.append((start + 1)..<close)
        place = close + 1
        while place < count, line[place] != delimiter { place += 1 }
      } else {
        if start < count, line[start] == 0x22 { hasOpenQuote = true }
        place = start
        while place < count, line[place] != delimiter { place += 1 }
        var end = place
        while end > start, Self.isSpace(line[end - 1]) { end -= 1 }
        ranges.append(start..<end)
      }
      guard place < count else { return }
      place += 1
      if delimiter == 0x20 {
        while place < count, Self.isSpace(line[place]) { place += 1 }
        if place == count { return }
      }
    }
  }

  /// The quote that closes a field: one that is not doubled, with nothing but white space before the next delimiter.
  private static func closingQuote(_ line: UnsafeBufferPointer<UInt8>, after start: Int) -> Int? {
    var place = start + 1
    while place < line.count {
      if line[place] == 0x22 {
        guard place + 1 < line.count, line[place + 1] == 0x22 else { return place }
        place += 1
      }
      place += 1
    }
    return nil
  }

  /// The text of a field: doubled quotes made single, UTF-8 or else Latin-1.
  static func text(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
    let bytes = Array(line[range])
    let text = HeaderText.decoded(bytes[...])
    guard text.utf8.contains(0x22) else { return text }
    var single = ""
    var isHalf = false
    for character in text {
      if character == "\"" && isHalf {
        isHalf = false
        continue
      }
      isHalf = character == "\""
      single.append(character)
    }
    return single
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// What a cell of a column of numbers holds.
enum TableCell {
  /// A number; infinite where it is written so or too large.
  case number(Double)
  /// Nothing, or a word for nothing: `nan`, `NA`, `n/a`, `null`, `-`.
  case missing
  /// Anything else.
  case text

  init(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8) {
    if let value = DecimalNumber.value(bytes, point: point) {
      self = .number(value)
    } else {
      self = Self.isMissing(bytes) ? .missing : .text
    }
  }

  static func isMissing(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= 5 else { return false }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "", "nan", "-nan", "+nan", "na", "n/a", "null", "none", "-": return true
    default: return false
    }
  }
}
