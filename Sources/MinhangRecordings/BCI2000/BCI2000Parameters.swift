import MinhangCore

/// The parameters of a header that matter for reading: `Section type Name= value default low high // comment`.
///
/// A list is `N value value …` or `{ label … } value …`. In words `%20` is a space, `%%` a percent sign, and `%` alone an empty text.
///
/// **Source:** BCI2000 wiki, "Technical Reference: Parameter Definition".
struct BCI2000Parameters {
  private static let wanted: Set<String> = [
    "SamplingRate", "ChannelNames", "SourceChOffset", "SourceChGain", "StorageTime", "SubjectName", "SubjectSession", "SubjectRun",
    "SampleBlockSize",
  ]

  private var values: [String: [String]] = [:]

  /// The values of a parameter; nil where it is not in the header.
  subscript(_ name: String) -> [String]? { values[name] }

  /// The one value of a parameter; nil where it is not in the header or empty.
  func text(_ name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

  /// Reads a line; all but a few parameters are skipped.
  mutating func add(_ line: ArraySlice<UInt8>, log: inout WarningLog) {
    let parts = line.split(maxSplits: 3, whereSeparator: Self.isSpace)
    guard parts.count >= 3 else { return }
    var name = String(decoding: parts[2], as: UTF8.self)
    guard name.utf8.last == 0x3D else { return }
    name.removeLast()
    guard Self.wanted.contains(name) else { return }
    let words = parts.count < 4 ? [] : parts[3].split(whereSeparator: Self.isSpace).prefix { !$0.starts(with: [0x2F, 0x2F]) }
    let type = String(decoding: parts[1], as: UTF8.self)
    guard values[name] == nil else {
      log.add(.headerText, "parameter \(name) is defined twice; the first definition counts")
      return
    }
    guard type.hasSuffix("list") else {
      values[name] = [words.first.map(Self.decoded) ?? ""]
      return
    }
    values[name] = Self.list(words[...], name: name, log: &log)
  }

  private static func list(_ words: ArraySlice<ArraySlice<UInt8>>, name: String, log: inout WarningLog) -> [String] {
    guard let first = words.first else { return [] }
    var count = HeaderNumber.whole(String(decoding: first, as: UTF8.self))
    var rest = words.dropFirst()
    if first.elementsEqual("{".utf8) {
      let labels = rest.prefix { !$0.elementsEqual("}".utf8) }
      count = labels.count
      rest = rest.dropFirst(labels.count + 1)
    }
    guard let count, count >= 0 else {
      log.add(
        .headerText,
        "parameter \(name) begins with \(HeaderText.decoded(first).quotedForDisplay()); expected the number of its values; taken as empty")
      return []
    }
    if count > rest.count { log.add(.headerText, "parameter \(name) states \(count) values; \(rest.count) are there") }
    return rest.prefix(count).map(decoded)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// The text that a word stands for.
  static func decoded(_ word: ArraySlice<UInt8>) -> String {
    if word.elementsEqual("%".utf8) { return "" }
    guard word.contains(0x25) else { return HeaderText.decoded(word) }
    var bytes: [UInt8] = []
    var place = word.startIndex
    while place < word.endIndex {
      let byte = word[place]
      place += 1
      guard byte == 0x25, place < word.endIndex else {
        bytes.append(byte)
        continue
      }
      if word[place] == 0x25 {
        bytes.append(0x25)
        place += 1
      } else if place + 1 < word.endIndex, let value = UInt8(String(decoding: word[place..<(place + 2)], as: UTF8.self), radix: 16) {
        bytes.append(value)
        place += 2
      } else {
        bytes.append(0x25)
      }
    }
    return HeaderText.decoded(bytes[...])
  }

  /// A number and the unit behind it: `250Hz`, `0.1muV`, `-3`; nil where there is no number.
  static func quantity(_ text: String) -> (value: Double, unit: String)? {
    let bytes = Array(text.utf8)
    func isDigit(_ place: Int) -> Bool { place < bytes.count && HeaderNumber.isDigit(bytes[place]) }
    func isSign(_ place: Int) -> Bool { place < bytes.count && (bytes[place] == 0x2B || bytes[place] == 0x2D) }
    var end = isSign(0) ? 1 : 0
    while isDigit(end) { end += 1 }
    if end < bytes.count, bytes[end] == 0x2E { end += 1 }
    while isDigit(end) { end += 1 }
    if end < bytes.count, bytes[end] | 0x20 == 0x65 {
      var exponent = isSign(end + 1) ? end + 2 : end + 1
      if isDigit(exponent) {
        while isDigit(exponent) { exponent += 1 }
        end = exponent
      }
    }
    guard let number = HeaderNumber.decimal(String(decoding: bytes[..<end], as: UTF8.self)) else { return nil }
    return (number.value, String(decoding: bytes[end...], as: UTF8.self).trimmingSpaces)
  }
}
