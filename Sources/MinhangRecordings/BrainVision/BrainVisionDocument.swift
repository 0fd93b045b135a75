import MinhangCore

/// The text of a header or marker file: sections of `key=value` lines, in the code page that the file states.
///
/// Lines end with CR LF, LF or CR. A line that begins with `;` is a comment; what follows `[Comment]` is free text.
struct BrainVisionDocument {
  /// The largest file that is read; a header of 100 000 channels has some megabytes, a million markers forty.
  static let byteLimit = 256 << 20

  /// A line of a section.
  struct Line {
    /// What stands before the equals sign; nil where there is none.
    var key: ArraySlice<UInt8>?
    var value: ArraySlice<UInt8>
    /// Line of the file, from 1.
    var number: Int
  }

  /// How bytes beyond ASCII are read.
  enum Encoding { case utf8, windows1252 }

  let encoding: Encoding
  /// The first line, without white space at its ends.
  let firstLine: String
  /// The lines of each section, by its name in lower case.
  private(set) var sections: [String: [Line]] = [:]
  /// What follows `[Comment]`.
  private(set) var comment: ArraySlice<UInt8> = []
  /// Sections that appear more than once.
  private(set) var repeatedSections: [String] = []

  init(_ bytes: [UInt8], what: String, path: String, log: inout WarningLog) throws(RecordingError) {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw RecordingError(.unsupported, path: path, "\(what) text encoding at byte 0 is UTF-16; expected UTF-8 or ANSI")
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var lines: [(section: String, line: Line)] = []
    var section = ""
    var first: ArraySlice<UInt8> = []
    var codepage: ArraySlice<UInt8>?
    var seen: Set<String> = []
    var number = 0
    var place = start
    scan: while place < bytes.count {
      var end = place
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      let line = Self.trimmed(bytes[place..<end])
      number += 1
      place = end + 1
      if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { place += 1 }
      if number == 1 { first = line }
      guard number > 1, let head = line.first, head != 0x3B else { continue }
      if head == 0x5B, line.last == 0x5D {
        section = String(decoding: line.dropFirst().dropLast(), as: UTF8.self).lowercased()
        if section == "comment" {
          comment = bytes[min(place, bytes.count)...]
          break scan
        }
        if !seen.insert(section).inserted { repeatedSections.append(section) }
        sections[section] = sections[section] ?? []
        continue
      }
      guard let equals = line.firstIndex(of: 0x3D) else {
        lines.append((section, Line(key: nil, value: line, number: number)))
        continue
      }
      let key = Self.trimmed(line[..<equals])
      let value = Self.trimmed(line[(equals + 1)...])
      if section == "common infos", Self.equal(key, "codepage") { codepage = value }
      lines.append((section, Line(key: key, value: value, number: number)))
    }
    // What is free text at the end need not be valid.
    let read = bytes[start..<min(place, bytes.count)]
    let stated = codepage.map { String(decoding: $0, as: UTF8.self) }
    switch stated?.lowercased() {
    case "utf-8", "utf8":
      encoding = Self.isUTF8(read) ? .utf8 : .windows1252
      if encoding == .windows1252 {
        log.add(.headerText, "\(what): Codepage is UTF-8 but the text is not valid UTF-8; read as Windows-1252")
      }
    case "ansi", "windows-1252", "cp1252", "latin-1", "iso-8859-1":
      encoding = .windows1252
    default:
      encoding = Self.isUTF8(read) ? .utf8 : .windows1252
      if let stated {
        log.add(
          .headerText,
          "\(what): Codepage is \(stated.quotedForDisplay()); expected UTF-8 or ANSI; read as \(encoding == .utf8 ? "UTF-8" : "Windows-1252")"
        )
      }
    }
    firstLine = String(decoding: first, as: UTF8.self)
    for (section, line) in lines { sections[section, default: []].append(line) }
  }

  /// A value as text.
  func text(_ bytes: ArraySlice<UInt8>) -> String {
    if encoding == .utf8 { return String(decoding: bytes, as: UTF8.self) }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar(Self.windows1252($0)) ?? "\u{FFFD}" }))
  }

  /// The fields of a value, separated by commas; `\1` within a field is a comma.
  static func fields(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    value.split(separator: 0x2C, omittingEmptySubsequences: false).map { trimmed($0) }
  }

  /// A field as text, with its commas.
  func field(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(0x5C) else { return text(bytes) }
    var plain: [UInt8] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      if bytes[place] == 0x5C, place + 1 < bytes.endIndex, bytes[place + 1] == 0x31 {
        plain.append(0x2C)
        place += 2
      } else {
        plain.append(bytes[place])
        place += 1
      }
    }
    return text(plain[...])
  }

  /// The last value of a key in a section.
  func value(_ key: String, in section: String) -> String? {
    sections[section]?.last { $0.key.map { Self.equal($0, key) } ?? false }.map { text($0.value) }
  }

  /// The number behind a prefix: 12 of `Ch12`; nil for any other key.
  static func number(of key: ArraySlice<UInt8>, after prefix: String) -> Int? {
    guard key.count > prefix.utf8.count, equal(key.prefix(prefix.utf8.count), prefix) else { return nil }
    return whole(key.dropFirst(prefix.utf8.count))
  }

  /// A whole number without sign, of at most 18 digits.
  static func whole(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard (1...18).contains(bytes.count) else { return nil }
    var number = 0
    for byte in bytes {
      guard HeaderNumber.isDigit(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  static func equal(_ bytes: ArraySlice<UInt8>, _ lowercased: String) -> Bool {
    bytes.count == lowercased.utf8.count
      && zip(bytes, lowercased.utf8).allSatisfy {
        ((0x41...0x5A).contains($0) ? $0 | 0x20 : $0) == ((0x41...0x5A).contains($1) ? $1 | 0x20 : $1)
      }
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
    return bytes
  }

  private static func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// The scalar of a byte of Windows-1252: Latin-1 but for 80…9F.
  private static func windows1252(_ byte: UInt8) -> UInt32 {
    guard (0x80...0x9F).contains(byte) else { return UInt32(byte) }
    return special[Int(byte) - 0x80]
  }

  private static let special: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}
