import MinhangCore

/// The first 256 bytes of a file: eleven fields of ASCII text.
///
/// **Source:** Kemp et al. 1992 (EDF), Kemp & Olivan 2003 (EDF+), the header record.
struct EDFFixedHeader {
  static let byteCount = 256

  /// A field: where it lies and what it is called in messages.
  struct Field {
    let name: String
    let offset: Int
    let width: Int

    static let patient = Field(name: "patient", offset: 8, width: 80)
    static let recording = Field(name: "recording", offset: 88, width: 80)
    static let startDate = Field(name: "start date", offset: 168, width: 8)
    static let startTime = Field(name: "start time", offset: 176, width: 8)
    static let headerBytes = Field(name: "number of header bytes", offset: 184, width: 8)
    static let reserved = Field(name: "reserved", offset: 192, width: 44)
    static let recordCount = Field(name: "number of data records", offset: 236, width: 8)
    static let recordDuration = Field(name: "duration of a data record", offset: 244, width: 8)
    static let signalCount = Field(name: "number of signals", offset: 252, width: 4)
  }

  private let bytes: [UInt8]

  /// Takes the 256 bytes.
  init(bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount, "a fixed header of \(bytes.count) bytes")
    self.bytes = bytes
  }

  /// A field's text without padding.
  func text(_ field: Field) -> String { HeaderText.decoded(raw(field)) }

  /// Whether a field is ASCII, as the rules want it.
  func isPlain(_ field: Field) -> Bool { HeaderText.isPlain(raw(field)) }

  private func raw(_ field: Field) -> ArraySlice<UInt8> { bytes[field.offset..<(field.offset + field.width)] }

  /// The beginning of a message: `header field "number of signals" at byte 252 is "1A"`.
  func complaint(_ field: Field) -> String {
    "header field \"\(field.name)\" at byte \(field.offset) is \(text(field).quotedForDisplay())"
  }

  /// The number of signals, 1…9999.
  func signalCount(path: String) throws(RecordingError) -> Int {
    guard let count = HeaderNumber.whole(text(.signalCount)), (1...9999).contains(count) else {
      throw RecordingError(.badData, path: path, "\(complaint(.signalCount)); expected a whole number 1…9999")
    }
    return count
  }

  /// Compares the stated length of the header with the length it must have.
  func checkHeaderBytes(signalCount: Int, log: inout WarningLog) {
    let expected = Self.byteCount * (signalCount + 1)
    guard HeaderNumber.whole(text(.headerBytes)) != expected else { return }
    log.add(.headerLength, "\(complaint(.headerBytes)); \(signalCount) signals make \(expected), which is used")
  }

  /// The variant of the format, by the reserved field.
  func variant(of family: EDFFamily, log: inout WarningLog) -> EDFVariant {
    let text = text(.reserved)
    for variant in [EDFVariant.continuous, .discontinuous] where text.hasPrefix(family.rawValue + variant.rawValue) { return variant }
    let name = family.rawValue
    let isPlus = text.hasPrefix("EDF+") || text.hasPrefix("BDF+")
    if isPlus {
      let variant = text.dropFirst(4).hasPrefix("D") ? EDFVariant.discontinuous : .continuous
      log.add(
        .formatVariant,
        "\(complaint(.reserved)); expected \"\(name)+C\" or \"\(name)+D\", read as \(name)\(variant.rawValue)")
      return variant
    }
    if !text.isEmpty && !(family == .bdf && text == "24BIT") && !isPlain(.reserved) {
      log.add(.formatVariant, "\(complaint(.reserved)); read as plain \(family.rawValue)")
    }
    return .plain
  }

  /// The duration of a data record, seconds; nil for 0, which only annotations may have.
  func recordDuration(path: String, log: inout WarningLog) throws(RecordingError) -> ExactDecimal? {
    let text = text(.recordDuration)
    let wanted = "expected seconds as a decimal number above 0"
    guard let (value, hasComma) = HeaderNumber.decimal(text), value >= 0, value.isFinite else {
      throw RecordingError(.badData, path: path, "\(complaint(.recordDuration)); \(wanted)")
    }
    guard value > 0 else { return nil }
    if hasComma { log.add(.numberStyle, "\(complaint(.recordDuration)); the comma is taken as a decimal point") }
    if let exact = ExactDecimal(String(text.map { $0 == "," ? "." : $0 })) { return exact }
    // An exponent: outside the rules, but clear within reason.
    let nanoseconds = value * 1e9
    guard value >= 1e-6, value < 1e8, let whole = Int(exactly: nanoseconds.rounded()), abs(nanoseconds - Double(whole)) < 1e-3 else {
      throw RecordingError(.badData, path: path, "\(complaint(.recordDuration)); \(wanted)")
    }
    log.add(.numberStyle, "\(complaint(.recordDuration)); an exponent is not allowed there, read as \(value) s")
    return ExactDecimal(mantissa: whole, scale: 9)
  }

  /// Who was recorded, as the two fields state it.
  var identity: RecordingIdentity { RecordingIdentity(patientField: text(.patient), recordingField: text(.recording)) }

  /// When the file starts; nil where that cannot be known.
  ///
  /// Messages never quote the recording field.
  func start(isPlus: Bool, log: inout WarningLog) -> RecordingDate? {
    let clock = HeaderDate.triple(text(.startTime))
    let exists = clock.map { RecordingDate(year: 2000, month: 1, day: 1, hour: $0.first, minute: $0.second, second: $0.third) != nil }
    if exists != true {
      log.add(.startDate, "\(complaint(.startTime)); expected hh.mm.ss, the start is taken as unknown")
      return nil
    }
    // The date that the rules give to whoever has none.
    let isAnonymous = isPlus && text(.startDate) == "01.01.85" && text(.startTime) == "00.00.00" && identity.startDateText == nil
    guard !isAnonymous, let clock, let day = day(isPlus: isPlus, log: &log) else { return nil }
    if !clock.isStandard { log.add(.startDate, "\(complaint(.startTime)); expected hh.mm.ss, read all the same") }
    return RecordingDate(year: day.year, month: day.month, day: day.day, hour: clock.first, minute: clock.second, second: clock.third)
  }

  /// The day of the start: EDF+ states it in the recording field with four digits of the year, and again in the date field with two.
  private func day(isPlus: Bool, log: inout WarningLog) -> (day: Int, month: Int, year: Int)? {
    func exists(_ day: (day: Int, month: Int, year: Int)) -> Bool {
      RecordingDate(year: day.year, month: day.month, day: day.day, hour: 0, minute: 0, second: 0) != nil
    }
    let triple = HeaderDate.triple(text(.startDate))
    var short = triple.map { (day: $0.first, month: $0.second, year: HeaderDate.year(ofTwoDigits: $0.third)) }
    if let found = short, !exists(found) { short = nil }
    let long = isPlus ? identity.startDateText.flatMap(HeaderDate.standardDate).flatMap { exists($0) ? $0 : nil } : nil
    switch (short, long) {
    case (nil, nil):
      log.add(.startDate, "\(complaint(.startDate)); expected an existing day as dd.mm.yy, the start is taken as unknown")
      return nil
    case (let short?, nil):
      if triple?.isStandard == false { log.add(.startDate, "\(complaint(.startDate)); expected dd.mm.yy, read all the same") }
      return short
    case (nil, let long?):
      // After 2084 the rules write "yy" for the year here.
      if !text(.startDate).hasSuffix(".yy") {
        log.add(.startDate, "\(complaint(.startDate)); expected an existing day as dd.mm.yy, the day of the recording field is taken")
      }
      return long
    case (let short?, let long?):
      if short.day != long.day || short.month != long.month || short.year % 100 != long.year % 100 {
        log.add(.startDate, "\(complaint(.startDate)), which is not the day of the recording field; that one is taken")
      }
      return long
    }
  }
}
