import MinhangCore

/// Everything that opening a table finds out.
struct TableOpening {
  var info: RecordingInfo
  var events: [Event]
  var dialect: TableDialect
  /// For each channel the place of its column.
  var columns: [Int]
  /// The place of each `stride`-th row.
  var places: [Int]
  var stride: Int

  init(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    var log = WarningLog()
    dialect = try TableDialect(file)
    let sidecar = try Self.sidecar(of: file.path, dialect, log: &log)
    let layout = sidecar == nil ? TableLayout(dialect, log: &log) : TableLayout(written: dialect)
    let factor = Self.timeFactor(layout, dialect, log: &log)
    var scan = TableScan(dialect, layout: layout, timeFactor: factor)
    try scan.run(file)
    (places, stride) = (scan.places, scan.stride)
    log.checkSuffix(of: head.path, own: ["csv", "tsv", "txt", "dat", "mat"], content: "a table of text")
    if let sidecar, sidecar.sampleCount == scan.rowCount {
      columns = Array(1..<dialect.columnCount)
      scan.report(isWritten: true, log: &log)
      info = sidecar.info(format: Self.format(dialect, layout), path: file.path, byteCount: file.byteCount, log: log)
      events = sidecar.events
      return
    }
    if let sidecar {
      log.add(
        .formatVariant,
        "the sidecar beside the file (.json) tells of \(sidecar.sampleCount) samples; the table has \(scan.rowCount) rows; only its units are used"
      )
    }
    var channels: [Channel]
    if let sidecar {
      (channels, columns) = (sidecar.channels, Array(1..<dialect.columnCount))
    } else {
      (channels, columns) = layout.channels(dialect, unit: options.unit, log: &log)
    }
    guard !channels.isEmpty else {
      throw RecordingError(
        .badData, path: file.path, "the table has \(dialect.columnCount) columns and no samples; expected a column of numbers")
    }
    scan.report(isWritten: false, log: &log)
    let timing = try Self.timing(scan, layout, options: options, decimalFactor: factor, path: file.path, log: &log)
    for k in channels.indices {
      channels[k].sampleRate = timing.sampleRate
      channels[k].sampleCount = scan.rowCount
    }
    info = RecordingInfo(
      format: Self.format(dialect, layout), path: file.path, byteCount: file.byteCount,
      start: timing.origin.flatMap { scan.firstDate?.date.advanced(by: $0) ?? Self.date(ofUnixTime: $0) },
      duration: timing.stream.spans.map(\.end).max() ?? 0, channels: channels, streams: [timing.stream], warnings: log.warnings,
      notes: log.notes)
    if sidecar != nil { info.companions = [RecordingSidecar.path(beside: file.path)] }
    let timeline = info.timeline(of: 0)
    events = scan.marks.map { Event(onset: timeline.time(ofSample: $0.row), label: $0.label) }
    events = Event.sortedByOnset(events)
  }

  /// The sidecar of a table that this package wrote: it names the columns after `time`.
  private static func sidecar(of path: String, _ dialect: TableDialect, log: inout WarningLog) throws(RecordingError) -> RecordingSidecar? {
    guard dialect.columnCount > 1, dialect.header.count == dialect.columnCount, dialect.header[0] == "time" else { return nil }
    guard let sidecar = try RecordingSidecar(beside: path, log: &log) else { return nil }
    let names = sidecar.channels.map { $0.name.escapedForDisplay.trimmingSpaces }
    guard names == Array(dialect.header.dropFirst()) else {
      log.add(.formatVariant, "the sidecar beside the file (.json) names other channels than the table; not used")
      return nil
    }
    return sidecar
  }

  private static func format(_ dialect: TableDialect, _ layout: TableLayout) -> RecordingFormat {
    RecordingFormat(layout.isOpenBCI ? "OpenBCI text" : dialect.delimiter == 0x09 ? "TSV" : "CSV")
  }

  /// Seconds in one of the time column's unit: what the name says, else what values of this century's Unix time show.
  private static func timeFactor(_ layout: TableLayout, _ dialect: TableDialect, log: inout WarningLog) -> Double {
    guard let column = layout.timeColumn, case .time(let stated) = column.role else { return 1 }
    if let stated { return stated }
    guard let first = dialect.firstNumbers[column.place].first else { return 1 }
    for (factor, word) in [(1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds")] where (1e9...4e9).contains(first * factor)
    {
      log.note(.recordTime, "column \(layout.shown(column.place)) is taken for Unix time in \(word)")
      return factor
    }
    return 1
  }

  /// Unix time as a date, where it is one of the years 2001 to 2100.
  private static func date(ofUnixTime seconds: Double) -> RecordingDate? {
    guard (1e9...4.1e9).contains(seconds) else { return nil }
    // In two steps: the whole seconds are exact, and the fraction keeps its digits.
    let whole = seconds.rounded(.down)
    var date = RecordingDate(year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0)?.advanced(by: whole)
    date?.fraction = seconds - whole
    return date
  }

  private static func timing(
    _ scan: TableScan, _ layout: TableLayout, options: OpeningOptions, decimalFactor: Double, path: String, log: inout WarningLog
  ) throws(RecordingError) -> TableTiming {
    let given = options.sampleRate ?? nil
    if let rate = layout.isOpenBCI ? layout.statedRate : given ?? layout.statedRate, let index = layout.indexColumn,
      layout.isOpenBCI || layout.timeColumn == nil
    {
      var timing = TableTiming(
        rowCount: scan.rowCount, sampleRate: rate, counter: scan.counter, column: layout.shown(index.place), log: &log)
      timing.origin = scan.clock.runs.first?.firstTime
      return timing
    }
    if let time = layout.timeColumn {
      let name = layout.shown(time.place)
      var resolution = decimalFactor
      for _ in 0..<min(scan.timeDecimals ?? 30, 30) { resolution /= 10 }
      if let timing = TableTiming(
        rowCount: scan.rowCount, clock: scan.clock, resolution: scan.timeDecimals == nil ? 0 : resolution, column: name, log: &log)
      {
        if let given, abs(given - timing.sampleRate) > 0.01 * given {
          log.add(.sampleRate, "column \(name) gives \(timing.sampleRate) Hz, not the \(given) Hz that were stated; the column is followed")
        }
        return timing
      }
      if scan.rowCount == 0 { return TableTiming(rowCount: 0, sampleRate: given ?? layout.statedRate ?? 1) }
      guard let rate = given ?? layout.statedRate else {
        let why = scan.rowCount == 1 ? "there is one row" : "its times do not rise evenly"
        throw RecordingError(
          .badData, path: path,
          "column \(name) gives no sampling rate, for \(why); expected rising times, or the sampling rate to be stated (--input-rate HZ)")
      }
      log.add(.recordTime, "column \(name) gives no sampling rate; its times are not used, the rows are taken to follow at \(rate) Hz")
      return TableTiming(rowCount: scan.rowCount, sampleRate: rate)
    }
    guard let rate = given ?? layout.statedRate else {
      throw RecordingError(
        .badData, path: path,
        "the table has no column of times and no comment that states the sampling rate; expected a column \"time\", or the sampling rate to be stated (--input-rate HZ)"
      )
    }
    return TableTiming(rowCount: scan.rowCount, sampleRate: rate)
  }
}
