import MinhangCore

/// The steps of opening a GDF file: fixed header, signal headers, layout, event table, description.
struct GDFOpening {
  var layout: GDFLayout
  var info: RecordingInfo
  var events: [Event] = []
  var sources: [GDFReader.Source] = []

  init(file: RandomAccessFile, head: FileHead, options: OpeningOptions = .none) throws(RecordingError) {
    var log = WarningLog()
    let path = file.path
    guard file.byteCount >= GDFFixedHeader.byteCount else {
      throw RecordingError(.badData, path: path, "file size is \(file.byteCount) bytes; expected at least the 256 of a header")
    }
    let fixed = try GDFFixedHeader(bytes: try file.bytes(at: 0, count: GDFFixedHeader.byteCount), path: path)
    if !(100...309).contains(fixed.version) {
      log.add(.formatVariant, "header field \"version\" at byte 4 is \(fixed.versionText); expected 1.00…3.09; read by its layout")
    }
    log.checkSuffix(of: head.path, own: ["gdf"], content: "GDF")
    let signalCount = try fixed.signalCount(byteCount: file.byteCount)
    try fixed.refuseOtherVersion(signalCount: signalCount)
    let table = LittleEndianBytes(try file.bytes(at: 256, count: 256 * signalCount))
    let signals = try GDFSignalHeader.all(table, signalCount: signalCount, isFirst: fixed.isFirst, path: path, log: &log)
    layout = try GDFLayout(signals: signals, fixed: fixed, file: file, log: &log)
    var eventTable: GDFEventTable?
    if let byte = layout.tableByte { eventTable = try GDFEventTable(file: file, at: byte, isOld: fixed.hasOldEventTable) }
    let entries = try eventTable?.entries(file: file, log: &log) ?? []

    let most = layout.samplesPerRecord.max() ?? 1
    var duration = fixed.recordDuration(log: &log)
    if duration == nil {
      // A table of events tells the rate of the fastest signal.
      guard let rate = options.sampleRate ?? eventTable?.rate, SamplingRate.isUsable(rate), Double(most) / rate >= 1e-6 else {
        throw RecordingError(
          .badData, path: path,
          "header field \"record duration\" at byte 244 is \(fixed.durationShown); expected 1e-06…100000 s")
      }
      duration = GDFFixedHeader.RecordDuration(numerator: Double(most), denominator: rate)
      log.add(
        .sampleRate,
        "header field \"record duration\" at byte 244 is \(fixed.durationShown); \(rate) Hz \(options.sampleRate == nil ? "of the event table" : "as told") is taken as the sampling rate"
      )
    }
    let record = duration ?? GDFFixedHeader.RecordDuration(numerator: 1, denominator: 1)

    let (channels, places) = Self.channels(signals, layout: layout, record: record, log: &log)
    sources = places.map { signal in
      let factor = signals[signal].unit.microvoltsPerUnit ?? 1
      return GDFReader.Source(
        signal: signal, scale: signals[signal].calibrationDefect == nil ? signals[signal].scale(factor: factor) : .raw)
    }
    let seconds = record.times(layout.recordCount)
    if let eventTable {
      events = GDFEvents(signals: signals, places: places, fallbackRate: record.rate(of: most), seconds: seconds)
        .events(entries, of: eventTable, log: &log)
    }
    let hasSamples = layout.recordCount > 0 && !channels.isEmpty
    info = RecordingInfo(
      format: RecordingFormat("GDF \(fixed.versionText)"), path: path, byteCount: file.byteCount, start: fixed.start(log: &log),
      duration: hasSamples ? seconds : 0, channels: channels,
      spans: hasSamples ? [TimeSpan(start: 0, duration: seconds)] : [], recordDuration: record.seconds >= 0.1 ? record.seconds : nil,
      identity: fixed.identity, warnings: log.warnings, notes: log.notes)
  }

  /// The signals with samples as channels, and for each its signal.
  private static func channels(
    _ signals: [GDFSignalHeader], layout: GDFLayout, record: GDFFixedHeader.RecordDuration, log: inout WarningLog
  ) -> ([Channel], [Int]) {
    var channels: [Channel] = []
    var places: [Int] = []
    var names = GDFNames()
    for signal in signals {
      let shown = "signal \(signal.index + 1) \(signal.label.quotedForDisplay())"
      guard signal.samplesPerRecord > 0, layout.recordCount > 0 else {
        log.note(.emptyChannel, "\(shown) has no samples of its own; its values are those in the event table")
        continue
      }
      let defect = signal.calibrationDefect
      if let defect {
        log.add(.calibration, "\(shown) has \(defect); it keeps its stored numbers")
      } else if signal.digitalMinimum > signal.digitalMaximum {
        log.add(.range, "\(shown) has a digital minimum above its maximum; its polarity is reversed")
      }
      let rate = record.rate(of: signal.samplesPerRecord)
      if rate > 1e6 || rate < 1e-4 { log.add(.sampleRate, "\(shown) has a sampling rate of \(rate) Hz, which is hardly meant") }
      channels.append(
        Channel(
          index: channels.count, name: names.unique(signal.label, number: signal.index + 1, log: &log), label: signal.label,
          kind: ChannelKind(label: signal.label, unit: signal.unit), unit: signal.unit, sampleRate: rate,
          sampleCount: signal.samplesPerRecord * layout.recordCount, calibration: signal.calibration(isUsable: defect == nil),
          prefilter: signal.prefilter, transducer: signal.transducer, position: signal.position))
      places.append(signal.index)
    }
    return (channels, places)
  }
}

/// Names for channels: cleaned labels, with a number where one is taken already.
struct GDFNames {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  mutating func unique(_ label: String, number: Int, log: inout WarningLog) -> String {
    var name = ChannelName.cleaned(label)
    if name.isEmpty {
      name = "Channel\(number)"
      log.add(.label, "signal \(number) has no label; it is named \(name.quotedForDisplay())")
    }
    let wanted = name
    while !taken.insert(name.lowercased()).inserted {
      let suffix = next[wanted.lowercased()] ?? 2
      next[wanted.lowercased()] = suffix + 1
      name = "\(wanted)-\(suffix)"
    }
    if name != wanted {
      log.add(.label, "signal \(number) has a label \(label.quotedForDisplay()) that is taken; it is named \(name.quotedForDisplay())")
    }
    return name
  }
}
