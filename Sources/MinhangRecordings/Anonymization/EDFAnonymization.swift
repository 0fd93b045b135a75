import MinhangCore

/// Anonymises EDF, EDF+, BDF and BDF+.
///
/// Patient `X X X X`, recording `Startdate X X X X`, start 01.01.85 00.00.00 (the date that the rules give to whoever has none) or shifted by days.
/// Every field of the header is written anew, so that nothing hides in paddings and reserved bytes. Of annotations the time of each record stays
/// (a part of a second before the first sample included) and the texts that are codes (`TriggerCode`); bytes behind the last whole record are left
/// out.
///
/// **Source:** Kemp & Olivan 2003, "European data format 'plus' (EDF+)", 2.1.3.
struct EDFAnonymization {
  private let file: RandomAccessFile
  private let family: EDFFamily
  private let options: AnonymizationOptions
  private let layout: EDFRecordLayout
  private let signals: [EDFSignalHeader]
  /// Signals that hold annotations, whatever their labels say.
  private var annotations: [EDFSignalHeader] = []
  private var header: [UInt8]
  private var report: AnonymizationReport

  init(file: RandomAccessFile, family: EDFFamily, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.family = family
    self.options = options
    let opening = try EDFOpening(file: file, family: family)
    report = AnonymizationReport(format: family.rawValue)
    report.warnings = opening.info.warnings
    layout = opening.layout
    let fixed = EDFFixedHeader(bytes: try file.bytes(at: 0, count: EDFFixedHeader.byteCount))
    header = try file.bytes(at: 0, count: layout.headerBytes)
    // The opening has told what is wrong already.
    var log = WarningLog()
    let table = EDFSignalTable(signalCount: layout.offsets.count, bytes: Array(header[EDFFixedHeader.byteCount...]))
    signals = try table.signals(family: family, path: file.path, log: &log)
    try refuseTextBeforeData(fixed)
    annotations = try findAnnotations()
    try rewriteFixed(fixed, log: &log)
    rewriteSignals(table)
  }

  /// Refuses a file whose stated header is longer than its signals make it, and fits: what lies between would pass as samples.
  private func refuseTextBeforeData(_ fixed: EDFFixedHeader) throws(RecordingError) {
    guard let stated = HeaderNumber.whole(fixed.text(.headerBytes)), stated > layout.headerBytes, stated < file.byteCount,
      let records = HeaderNumber.whole(fixed.text(.recordCount)), records > 0
    else { return }
    let (bytes, overflow) = records.multipliedReportingOverflow(by: layout.recordBytes)
    guard !overflow, bytes == file.byteCount - stated else { return }
    throw RecordingError(
      .badData, path: file.path,
      "\(fixed.complaint(.headerBytes)), and \(records) records end the file behind so many; expected \(layout.headerBytes), for bytes between header and data could be text"
    )
  }

  /// The signals of annotations, and those that hold such under another label: each record begins with a time and its mark, or holds zeros.
  private mutating func findAnnotations() throws(RecordingError) -> [EDFSignalHeader] {
    var found: [EDFSignalHeader] = []
    for signal in signals where signal.samplesPerRecord > 0 {
      let bytes = signal.samplesPerRecord * layout.bytesPerSample
      var lists = 0
      var record = 0
      var isFitting = !signal.isAnnotation
      while isFitting, record < layout.recordCount {
        let start = layout.byte(ofRecord: record) + layout.offsets[signal.index]
        switch Self.beginning(try file.bytes(at: start, count: min(bytes, 64))) {
        case .list: lists += 1
        case .zeros: break
        case .numbers: isFitting = false
        }
        record += 1
      }
      guard signal.isAnnotation || (isFitting && lists > 0) else { continue }
      found.append(signal)
      guard !signal.isAnnotation, !options.keepsAnnotations else { continue }
      report.warnings.append(
        RecordingWarning(
          .annotation,
          "signal \(signal.index + 1) \(signal.label.quotedForDisplay()) holds annotations though its label is not \(family.annotationLabel.quotedForDisplay()); their texts are cut"
        ))
    }
    return found
  }

  private enum Beginning { case list, zeros, numbers }

  /// What the bytes of a signal begin like.
  private static func beginning(_ bytes: [UInt8]) -> Beginning {
    guard let first = bytes.first, first == 0x2B || first == 0x2D else { return bytes.allSatisfy { $0 == 0 } ? .zeros : .numbers }
    let digits = bytes.dropFirst().prefix { HeaderNumber.isDigit($0) || $0 == 0x2E || $0 == 0x2C }
    guard !digits.isEmpty, digits.endIndex < bytes.count else { return .numbers }
    return bytes[digits.endIndex] == 0x14 || bytes[digits.endIndex] == 0x15 ? .list : .numbers
  }

  // MARK: - Header

  private mutating func put(_ bytes: some Collection<UInt8>, at offset: Int, width: Int) {
    let bytes = Array(bytes.prefix(width))
    for k in 0..<width { header[offset + k] = k < bytes.count ? bytes[k] : 0x20 }
  }

  private mutating func put(_ text: String, in field: EDFFixedHeader.Field) {
    put(text.utf8, at: field.offset, width: field.width)
  }

  private mutating func rewriteFixed(_ fixed: EDFFixedHeader, log: inout WarningLog) throws(RecordingError) {
    let variant = fixed.variant(of: family, log: &log)
    put("X X X X", in: .patient)
    var (recording, day, time) = ("Startdate X X X X", "01.01.85", "00.00.00")
    if let days = options.shiftDays, let start = fixed.start(isPlus: variant != .plain, log: &log) {
      guard days.magnitude < 4_000_000, let date = start.advanced(by: Double(days) * 86_400) else {
        throw RecordingError(.badRequest, path: file.path, "start cannot be moved by \(days) days; expected a date of the calendar")
      }
      let isInRange = (1985...2084).contains(date.year)
      guard isInRange || variant != .plain else {
        throw RecordingError(
          .notRepresentable, path: file.path, "start in the year \(date.year) has no place in plain \(family.rawValue); expected 1985…2084")
      }
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      // Outside these years the two digits are "yy" and the recording field states the year.
      day = "\(two(date.day)).\(two(date.month)).\(isInRange ? two(date.year % 100) : "yy")"
      time = "\(two(date.hour)).\(two(date.minute)).\(two(date.second))"
      recording = "Startdate \(HeaderDate.standardText(date)) X X X"
    }
    put(recording, in: .recording)
    put(day, in: .startDate)
    put(time, in: .startTime)
    put(String(layout.headerBytes), in: .headerBytes)
    put(variant == .plain ? (family == .bdf ? "24BIT" : "") : family.rawValue + variant.rawValue, in: .reserved)
    // What is written is whole, whatever was promised.
    put(String(layout.recordCount), in: .recordCount)
    put(fixed.text(.recordDuration), in: .recordDuration)
    put(String(signals.count), in: .signalCount)
    for field in ["patient", "recording", "start date", "start time", "reserved"] { report.clear(field) }
  }

  private mutating func rewriteSignals(_ table: EDFSignalTable) {
    for signal in signals {
      func place(_ field: EDFSignalTable.Field) -> Int {
        EDFFixedHeader.byteCount + field.before * signals.count + field.width * signal.index
      }
      for field in [EDFSignalTable.Field.transducer, .prefilter] {
        let text = table.text(field, signal.index)
        let isKept = TechnicalText.isTechnical(text)
        put((isKept ? text : "").utf8, at: place(field), width: field.width)
        if !isKept { report.clear(field.name) }
      }
      // A text ends where a NUL is, whatever lies behind it; in the encoding that it has.
      for field in [EDFSignalTable.Field.label, .unit] {
        let raw = header[place(field)..<(place(field) + field.width)]
        var kept = raw.prefix { $0 != 0 }
        if raw[kept.endIndex...].contains(where: { $0 != 0 && $0 != 0x20 }) { report.clear(field.name) }
        if field.before == EDFSignalTable.Field.unit.before, !TechnicalText.isUnit(HeaderText.decodedUnit(kept)) {
          report.clear(field.name)
          kept = []
        }
        put(kept, at: place(field), width: field.width)
      }
      for field in [EDFSignalTable.Field.physicalMinimum, .physicalMaximum, .digitalMinimum, .digitalMaximum] {
        let text = table.text(field, signal.index)
        let isNumber = HeaderNumber.decimal(text) != nil
        // No number: the reader hands out stored numbers, and goes on to do so.
        put((isNumber || text.isEmpty ? text : "X").utf8, at: place(field), width: field.width)
        if !isNumber && !text.isEmpty { report.clear(field.name) }
      }
      put(String(signal.samplesPerRecord).utf8, at: place(.samplesPerRecord), width: EDFSignalTable.Field.samplesPerRecord.width)
      if signal.isAnnotation { put(family.annotationLabel.utf8, at: place(.label), width: 16) }
      put([UInt8](), at: EDFFixedHeader.byteCount + 224 * signals.count + 32 * signal.index, width: 32)
    }
  }

  // MARK: - Records

  mutating func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append(header)
    for record in 0..<layout.recordCount {
      var next = layout.byte(ofRecord: record)
      let end = next + layout.recordBytes
      for signal in annotations where !options.keepsAnnotations {
        let start = layout.byte(ofRecord: record) + layout.offsets[signal.index]
        let length = signal.samplesPerRecord * layout.bytesPerSample
        try output.append(next..<start, of: file)
        report.sampleBytes += start - next
        let block = try file.bytes(at: start, count: length)
        try output.append(Self.timeAndCodes(block, cut: &report.cutAnnotations))
        next = start + length
      }
      try output.append(next..<end, of: file)
      report.sampleBytes += end - next
    }
    if report.cutAnnotations > 0 { report.clear("annotations") }
    report.cutBytes = file.byteCount - layout.byte(ofRecord: layout.recordCount)
    try output.commit()
    report.files = [target.path]
    return report
  }

  /// The annotation bytes of a record with nothing but its time and codes.
  static func timeAndCodes(_ block: [UInt8], cut: inout Int) -> [UInt8] {
    var out: [UInt8] = []
    var hasTime = false
    for list in block.split(separator: 0) {
      let times = list.prefix { $0 != 0x14 }
      let stated = list[times.endIndex...].split(separator: 0x14).count
      guard let read = try? TimeStampedAnnotationList(list),
        times.allSatisfy({ HeaderNumber.isDigit($0) || "+-.\u{15}".utf8.contains($0) })
      else {
        cut += stated
        continue
      }
      let codes = read.texts.filter(TriggerCode.isCode)
      let isTime = !hasTime && read.texts.first?.isEmpty == true
      hasTime = hasTime || isTime
      var kept = Array(times) + [0x14]
      if isTime { kept.append(0x14) }
      for code in codes { kept += Array(code.utf8) + [0x14] }
      kept.append(0)
      guard isTime || !codes.isEmpty, out.count + kept.count <= block.count else {
        cut += stated
        continue
      }
      cut += stated - codes.count
      out += kept
    }
    return out + [UInt8](repeating: 0, count: block.count - out.count)
  }
}
