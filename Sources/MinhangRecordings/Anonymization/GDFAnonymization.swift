import MinhangCore

/// Anonymises GDF 1.x and 2.x.
///
/// The fixed header and those of the signals are written anew with what the reader takes from them; all other bytes are zeros,
/// and the tag-length-value part behind the signals is left out. Whole records stay, and the events, codes and places only, in a
/// table of their own without time stamps; what lies around them is left out.
///
/// **Source:** Schlögl, "GDF: a general dataformat for biosignals", versions 1.25 and 2.51, the header tables.
struct GDFAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions
  private let fixed: GDFFixedHeader
  private var layout: GDFLayout
  /// The header as the file has it.
  private let source: [UInt8]
  private var header: [UInt8]
  private var report = AnonymizationReport(format: "GDF")

  init(file: RandomAccessFile, head: FileHead, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
    let opening = try GDFOpening(file: file, head: head)
    layout = opening.layout
    report.warnings = opening.info.warnings
    fixed = try GDFFixedHeader(bytes: try file.bytes(at: 0, count: GDFFixedHeader.byteCount), path: file.path)
    let count = layout.offsets.count
    source = try file.bytes(at: 0, count: 256 * (count + 1))
    header = [UInt8](repeating: 0, count: source.count)
    try findData()
    try writeFixed(signalCount: count)
    for signal in 0..<count { writeSignal(signal, of: count) }
    if layout.headerBytes > source.count { report.clear("header 3") }
  }

  /// Looks for the data where the header says that it is longer than the reader takes it for: to the reader what lies behind the signals are
  /// samples, but it could be text.
  private mutating func findData() throws(RecordingError) {
    let stated = fixed.statedHeaderBytes
    guard stated > source.count, layout.headerBytes != stated else { return }
    let records = fixed.statedRecordCount
    let (bytes, overflow) = records.multipliedReportingOverflow(by: layout.recordBytes)
    let isThere = records > 0 && !overflow && stated <= file.byteCount && bytes <= file.byteCount - stated
    let table = isThere ? try GDFEventTable(file: file, at: stated + bytes, isOld: fixed.hasOldEventTable) : nil
    let isWhole = table.map { $0.hasKnownMode && $0.stated * $0.entryBytes <= $0.rest } ?? false
    guard isThere, isWhole || stated + bytes == file.byteCount else {
      throw RecordingError(
        .badData, path: file.path,
        "header length at byte 184 is \(stated) bytes, those of the signals end at byte \(source.count); expected no bytes between, which could be text"
      )
    }
    (layout.headerBytes, layout.recordCount, layout.tableByte) = (stated, records, table?.byte)
  }

  private mutating func keep(_ range: Range<Int>) { header.replaceSubrange(range, with: source[range]) }

  private mutating func put(_ text: String, in range: Range<Int>) {
    let bytes = Array(text.utf8.prefix(range.count))
    for (k, index) in range.enumerated() { header[index] = k < bytes.count ? bytes[k] : 0x20 }
  }

  private mutating func put(_ number: Int, at offset: Int, width: Int) {
    for k in 0..<width { header[offset + k] = UInt8(truncatingIfNeeded: number >> (8 * k)) }
  }

  // MARK: - Header

  private mutating func writeFixed(signalCount: Int) throws(RecordingError) {
    var names = ["patient", "recording", "start", "equipment", "laboratory", "technician"]
    keep(0..<8)
    if fixed.isFirst {
      put("X X X X", in: 8..<88)
      put("X", in: 88..<168)
      put(try textualStart(), in: 168..<184)
      put(header.count, at: 184, width: 8)
    } else {
      put("X X", in: 8..<74)
      put("X", in: 88..<152)
      // 2^32 units are a day; 0 is an unknown start.
      let stated = fixed.numbers.u64(168)
      if let days = options.shiftDays, stated != 0 {
        put(Int(truncatingIfNeeded: try Self.moved(stated, by: days, path: file.path)), at: 168, width: 8)
      }
      put(header.count / 256, at: 184, width: 2)
      names += ["birthday", "body", "location", "diagnosis", "address", "head size"]
    }
    put(layout.recordCount, at: 236, width: 8)
    keep(244..<252)
    put(signalCount, at: 252, width: fixed.isFirst ? 4 : 2)
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

  /// `YYYYMMDDhhmmsscc` of version 1; empty for an unknown start.
  private func textualStart() throws(RecordingError) -> String {
    guard let days = options.shiftDays, let start = GDFFixedHeader.date(fixed.numbers.text(168, 16)) else { return "" }
    guard let moved = start.advanced(by: Double(days) * 86_400) else {
      throw RecordingError(
        .badRequest, path: file.path,
        "header field \"start\" at byte 168 is \(start.iso8601) and cannot be moved by \(days) days; expected a date of the calendar")
    }
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let clock = [moved.month, moved.day, moved.hour, moved.minute, moved.second, min(99, Int((moved.fraction * 100).rounded()))]
    return padded(moved.year, 4) + clock.map { padded($0, 2) }.joined()
  }

  private mutating func writeSignal(_ signal: Int, of count: Int) {
    func place(_ before: Int, _ width: Int) -> Range<Int> {
      let start = 256 + before * count + width * signal
      return start..<(start + width)
    }
    /// A text as far as a NUL, in the encoding that it has, where it may stay; else zeros.
    func text(_ range: Range<Int>, _ name: String, _ isKept: (String) -> Bool) {
      let bytes = source[range].prefix { $0 != 0 }
      let isWhole = source[range].dropFirst(bytes.count).allSatisfy { $0 == 0 || $0 == 0x20 }
      let isUsable = isKept(HeaderText.decoded(bytes))
      if isUsable { keep(range.lowerBound..<bytes.endIndex) }
      if !isWhole || !isUsable { report.clear(name) }
    }
    text(place(0, 16), "label") { _ in true }
    text(place(16, 80), "transducer", TechnicalText.isTechnical)
    // Physical and digital minimum and maximum.
    for before in [104, 112, 120, 128] { keep(place(before, 8)) }
    // Samples in a record, and their type.
    for before in [216, 220] { keep(place(before, 4)) }
    if fixed.isFirst {
      text(place(96, 8), "unit", TechnicalText.isUnit)
      text(place(136, 80), "prefilter", TechnicalText.isTechnical)
    } else {
      // The text is obsolete; where there is a code behind it, nobody reads it.
      let hasCode = source[place(102, 2)].contains { $0 != 0 }
      text(place(96, 6), "unit") { hasCode ? $0.isEmpty : TechnicalText.isUnit($0) }
      keep(place(102, 2))
      // Edges of the filters, position.
      for before in [204, 208, 212] { keep(place(before, 4)) }
      keep(place(224, 12))
      for range in [place(136, 68), place(236, 20)] where source[range].contains(where: { $0 != 0 }) { report.clear("lags and impedances") }
    }
  }

  // MARK: - Samples and events

  mutating func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    let end = layout.byte(ofRecord: layout.recordCount)
    let table = try eventTable()
    try output.append(header)
    try output.append(layout.headerBytes..<end, of: file)
    try output.append(table.bytes)
    report.sampleBytes = end - layout.headerBytes
    report.cutBytes = file.byteCount - end - table.read
    try output.commit()
    report.files = [target.path]
    return report
  }

  /// The events as the reader takes them, in a table of their own, and how many bytes of the file it takes the place of.
  ///
  /// Time stamps, which say when it was, are left out, as are the bytes of a table that the reader takes nothing from.
  private mutating func eventTable() throws(RecordingError) -> (bytes: [UInt8], read: Int) {
    guard let byte = layout.tableByte, let table = try GDFEventTable(file: file, at: byte, isOld: fixed.hasOldEventTable) else {
      return ([], 0)
    }
    // The opening has told what is wrong already.
    var log = WarningLog()
    let entries = try table.entries(file: file, log: &log)
    guard let first = entries.first else {
      report.cutAnnotations += min(table.stated, table.rest / 6)
      return ([], 0)
    }
    if table.mode & 4 != 0 { report.clear("time stamps of events") }
    // Channels and durations that only the length of the table speaks of could be a text behind it, unless the channels exist.
    let signalCount = layout.offsets.count
    let isTrusted = (table.hasKnownMode && table.mode & 2 != 0) || entries.allSatisfy { $0.channel <= signalCount }
    let hasChannels = first.duration != nil && isTrusted
    var bytes = [UInt8](repeating: 0, count: GDFEventTable.headerBytes + entries.count * (hasChannels ? 12 : 6))
    func put(_ number: Int, at offset: Int, width: Int) {
      for k in 0..<width { bytes[offset + k] = UInt8(truncatingIfNeeded: number >> (8 * k)) }
    }
    bytes[0] = hasChannels ? 3 : 1
    // A rate that cannot be used is that of the signals.
    let rate = table.rate > 0 && table.rate.isFinite ? table.rate : 0
    put(entries.count, at: fixed.hasOldEventTable ? 4 : 1, width: fixed.hasOldEventTable ? 4 : 3)
    if fixed.hasOldEventTable { put(Int(rate), at: 1, width: 3) } else { put(Int(Float(rate).bitPattern), at: 4, width: 4) }
    let (types, channels, durations) = (8 + 4 * entries.count, 8 + 6 * entries.count, 8 + 8 * entries.count)
    for (k, entry) in entries.enumerated() {
      put(entry.position, at: 8 + 4 * k, width: 4)
      put(entry.type, at: types + 2 * k, width: 2)
      guard hasChannels else { continue }
      put(entry.channel <= signalCount ? entry.channel : 0, at: channels + 2 * k, width: 2)
      put(entry.duration ?? 0, at: durations + 4 * k, width: 4)
    }
    let size = table.rest / entries.count
    let isByLength = size * entries.count == table.rest && [6, 12, 14, 20].contains(size) && isTrusted
    let taken = isTrusted ? entries.count * table.entryBytes : entries.count * 6
    return (bytes, GDFEventTable.headerBytes + (isByLength ? table.rest : min(taken, table.rest)))
  }
}
