import MinhangCore

/// Anonymises GDF 1.x and 2.x.
///
/// The fixed header is written anew but for what describes the samples; reserved bytes and the tag-length-value part behind the channels become
/// zeros. The event table holds codes and places only and stays.
///
/// **Source:** Schlögl, "GDF: a general dataformat for biosignals", versions 1.25 and 2.51, the header tables.
struct GDFAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions
  private let isFirstVersion: Bool
  private let version: Double
  private var header: [UInt8]
  private var report = AnonymizationReport(format: "GDF")

  init(file: RandomAccessFile, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
    guard file.byteCount >= 256 else {
      throw RecordingError(.badData, path: file.path, "file size is \(file.byteCount) bytes; expected at least the 256 of a header")
    }
    let fixed = try file.bytes(at: 0, count: 256)
    let text = HeaderText.decoded(fixed[4..<8])
    guard let version = HeaderNumber.decimal(text)?.value, version >= 1, version < 10 else {
      throw RecordingError(
        .badData, path: file.path, "header field \"version\" at byte 4 is \(text.quotedForDisplay()); expected 1.00…9.99")
    }
    self.version = version
    isFirstVersion = version < 1.9
    let count = Self.number(fixed, at: 252, width: isFirstVersion ? 4 : 2)
    let stated = isFirstVersion ? Self.number(fixed, at: 184, width: 8) : Self.number(fixed, at: 184, width: 2) * 256
    guard (1...65_535).contains(count), stated >= 256 * (count + 1), stated <= file.byteCount else {
      throw RecordingError(
        .badData, path: file.path,
        "header field \"header length\" at byte 184 is \(stated) bytes for \(count) channels in a file of \(file.byteCount); expected \(256 * (count + 1)) or more"
      )
    }
    header = try file.bytes(at: 0, count: stated)
    try rewriteFixed()
    rewriteChannels(count)
    zero(256 * (count + 1)..<stated)
    if stated > 256 * (count + 1) { report.clear("header 3") }
  }

  /// A whole number, little-endian; 0 where it is beyond counting.
  private static func number(_ bytes: [UInt8], at offset: Int, width: Int) -> Int {
    Int(exactly: LittleEndianBytes(bytes).unsigned(at: offset, count: width)) ?? 0
  }

  private mutating func zero(_ range: Range<Int>) { for k in range { header[k] = 0 } }

  private mutating func put(_ text: String, in range: Range<Int>) {
    let bytes = Array(text.utf8.prefix(range.count))
    for (k, index) in range.enumerated() { header[index] = k < bytes.count ? bytes[k] : 0x20 }
  }

  private mutating func rewriteFixed() throws(RecordingError) {
    var names = ["patient", "recording", "start", "equipment", "laboratory", "technician"]
    if isFirstVersion {
      put("X X X X", in: 8..<88)
      put("X", in: 88..<168)
      try rewriteTextualStart()
      zero(192..<236)
    } else {
      put("X X", in: 8..<74)
      zero(74..<88)
      put("X", in: 88..<152)
      zero(152..<168)
      // 2^32 units are a day; 0 is an unknown start.
      var start: UInt64 = 0
      if let days = options.shiftDays {
        let stated = LittleEndianBytes(header).u64(168)
        if stated != 0 { start = try Self.moved(stated, by: days, path: file.path) }
      }
      for k in 0..<8 { header[168 + k] = UInt8(truncatingIfNeeded: start >> UInt64(8 * k)) }
      zero(176..<184)
      zero(186..<212)
      zero(254..<256)
      names += ["birthday", "body", "location", "diagnosis", "address", "head size"]
    }
    for name in names { report.clear(name) }
  }

  /// A start in units of 2^-32 days, moved.
  private static func moved(_ start: UInt64, by days: Int, path: String) throws(RecordingError) -> UInt64 {
    let (units, isBeyond) = UInt64(days.magnitude).multipliedReportingOverflow(by: 1 << 32)
    let (moved, isOut) = days < 0 ? start.subtractingReportingOverflow(units) : start.addingReportingOverflow(units)
    guard !isBeyond, !isOut, moved > 0 else {
      throw RecordingError(
        .badRequest, path: path,
        "header field \"start\" at byte 168 is day \(start >> 32) and cannot be moved by \(days) days; expected a date of the calendar")
    }
    return moved
  }

  /// `YYYYMMDDhhmmsscc` of version 1; spaces are an unknown start.
  private mutating func rewriteTextualStart() throws(RecordingError) {
    let digits = header[168..<184].map { HeaderNumber.isDigit($0) ? Int($0) - 0x30 : -1 }
    func part(_ range: Range<Int>) -> Int { range.reduce(0) { digits[$1] < 0 ? -1_000_000 : $0 * 10 + digits[$1] } }
    var text = ""
    if let days = options.shiftDays,
      let start = RecordingDate(
        year: part(0..<4), month: part(4..<6), day: part(6..<8), hour: part(8..<10), minute: part(10..<12), second: part(12..<14))
    {
      guard let moved = start.advanced(by: Double(days) * 86_400) else {
        throw RecordingError(
          .badRequest, path: file.path,
          "header field \"start\" at byte 168 is \(start.iso8601) and cannot be moved by \(days) days; expected a date of the calendar")
      }
      func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
      }
      let hundredths = part(14..<16)
      text = padded(moved.year, 4) + padded(moved.month, 2) + padded(moved.day, 2) + padded(moved.hour, 2) + padded(moved.minute, 2)
      text += padded(moved.second, 2) + (hundredths >= 0 ? padded(hundredths, 2) : "00")
    }
    put(text, in: 168..<184)
  }

  private mutating func rewriteChannels(_ count: Int) {
    for channel in 0..<count {
      func place(_ before: Int, _ width: Int) -> Range<Int> {
        let start = 256 + before * count + width * channel
        return start..<(start + width)
      }
      /// A text stays if it is technical, and is written anew, so that nothing hides behind it.
      func review(_ range: Range<Int>, _ name: String) {
        let text = HeaderText.decoded(header[range].prefix { $0 != 0 })
        let isKept = TechnicalText.isTechnical(text)
        put(isKept ? text : "", in: range)
        if !isKept { report.clear(name) }
      }
      review(place(16, 80), "transducer")
      if isFirstVersion {
        review(place(136, 80), "prefilter")
        zero(place(224, 32))
      } else {
        // Obsolete text; then the lags and edges of the filters, as numbers.
        zero(place(136, 64))
        let reserved = place(236, 20)
        zero((reserved.lowerBound + (version < 2.19 ? 1 : 4))..<reserved.upperBound)
      }
    }
  }

  func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    var report = report
    let end = try contentEnd()
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append(header)
    try output.append(header.count..<end, of: file)
    report.sampleBytes = end - header.count
    report.cutBytes = file.byteCount - end
    try output.commit()
    report.files = [target.path]
    return report
  }

  /// The end of samples and event table; what follows belongs to nothing.
  ///
  /// The end of the file where the sizes cannot be told.
  private func contentEnd() throws(RecordingError) -> Int {
    let count = Self.number(header, at: 252, width: isFirstVersion ? 4 : 2)
    var recordBits = 0
    for channel in 0..<count {
      let samples = Self.number(header, at: 256 + 216 * count + 4 * channel, width: 4)
      let type = Self.number(header, at: 256 + 220 * count + 4 * channel, width: 4)
      guard let bits = Self.bits(ofType: type) else { return file.byteCount }
      let (product, overflow) = samples.multipliedReportingOverflow(by: bits)
      let (sum, overflow2) = recordBits.addingReportingOverflow(product)
      guard !overflow, !overflow2 else { return file.byteCount }
      recordBits = sum
    }
    let records = Self.number(header, at: 236, width: 8)
    let (data, overflow) = (recordBits / 8).multipliedReportingOverflow(by: records)
    let (table, overflow2) = data.addingReportingOverflow(header.count)
    guard records > 0, !overflow, !overflow2, table <= file.byteCount else { return file.byteCount }
    guard table + 8 <= file.byteCount else { return table }
    let head = try file.bytes(at: table, count: 8)
    let events = isFirstVersion ? Self.number(head, at: 4, width: 4) : Self.number(head, at: 1, width: 3)
    let mode = head[0]
    guard [1, 3, 5, 7].contains(mode) else { return table }
    let each = 6 + (mode & 2 != 0 ? 6 : 0) + (mode & 4 != 0 ? 8 : 0)
    let (bytes, overflow3) = events.multipliedReportingOverflow(by: each)
    guard !overflow3, bytes <= file.byteCount - table - 8 else { return file.byteCount }
    return table + 8 + bytes
  }

  /// Bits of a stored value of a type; nil for types unknown.
  private static func bits(ofType type: Int) -> Int? {
    let plain = [1: 8, 2: 8, 3: 16, 4: 16, 5: 32, 6: 32, 7: 64, 8: 64, 16: 32, 17: 64, 18: 128]
    if let bits = plain[type] { return bits }
    if (256...319).contains(type) { return type - 255 }
    return (512...575).contains(type) ? type - 511 : nil
  }
}
