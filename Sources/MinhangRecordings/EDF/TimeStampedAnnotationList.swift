/// One time-stamped annotation list (TAL) of EDF+: `Onset[\x15Duration]\x14text\x14[text\x14…]`, without the NUL that ends it.
///
/// **Source:** Kemp & Olivan 2003, "European data format 'plus' (EDF+)", 2.2.2 and 2.2.4.
struct TimeStampedAnnotationList {
  /// What is wrong with a list that could still be read in part.
  enum Defect: Hashable {
    case badDuration(String)
    case commaInOnset(String)
    case incompleteOnset(String)
    case unterminated
    case invalidText
    case controlCharacters
  }

  /// Why nothing can be read.
  enum Failure: Error, Hashable {
    case badOnset(String)
    case noText
  }

  /// Seconds from the start that the header states.
  var onset: Double
  /// The onset without rounding, where it has no more than 18 digits.
  var exactOnset: ExactDecimal?
  /// Seconds.
  var duration: Double?
  /// The texts; an empty first one marks the time of a record.
  var texts: [String]
  /// What is wrong.
  var defects: [Defect] = []

  /// Times beyond this, 3000 years, are damage.
  private static let limit = 1e11

  /// Reads a list.
  init(_ bytes: ArraySlice<UInt8>) throws(Failure) {
    var fields = bytes.split(separator: 0x14, omittingEmptySubsequences: false)
    // The separator also ends the list: what follows the last one must be empty.
    if fields.last?.isEmpty == true && fields.count > 1 { fields.removeLast() } else { defects.append(.unterminated) }
    let times = fields[0].split(separator: 0x15, maxSplits: 1, omittingEmptySubsequences: false)
    texts = []
    onset = 0
    let onsetBytes = times.first ?? []
    // By far the most onsets are as they should be: no text is made of them.
    if let sign = onsetBytes.first, sign == 0x2B || sign == 0x2D, let exact = ExactDecimal(bytes: onsetBytes),
      exact.mantissa.magnitude < 1 << 53,
      HeaderNumber.isDigit(onsetBytes.last ?? 0), onsetBytes.count > 1, HeaderNumber.isDigit(onsetBytes[onsetBytes.startIndex + 1]),
      abs(exact.value) < Self.limit
    {
      (onset, exactOnset) = (exact.value, exact)
    } else {
      try readOnset(HeaderText.decoded(onsetBytes), length: onsetBytes.count)
    }
    if times.count > 1 {
      let text = String(decoding: times[1], as: UTF8.self)
      duration = Self.seconds(text, isSigned: false)?.value
      if duration == nil { defects.append(.badDuration(text)) }
    }
    guard fields.count > 1 else { throw .noText }
    for field in fields.dropFirst() { texts.append(text(field)) }
  }

  private mutating func readOnset(_ text: String, length: Int) throws(Failure) {
    guard text.utf8.count == length else { throw .badOnset(text) }
    if let found = Self.seconds(text, isSigned: true) {
      (onset, exactOnset) = found
    } else if let found = Self.seconds(String(text.map { $0 == "," ? "." : $0 }), isSigned: true), text.contains(",") {
      (onset, exactOnset) = found
      defects.append(.commaInOnset(text))
    } else if let found = Self.seconds(text.hasSuffix(".") ? text + "0" : text.replacingLeadingPoint, isSigned: true) {
      (onset, exactOnset) = found
      defects.append(.incompleteOnset(text))
    } else {
      throw .badOnset(text)
    }
  }

  /// `[+-]digits[.digits]`: the sign is a must for an onset and not allowed for a duration.
  private static func seconds(_ text: String, isSigned: Bool) -> (value: Double, exact: ExactDecimal?)? {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == 0x2B || sign == 0x2D {
      guard isSigned else { return nil }
      rest = rest.dropFirst()
    } else if isSigned {
      return nil
    }
    let whole = rest.prefix(while: HeaderNumber.isDigit)
    rest = rest.dropFirst(whole.count)
    if rest.first == 0x2E {
      let fraction = rest.dropFirst().prefix(while: HeaderNumber.isDigit)
      guard !fraction.isEmpty else { return nil }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty, rest.isEmpty, let value = Double(text), abs(value) < limit else { return nil }
    return (value, ExactDecimal(text))
  }

  /// A text, decoded as UTF-8; bytes that are not come out as U+FFFD.
  private mutating func text(_ bytes: ArraySlice<UInt8>) -> String {
    let text: String
    if let valid = String(validating: bytes, as: UTF8.self) {
      text = valid
    } else {
      text = String(decoding: bytes, as: UTF8.self)
      defects.append(.invalidText)
    }
    if bytes.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) { defects.append(.controlCharacters) }
    return text
  }
}

extension String {
  /// `+.5` as `+0.5`.
  fileprivate var replacingLeadingPoint: String {
    guard let sign = first, sign == "+" || sign == "-", dropFirst().first == "." else { return self }
    return "\(sign)0" + dropFirst()
  }
}
