import MinhangCore

/// One pass over a table at opening: where rows lie, what is wrong in them, their times and markers.
///
/// Holds a few kilobytes of places, the segments and the events, never the rows.
struct TableScan {
  private static let keptPlaces = 16_384
  /// Events that are kept; a table that has more is hardly meant so.
  private static let eventLimit = 1_000_000

  /// Rows, each one sample.
  private(set) var rowCount = 0
  /// The place of each `stride`-th row in the file.
  private(set) var places: [Int] = []
  private(set) var stride = 64
  private(set) var clock = TableClock()
  private(set) var counter = TableCounter()
  /// The marks: a row and a label.
  private(set) var marks: [(row: Int, label: String)] = []
  private(set) var hiddenMarks = 0
  /// Decimals of the times' texts, at most; nil where one has an exponent.
  private(set) var timeDecimals: Int? = 0

  private let dialect: TableDialect
  private let columns: [TableColumn]
  private var fields: TableFields
  /// The first date of a column of dates, from which its times are counted.
  private(set) var firstDate: TableDate?
  private let isDate: Bool
  private let timePlace: Int?
  private let timeFactor: Double
  private let indexPlace: Int?
  private let markPlaces: [Int]
  private let signalPlaces: [Int]
  private var marksNow: [String]
  private var defects: [Defects]
  private var blankLines = 0
  private var joinedRows = 0
  private var pendingBlanks = 0
  private var ragged = (count: 0, line: 0, fields: 0)
  private var timeless = (count: 0, line: 0)
  private var cut: (line: Int, fields: Int)?
  private var line = 0

  /// What is wrong with the cells of a column.
  private struct Defects {
    var missing = 0
    var text = 0
    var infinite = 0
    var line = 0
    var shown = ""
  }

  init(_ dialect: TableDialect, layout: TableLayout, timeFactor: Double) {
    self.dialect = dialect
    columns = layout.columns
    self.timeFactor = timeFactor
    fields = TableFields(delimiter: dialect.delimiter)
    timePlace = layout.timeColumn?.place
    isDate = layout.timeColumn?.role == .dateTime
    indexPlace = layout.indexColumn?.place
    markPlaces = columns.filter { $0.role == .marker || $0.role == .text }.map(\.place)
    signalPlaces = columns.filter { $0.role == .signal }.map(\.place)
    marksNow = [String](repeating: "", count: markPlaces.count)
    defects = [Defects](repeating: Defects(), count: columns.count)
  }

  /// Reads all lines.
  mutating func run(_ file: RandomAccessFile) throws(RecordingError) {
    var lines = TableLines(file, lineEnd: dialect.lineEnd, rows: dialect)
    // Lines are counted from the file's beginning, as an editor shows them.
    while lines.offset < dialect.dataStart, try lines.next({ _, _ in }) { line += 1 + lines.joined }
    lines.seek(to: dialect.dataStart)
    var scan = self
    while true {
      let offset = lines.offset
      guard try lines.next({ bytes, isEnded in scan.take(bytes, at: offset, isEnded: isEnded) }) else { break }
      scan.line += lines.joined
      if lines.joined > 0 { scan.joinedRows += 1 }
    }
    self = scan
    clock.finish()
    counter.finish()
  }

  private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, isEnded: Bool) {
    line += 1
    if TableDialect.isBlank(bytes) {
      pendingBlanks += 1
      return
    }
    if TableDialect.isComment(bytes) { return }
    blankLines += pendingBlanks
    pendingBlanks = 0
    fields.split(bytes)
    if !isEnded, fields.ranges.count < dialect.columnCount {
      cut = (line, fields.ranges.count)
      return
    }
    if rowCount.isMultiple(of: stride) {
      places.append(offset)
      if places.count > Self.keptPlaces {
        places = places.indices.filter { $0.isMultiple(of: 2) }.map { places[$0] }
        stride *= 2
      }
    }
    let row = rowCount
    rowCount += 1
    guard TableRow.isWhole(fields.ranges, columnCount: dialect.columnCount) else {
      if ragged.count == 0 { (ragged.line, ragged.fields) = (line, fields.ranges.count) }
      ragged.count += 1
      return
    }
    takeTime(bytes, row: row)
    for place in signalPlaces { judge(cell(bytes, place), place: place) }
    for k in markPlaces.indices { takeMark(k, cell(bytes, markPlaces[k]), row: row) }
  }

  private func cell(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[fields.ranges[place]])
  }

  private mutating func takeTime(_ bytes: UnsafeBufferPointer<UInt8>, row: Int) {
    if let timePlace {
      let text = cell(bytes, timePlace)
      if isDate {
        takeDate(text, row: row)
      } else if let value = DecimalNumber.value(text, point: dialect.point), value.isFinite {
        clock.add(row: row, time: value * timeFactor)
        if row < 1024, let decimals = timeDecimals {
          let hasExponent = text.contains { $0 | 0x20 == 0x65 }
          let point = text.firstIndex(of: dialect.point)
          timeDecimals = hasExponent ? nil : max(decimals, point.map { text.count - 1 - $0 } ?? 0)
        }
      } else {
        if timeless.count == 0 { timeless.line = line }
        timeless.count += 1
      }
    }
    if let indexPlace, let value = DecimalNumber.value(cell(bytes, indexPlace), point: dialect.point) {
      counter.add(row: row, value: value)
    }
  }

  private mutating func takeDate(_ text: UnsafeBufferPointer<UInt8>, row: Int) {
    guard let date = TableDate(text) else {
      if timeless.count == 0 { timeless.line = line }
      timeless.count += 1
      return
    }
    if firstDate == nil { firstDate = date }
    clock.add(row: row, time: date.seconds(since: firstDate ?? date))
    if row < 1024 { timeDecimals = max(timeDecimals ?? 0, date.decimals) }
  }

  private mutating func judge(_ bytes: UnsafeBufferPointer<UInt8>, place: Int) {
    switch TableCell(bytes, point: dialect.point) {
    case .number(let value) where value.isFinite: return
    case .number: defects[place].infinite += 1
    case .missing: defects[place].missing += 1
    case .text: defects[place].text += 1
    }
    guard defects[place].line == 0 else { return }
    defects[place].line = line
    defects[place].shown = HeaderText.decoded(Array(bytes.prefix(80))[...])
  }

  private mutating func takeMark(_ place: Int, _ bytes: UnsafeBufferPointer<UInt8>, row: Int) {
    let label: String
    switch TableCell(bytes, point: dialect.point) {
    case .number(0), .missing: label = ""
    case .number(let value): label = Int(exactly: value).map(String.init) ?? "\(value)"
    case .text: label = HeaderText.decoded(Array(bytes.prefix(1000))[...])
    }
    guard label != marksNow[place] else { return }
    marksNow[place] = label
    guard !label.isEmpty else { return }
    if marks.count < Self.eventLimit { marks.append((row, label)) } else { hiddenMarks += 1 }
  }

  /// Tells what is wrong.
  ///
  /// - Parameter isWritten: Whether this package wrote the table, whose words for missing and infinite samples are then as meant.
  func report(isWritten: Bool, log: inout WarningLog) {
    if ragged.count > 0 {
      log.add(
        .cutRecord,
        "\(ragged.count) rows have another number of fields than \(dialect.columnCount) (the first is line \(ragged.line) with \(ragged.fields)); their samples are not numbers (NaN)"
      )
    }
    if let cut {
      log.add(.cutRecord, "the last row, line \(cut.line), is cut after \(cut.fields) of \(dialect.columnCount) fields; left out")
    }
    if joinedRows > 0 { log.note(.formatVariant, "\(joinedRows) rows go over several lines: a field in quotes has line ends") }
    if blankLines > 0 { log.add(.cutRecord, "\(blankLines) blank lines between the rows; skipped") }
    if timeless.count > 0 {
      log.add(.recordTime, "\(timeless.count) rows have no time (the first is line \(timeless.line)); the rate gives it")
    }
    if hiddenMarks > 0 { log.add(.annotationLimit, "there are \(marks.count + hiddenMarks) markers; the first \(marks.count) are kept") }
    for column in columns where defects[column.place].line > 0 && (!isWritten || defects[column.place].text > 0) {
      let found = defects[column.place]
      let kinds = [(found.missing, "empty or not a number"), (found.text, "text"), (found.infinite, "infinite")].filter { $0.0 > 0 }
      let counts = kinds.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
      let label = column.label.isEmpty ? "\(column.place + 1)" : column.label.quotedForDisplay()
      log.add(
        .nonFinite,
        "column \(label) has cells that hold no finite number: \(counts) (the first, line \(found.line), is \(found.shown.quotedForDisplay())); read as NaN or infinity"
      )
    }
    if rowCount == 0 { log.add(.emptyChannel, "the table has a header and no row") }
  }
}

/// What counts as a row.
enum TableRow {
  /// Whether a row has as many fields as there are columns; one more is allowed where it is empty, the trace of a delimiter at the end.
  static func isWhole(_ ranges: [Range<Int>], columnCount: Int) -> Bool {
    ranges.count == columnCount || (ranges.count == columnCount + 1 && ranges[columnCount].isEmpty)
  }
}
