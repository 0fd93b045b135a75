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
    annotations = try EDFAnnotationSearch(file: file, layout: layout).signals(signals)
    try warnOfAnnotations(fixed)
    try rewriteFixed(fixed, log: &log)
    rewriteSignals(table)
  }

  /// Refuses a file whose stated header is longer than its signals make it, and fits: what lies between would pass as samples.
  ///
  /// Only where the stated records fill the file from the end of the signals on is there no room for anything between.
  private func refuseTextBeforeData(_ fixed: EDFFixedHeader) throws(RecordingError) {
    guard let stated = HeaderNumber.whole(fixed.text(.headerBytes)), stated > layout.headerBytes, stated < file.byteCount else { return }
    let (bytes, overflow) = (HeaderNumber.whole(fixed.text(.recordCount)) ?? -1).multipliedReportingOverflow(by: layout.recordBytes)
    guard overflow || bytes != file.byteCount - layout.headerBytes else { return }
    throw RecordingError(
      .badData, path: file.path,
      "\(fixed.complaint(.headerBytes)), and \(fixed.text(.recordCount).quotedForDisplay()) records do not fill the file from byte \(layout.headerBytes) on; expected \(layout.headerBytes), for bytes between header and data could be text"
    )
  }

  /// Tells of annotations under another label; refuses a file that must have some and has none.
  private mutating func warnOfAnnotations(_ fixed: EDFFixedHeader) throws(RecordingError) {
    guard !options.keepsAnnotations else { return }
    let label = family.annotationLabel.quotedForDisplay()
    for signal in annotations where !signal.isAnnotation {
      report.warnings.append(
        RecordingWarning(
          .annotation,
          "signal \(signal.index + 1) \(signal.label.quotedForDisplay()) holds annotations though its label is not \(label); their texts are cut"
        ))
    }
    var log = WarningLog()
    guard annotations.isEmpty, fixed.variant(of: family, log: &log) != .plain else { return }
    throw RecordingError(
      .badData, path: file.path,
      "\(fixed.complaint(.reserved)), but no signal holds annotations; expected one labelled \(label), for texts could be anywhere")
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
      if signal.isAnnotation || (!options.keepsAnnotations && annotations.contains { $0.index == signal.index }) {
        // Numbers that mean nothing are those that are usual.
        let range = family.digitalRange
        let usual: [(EDFSignalTable.Field, String)] = [
          (.unit, ""), (.physicalMinimum, "-1"), (.physicalMaximum, "1"), (.digitalMinimum, "\(range.lowerBound)"),
          (.digitalMaximum, "\(range.upperBound)"),
        ]
        for (field, text) in usual { put(text.utf8, at: place(field), width: field.width) }
      }
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
    var next = 0
    while next < block.count {
      let first = next
      while next < block.count, block[next] != 0 { next += 1 }
      let list = block[first..<next]
      next += 1
      guard let sign = list.first else { continue }
      let times = list.prefix { $0 != 0x14 }
      let rest = list[times.endIndex...]
      let stated = zip(rest, rest.dropFirst()).count { $0 == 0x14 && $1 != 0x14 }
      guard sign == 0x2B || sign == 0x2D, list.count <= EDFAnnotations.longestList, let read = try? TimeStampedAnnotationList(list) else {
        cut += stated
        continue
      }
      let codes = read.texts.filter(TriggerCode.isCode)
      let isTime = !hasTime && read.texts.first?.isEmpty == true
      hasTime = hasTime || isTime
      // The reader takes a comma for a point, and a duration only where it is seconds.
      let onset = times.prefix { $0 != 0x15 }
      var kept = onset.map { $0 == 0x2C ? 0x2E : $0 }
      if read.duration != nil { kept += times[onset.endIndex...] }
      kept.append(0x14)
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
