import MinhangCore

/// The first 256 bytes of a GDF file.
///
/// Its version decides on the layout: up to 1.89 that of EDF with binary numbers, then another.
struct GDFFixedHeader {
  static let byteCount = 256

  /// Seconds of a data record as a fraction.
  struct RecordDuration: Sendable, Hashable {
    var numerator: Double
    var denominator: Double

    var seconds: Double { numerator / denominator }
    /// Whether any recorder would write it.
    var isPlausible: Bool { seconds >= 1e-6 && seconds <= 1e5 }
    func rate(of samples: Int) -> Double { Double(samples) * denominator / numerator }
    func times(_ records: Int) -> Double { Double(records) * numerator / denominator }
  }

  let numbers: LittleEndianBytes
  /// 2.20 is 220.
  let version: Int
  let path: String

  var isFirst: Bool { version < 190 }
  /// The event table has its rate before its count.
  var hasOldEventTable: Bool { version < 194 }

  init(bytes: [UInt8], path: String) throws(RecordingError) {
    numbers = LittleEndianBytes(bytes)
    self.path = path
    let text = String(decoding: bytes[4..<8], as: UTF8.self)
    let parts = text.trimmingSpaces.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy(HeaderNumber.isDigit) }),
      let major = Int(parts[0]), let minor = Int(parts[1])
    else {
      throw RecordingError(
        .badData, path: path, "header field \"version\" at byte 4 is \(text.quotedForDisplay()); expected a number such as 1.25 or 2.20")
    }
    version = 100 * major + (parts[1].utf8.count == 1 ? 10 * minor : minor)
  }

  /// `2.20`.
  var versionText: String { "\(version / 100).\(version / 10 % 10)\(version % 10)" }

  func signalCount(byteCount: Int) throws(RecordingError) -> Int {
    let count = isFirst ? numbers.u32(252) : numbers.u16(252)
    guard (1...65_535).contains(count), 256 * (count + 1) <= byteCount else {
      throw RecordingError(
        .badData, path: path,
        "header field \"number of signals\" at byte 252 is \(count); expected 1…65535 and a header of 256 bytes for each in a file of \(byteCount)"
      )
    }
    return count
  }

  /// The length of the header that it states, in bytes; nil where it is negative or beyond counting.
  var statedHeaderBytes: Int { isFirst ? numbers.i64(184) : 256 * numbers.u16(184) }

  /// Refuses a version that the header contradicts: all numbers would be read from the wrong layout.
  func refuseOtherVersion(signalCount: Int) throws(RecordingError) {
    let asFirst = numbers.i64(184) == 256 * (signalCount + 1)
    let asSecond = numbers.u16(184) == signalCount + 1
    guard isFirst ? (!asFirst && asSecond) : (!asSecond && asFirst) else { return }
    throw RecordingError(
      .badData, path: path,
      "header field \"version\" at byte 4 is \(versionText), but the header length at byte 184 is that of version \(isFirst ? 2 : 1); expected one version"
    )
  }

  var statedRecordCount: Int { numbers.i64(236) }

  /// The duration of a record by the version, and by the other encoding where that alone makes sense; nil where neither does.
  func recordDuration(log: inout WarningLog) -> RecordDuration? {
    let fraction = RecordDuration(numerator: Double(numbers.u32(244)), denominator: Double(numbers.u32(248)))
    let float = RecordDuration(numerator: numbers.f64(244), denominator: 1)
    // The switch lies between 2.20 and 2.21.
    let (own, other) = version <= 220 ? (fraction, float) : (float, fraction)
    if own.isPlausible { return own }
    guard !isFirst, other.isPlausible else { return nil }
    log.add(
      .numberStyle,
      "header field \"record duration\" at byte 244 makes no sense as version \(versionText) stores it; read in the other encoding, \(other.seconds) s"
    )
    return other
  }

  var durationShown: String {
    version <= 220 ? "\(numbers.u32(244))/\(numbers.u32(248)) s" : "\(numbers.f64(244)) s"
  }

  // MARK: - Date and identity

  func start(log: inout WarningLog) -> RecordingDate? {
    let date: RecordingDate?
    if isFirst {
      let text = numbers.text(168, 16)
      if text.isEmpty { return nil }
      date = Self.date(text)
    } else {
      let value = numbers.u64(168)
      if value == 0 { return nil }
      date = Self.date(value).flatMap { (1850...2200).contains($0.year) ? $0 : nil }
    }
    if date == nil {
      let expectation = isFirst ? "YYYYMMDDhhmmsscc" : "days since the year 0 in 32.32 fixed point"
      log.add(.startDate, "header field \"start\" at byte 168 is no date; expected \(expectation); the start is unknown")
    }
    return date
  }

  /// `YYYYMMDDhhmmss` with hundredths of a second, or without.
  static func date(_ text: String) -> RecordingDate? {
    let digits = Array(text.utf8)
    guard digits.count == 14 || digits.count == 16, digits.allSatisfy(HeaderNumber.isDigit) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { 10 * $0 + Int($1 - 0x30) } }
    return RecordingDate(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10), minute: number(10..<12),
      second: number(12..<14), fraction: digits.count == 16 ? Double(number(14..<16)) / 100 : 0)
  }

  /// Days since day 0 of the year 0 in 32.32 fixed point: day 367 is 1 January of the year 1.
  static func date(_ value: UInt64) -> RecordingDate? {
    let first = RecordingDate(year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    var seconds = Double(value & 0xFFFF_FFFF) / 4_294_967_296 * 86_400
    // A step of the fixed point is 20 µs: whole seconds come out whole.
    if (seconds - seconds.rounded()).magnitude < 2e-5 { seconds = seconds.rounded() }
    return first?.advanced(by: (Double(value >> 32) - 367) * 86_400)?.advanced(by: seconds)
  }

  var identity: RecordingIdentity {
    let patient = numbers.text(8, isFirst ? 80 : 66)
    let words = patient.split(separator: " ").map(String.init)
    let recording = numbers.text(88, isFirst ? 80 : 64).split(separator: " ").joined(separator: isFirst ? " " : "_")
    var identity = RecordingIdentity.anonymous
    if isFirst {
      if !words.isEmpty { identity.patientField = words.joined(separator: " ") }
      if !recording.isEmpty { identity.recordingField = recording }
      return identity
    }
    let sex = ["X", "M", "F", "X"][numbers.byte(87) & 3]
    let birthday = numbers.u64(176) == 0 ? nil : Self.date(numbers.u64(176))
    let born = birthday.flatMap { (1850...2200).contains($0.year) ? HeaderDate.standardText($0) : nil }
    let name = words.count > 1 ? words.dropFirst().joined(separator: "_") : "X"
    identity.patientField = "\(words.first ?? "X") \(sex) \(born ?? "X") \(name)"
    if !recording.isEmpty { identity.recordingField = "Startdate X \(recording) X X" }
    return identity
  }
}
