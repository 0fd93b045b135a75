import MinhangCore

/// The steps of opening a file: fixed header, signal headers, layout, annotations and record times, status, description.
struct EDFOpening {
  var layout: EDFRecordLayout
  var info: RecordingInfo
  var recordDuration: ExactDecimal?
  var events: [Event]
  /// The first record of each span.
  var runStarts: [Int]
  var sources: [EDFReader.Source]

  init(file: RandomAccessFile, family: EDFFamily) throws(RecordingError) {
    var log = WarningLog()
    let path = file.path
    guard file.byteCount >= EDFFixedHeader.byteCount else {
      throw RecordingError(.badData, path: path, "file size is \(file.byteCount) bytes; expected at least the 256 of a header")
    }
    let fixed = EDFFixedHeader(bytes: try file.bytes(at: 0, count: EDFFixedHeader.byteCount))
    let signalCount = try fixed.signalCount(path: path)
    let headerBytes = EDFFixedHeader.byteCount * (signalCount + 1)
    guard file.byteCount >= headerBytes else {
      throw RecordingError(
        .badData, path: path,
        "\(fixed.complaint(.signalCount)), a header of \(headerBytes) bytes, but the file has \(file.byteCount); expected the whole header")
    }
    log.checkSuffix(of: path, own: [family.rawValue.lowercased()], content: family.rawValue)
    let variant = fixed.variant(of: family, log: &log)
    fixed.checkHeaderBytes(signalCount: signalCount, log: &log)
    if !fixed.isPlain(.patient) || !fixed.isPlain(.recording) {
      log.note(.headerText, "the patient or recording field holds text that is not plain ASCII")
    }
    let table = EDFSignalTable(
      signalCount: signalCount, bytes: try file.bytes(at: EDFFixedHeader.byteCount, count: headerBytes - EDFFixedHeader.byteCount))
    let signals = try table.signals(family: family, path: path, log: &log)
    layout = try EDFRecordLayout(signals: signals, family: family, fixed: fixed, byteCount: file.byteCount, path: path, log: &log)
    recordDuration = try fixed.recordDuration(path: path, log: &log)

    let annotationSignals = signals.filter { $0.isAnnotation && $0.samplesPerRecord > 0 }.map(\.index)
    let ordinary = signals.filter { !$0.isAnnotation && $0.samplesPerRecord > 0 }
    if recordDuration == nil && !ordinary.isEmpty {
      throw RecordingError(
        .badData, path: path,
        "\(fixed.complaint(.recordDuration)); expected more than 0 seconds in a file with \(ordinary.count) signals that are not annotations"
      )
    }
    if variant != .plain && annotationSignals.isEmpty {
      let label = family.annotationLabel.quotedForDisplay()
      log.add(.formatVariant, "\(fixed.complaint(.reserved)), but no signal is labelled \(label): there are no record times")
    } else if variant == .plain, let signal = annotationSignals.first {
      let label = signals[signal].label.quotedForDisplay()
      log.add(.formatVariant, "signal \(signal + 1) is labelled \(label) in a plain \(family.rawValue) file; its annotations are read")
    }

    let status = signals.last { StatusChannel.isStatus($0, family: family) && $0.samplesPerRecord > 0 }?.index
    sources = ordinary.map { signal in
      let isStatus = signal.index == status
      let factor = PhysicalUnit(signal.unit).microvoltsPerUnit ?? 1
      return EDFReader.Source(
        signal: signal.index, coding: isStatus ? .unsigned24 : (family == .edf ? .int16 : .int24),
        scale: signal.calibrationDefect == nil && !isStatus ? SampleScale(signal.calibration, factor: factor) : .raw)
    }
    let channels = EDFChannels.channels(signals, status: status, layout: layout, recordDuration: recordDuration, log: &log)

    var annotations = EDFAnnotations()
    var times = recordDuration.map { EDFRecordTimes(duration: $0, fastestRate: channels.map(\.sampleRate).max() ?? 1) }
    var origin: (value: Double, exact: ExactDecimal?) = (0, .zero)
    var spans: [TimeSpan] = []
    if annotationSignals.isEmpty {
      if let recordDuration { spans = [TimeSpan(start: 0, duration: recordDuration.times(layout.recordCount))] }
    } else {
      var first: (value: Double, exact: ExactDecimal?)?
      var isFirst = true
      try EDFAnnotationScan(file: file, layout: layout, signals: annotationSignals).run(into: &annotations, log: &log) { annotations in
        if isFirst { first = annotations.recordTime }
        isFirst = false
        times?.add(annotations.recordTime)
      }
      annotations.report(log: &log)
      origin = times?.origin ?? first ?? (0, .zero)
      times?.report(variant: variant, log: &log)
      spans = times?.spans ?? []
    }
    if ordinary.isEmpty { spans = [] }
    runStarts = times?.runs.map(\.firstRecord) ?? []
    events = annotations.sortedEvents(origin: origin)
    let duration = spans.map(\.end).max() ?? 0
    let identity = fixed.identity
    let start = EDFChannels.start(fixed.start(isPlus: variant != .plain, log: &log), after: origin.value)

    if let status, let recordDuration {
      let count = layout.samplesPerRecord[status]
      let timeline = Timeline(
        sampleRate: recordDuration.rate(of: count), sampleCount: count * layout.recordCount, spans: spans)
      let triggers = try StatusScan(file: file, layout: layout, signal: status).run(log: &log)
      events = Event.sortedByOnset(events + Self.codes(triggers, on: timeline, without: events))
    }
    info = RecordingInfo(
      format: RecordingFormat(family.rawValue + variant.rawValue), path: path, byteCount: file.byteCount, start: start, duration: duration,
      channels: channels, spans: spans, recordDuration: recordDuration?.value,
      identity: identity, warnings: log.warnings, notes: log.notes)
  }

  /// Trigger codes as events, without those that the annotations hold as well: a BDF+ file that was written from a BDF file has both.
  private static func codes(
    _ triggers: [(sample: Int, code: Int32)], on timeline: Timeline, without events: [Event]
  ) -> [Event] {
    struct Key: Hashable {
      /// Time in samples.
      var tick: Double
      var label: String
    }
    func key(_ event: Event) -> Key { Key(tick: (event.onset * timeline.sampleRate).rounded(), label: event.label) }
    let known = triggers.isEmpty ? [] : Set(events.map(key))
    return triggers.map { Event(onset: timeline.time(ofSample: $0.sample), label: String($0.code)) }.filter { !known.contains(key($0)) }
  }
}
