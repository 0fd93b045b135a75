import MinhangCore

/// Anonymises EDF, EDF+, BDF and BDF+.
///
/// Patient `X X X X`, recording `Startdate X X X X`, start 01.01.85 00.00.00 (the date that the rules give to whoever has none) or shifted by days.
/// Every text field of the header is written anew, so that nothing hides in paddings and reserved bytes. Of annotations only the time of each
/// record stays (a part of a second before the first sample included); bytes behind the last whole record are left out.
///
/// **Source:** Kemp & Olivan 2003, "European data format 'plus' (EDF+)", 2.1.3.
struct EDFAnonymization {
  private let file: RandomAccessFile
  private let family: EDFFamily
  private let options: AnonymizationOptions
  private let layout: EDFRecordLayout
  private let signals: [EDFSignalHeader]
  private var header: [UInt8]
  private var report: AnonymizationReport

  init(file: RandomAccessFile, family: EDFFamily, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.family = family
    self.options = options
    report = AnonymizationReport(format: family.rawValue)
    guard file.byteCount >= EDFFixedHeader.byteCount else {
      throw RecordingError(.badData, path: file.path, "file size is \(file.byteCount) bytes; expected at least the 256 of a header")
    }
    let fixed = EDFFixedHeader(bytes: try file.bytes(at: 0, count: EDFFixedHeader.byteCount))
    let count = try fixed.signalCount(path: file.path)
    let headerBytes = EDFFixedHeader.byteCount * (count + 1)
    guard file.byteCount >= headerBytes else {
      throw RecordingError(
        .badData, path: file.path, "file size is \(file.byteCount) bytes; expected the \(headerBytes) of the header of \(count) signals")
    }
    header = try file.bytes(at: 0, count: headerBytes)
    var log = WarningLog()
    let table = EDFSignalTable(signalCount: count, bytes: Array(header[EDFFixedHeader.byteCount...]))
    signals = try table.signals(family: family, path: file.path, log: &log)
    layout = try EDFRecordLayout(signals: signals, family: family, fixed: fixed, byteCount: file.byteCount, path: file.path, log: &log)
    try rewriteFixed(fixed, log: &log)
    rewriteSignals()
  }

  private mutating func put(_ text: String, at offset: Int, width: Int) {
    let bytes = Array(text.utf8.prefix(width))
    for k in 0..<width { header[offset + k] = k < bytes.count ? bytes[k] : 0x20 }
  }

  private mutating func put(_ text: String, in field: EDFFixedHeader.Field) {
    put(text, at: field.offset, width: field.width)
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
    // Numbers that say how much was recorded stay, right or wrong; text in their place does not.
    if HeaderNumber.whole(fixed.text(.recordCount)) == nil { put(String(layout.recordCount), in: .recordCount) }
    if HeaderNumber.decimal(fixed.text(.recordDuration)) == nil { put("1", in: .recordDuration) }
    for field in ["patient", "recording", "start date", "start time", "reserved"] { report.clear(field) }
  }

  private mutating func rewriteSignals() {
    for signal in signals {
      func place(_ field: EDFSignalTable.Field) -> Int {
        EDFFixedHeader.byteCount + field.before * signals.count + field.width * signal.index
      }
      for (field, text) in [(EDFSignalTable.Field.transducer, signal.transducer), (.prefilter, signal.prefilter)] {
        let isKept = TechnicalText.isTechnical(text)
        put(isKept ? text : "", at: place(field), width: field.width)
        if !isKept { report.clear(field.name) }
      }
      for field in [EDFSignalTable.Field.physicalMinimum, .physicalMaximum, .digitalMinimum, .digitalMaximum] {
        let text = HeaderText.decoded(header[place(field)..<(place(field) + field.width)])
        guard HeaderNumber.decimal(text) == nil, !signal.isAnnotation || !text.isEmpty else { continue }
        put(text.isEmpty ? "" : "X", at: place(field), width: field.width)
        if !text.isEmpty { report.clear(field.name) }
      }
      if signal.isAnnotation { put(family.annotationLabel, at: place(.label), width: 16) }
      put("", at: EDFFixedHeader.byteCount + 224 * signals.count + 32 * signal.index, width: 32)
    }
  }

  func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    var report = report
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append(header)
    let annotations = signals.filter { $0.isAnnotation && $0.samplesPerRecord > 0 }
    for record in 0..<layout.recordCount {
      var next = layout.byte(ofRecord: record)
      let end = next + layout.recordBytes
      for (place, signal) in annotations.enumerated() where !options.keepsAnnotations {
        let start = layout.byte(ofRecord: record) + layout.offsets[signal.index]
        let length = signal.samplesPerRecord * layout.bytesPerSample
        try output.append(next..<start, of: file)
        report.sampleBytes += start - next
        let block = try file.bytes(at: start, count: length)
        try output.append(Self.timeOnly(block, isFirst: place == 0, cut: &report.cutAnnotations))
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

  /// The annotation bytes of a record with nothing but its time.
  static func timeOnly(_ block: [UInt8], isFirst: Bool, cut: inout Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: block.count)
    for list in block.split(separator: 0) {
      cut += list.split(separator: 0x14, omittingEmptySubsequences: false).dropFirst().count { !$0.isEmpty }
    }
    guard isFirst, let first = block.firstIndex(of: 0x14), first >= 2, first + 1 < block.count, block[first + 1] == 0x14 else { return out }
    let onset = block[..<first]
    let isTime = (onset[0] == 0x2B || onset[0] == 0x2D) && onset.dropFirst().allSatisfy { HeaderNumber.isDigit($0) || $0 == 0x2E }
    guard isTime else { return out }
    out.replaceSubrange(0..<(first + 2), with: block[..<(first + 2)])
    return out
  }
}
