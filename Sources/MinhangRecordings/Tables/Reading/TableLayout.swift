import MinhangCore

/// What the columns of a table are for, from their names, the comments and the first rows.
struct TableLayout: Sendable {
  var columns: [TableColumn] = []
  /// The rate that a comment states, Hz.
  var statedRate: Double?
  var isOpenBCI = false

  /// The first column of a role that counts time; nil where there is none.
  var timeColumn: TableColumn? {
    columns.first {
      switch $0.role {
      case .time, .dateTime: true
      default: false
      }
    }
  }
  var indexColumn: TableColumn? { columns.first { $0.role == .sampleIndex } }

  init(_ dialect: TableDialect, log: inout WarningLog) {
    let header = dialect.header
    if !header.isEmpty, header.count != dialect.columnCount {
      log.add(
        .formatVariant, "the header has \(header.count) names for \(dialect.columnCount) columns; names are given from the first column on")
    }
    if header.isEmpty { log.note(.label, "the table has no header; its columns are named by their place") }
    if dialect.isLatin1 { log.add(.headerText, "the header is not UTF-8; read as Latin-1") }
    columns = (0..<dialect.columnCount).map { TableColumn(place: $0, label: $0 < header.count ? header[$0] : "") }
    readComments(dialect)
    settleRoles(dialect, log: &log)
  }

  /// The columns of a table that this package wrote: times, then samples, whatever their names.
  init(written dialect: TableDialect) {
    columns = dialect.header.enumerated().map { place, label in
      var column = TableColumn(place: place, label: label)
      column.role = place == 0 ? .time(1) : .signal
      return column
    }
  }

  /// Rate, and the columns of an OpenBCI file without a header.
  ///
  /// **Source:** OpenBCI GUI documentation, "OpenBCI data format": `%Sample Rate = 250 Hz`, first column the sample index 0–255, samples of `EXG` channels
  /// in microvolts, accelerometer in g.
  private mutating func readComments(_ dialect: TableDialect) {
    isOpenBCI = dialect.comments.first.map { $0.hasPrefix("OpenBCI Raw") } ?? false
    for comment in dialect.comments {
      let sides = comment.split(maxSplits: 1, whereSeparator: { $0 == "=" || $0 == ":" }).map { String($0).trimmingSpaces }
      guard sides.count == 2 else { continue }
      let key = String(sides[0].lowercased().filter { $0.isLetter })
      let value = String(sides[1].prefix { !$0.isLetter }).trimmingSpaces
      if ["samplerate", "samplingrate", "samplingfrequency", "samplefrequency", "srate", "sfreq", "fs"].contains(key),
        let rate = DecimalNumber.value(value), SamplingRate.isUsable(rate)
      {
        statedRate = rate
      }
      guard isOpenBCI, dialect.header.isEmpty else { continue }
      if key == "numberofchannels", let count = Int(value), count > 0, count < columns.count {
        columns[0].role = .sampleIndex
        for k in 1...count { (columns[k].name, columns[k].label) = ("EXG Channel \(k - 1)", "EXG Channel \(k - 1)") }
      }
      if key == "lastcolumn", sides[1].lowercased().hasPrefix("timestamp"), columns.count > 1 {
        columns[columns.count - 1].role = .time(nil)
      }
    }
    guard isOpenBCI else { return }
    for k in columns.indices where columns[k].unit == nil {
      if columns[k].name.hasPrefix("EXG Channel") { columns[k].unit = .microvolt }
      if columns[k].name.hasPrefix("Accel Channel") { columns[k].unit = PhysicalUnit("g") }
    }
  }

  private mutating func settleRoles(_ dialect: TableDialect, log: inout WarningLog) {
    // A first column without a name that counts 0, 1, 2 … is the index that a table tool wrote.
    if columns.first?.label.isEmpty == true, columns[0].role == .signal, !dialect.header.isEmpty,
      Self.isCount(dialect.firstNumbers.first ?? [])
    {
      columns[0].role = .sampleIndex
    }
    var (hasTime, hasIndex) = (false, false)
    let hasNumbers = columns.contains { column in
      if case .time = column.role { dialect.numbers[column.place] >= dialect.texts[column.place] } else { false }
    }
    for k in columns.indices {
      // A column of dates is one of times where no numbers are, and never one of marks.
      if columns[k].role != .marker, dialect.dates[k] > dialect.numbers[k], dialect.dates[k] * 10 >= dialect.texts[k] * 9 {
        columns[k].role = hasTime || hasNumbers ? .ignored : .dateTime
        hasTime = hasTime || columns[k].role == .dateTime
        if columns[k].role == .ignored, !columns[k].name.lowercased().hasSuffix("(formatted)") {
          log.note(.recordTime, "column \(shown(k)) is a second column of times; not read")
        }
        continue
      }
      let isText = dialect.texts[k] > dialect.numbers[k] && dialect.texts[k] + dialect.numbers[k] > 0
      let isEmpty = dialect.rowCount > 0 && dialect.numbers[k] + dialect.texts[k] == 0
      switch columns[k].role {
      case .time:
        if isText {
          columns[k].role = .ignored
          log.add(.recordTime, "column \(shown(k)) holds no numbers; its times are not read")
        } else if hasTime {
          columns[k].role = .ignored
          log.note(.recordTime, "column \(shown(k)) is a second column of times; not read")
        }
        hasTime = hasTime || columns[k].role != .ignored
      case .sampleIndex:
        if hasIndex || isText { columns[k].role = isText ? .ignored : .signal }
        hasIndex = hasIndex || columns[k].role == .sampleIndex
      case .marker: break
      default:
        if isText { columns[k].role = columns[k].name.lowercased().hasSuffix("(formatted)") ? .ignored : .text }
        if isEmpty, columns[k].label.isEmpty { columns[k].role = .ignored }
      }
    }
  }

  /// A column's name as a message shows it.
  func shown(_ place: Int) -> String {
    let label = columns[place].label
    return label.isEmpty ? "\(place + 1)" : label.quotedForDisplay()
  }

  private static func isCount(_ values: [Double]) -> Bool {
    values.count > 1 && zip(values, values.dropFirst()).allSatisfy { $1 - $0 == 1 }
  }

  /// The channels: samples, then numeric markers as trigger lines, in the order of the columns.
  ///
  /// - Returns: Channels without rate and count, and the place of each one's column.
  func channels(_ dialect: TableDialect, unit stated: PhysicalUnit?, log: inout WarningLog) -> (channels: [Channel], places: [Int]) {
    var names = UniqueNames()
    var channels: [Channel] = []
    var places: [Int] = []
    var withoutUnit = 0
    for column in columns {
      let isMarker = column.role == .marker && dialect.numbers[column.place] >= dialect.texts[column.place]
      guard column.role == .signal || isMarker else { continue }
      let wanted = column.label.isEmpty ? "" : ChannelName.cleaned(column.name)
      if wanted.isEmpty, !dialect.header.isEmpty {
        log.add(.label, "column \(column.place + 1) has no name; it is named \"Column\(column.place + 1)\"")
      }
      let name = names.unique(wanted.isEmpty ? "Column\(column.place + 1)" : wanted)
      if name.isChanged {
        let line =
          "column \(column.place + 1) has the name \(column.label.quotedForDisplay()) of another; it is named \(name.name.quotedForDisplay())"
        // OpenBCI's own tables have several columns of one name.
        if isOpenBCI { log.note(.label, line) } else { log.add(.label, line) }
      }
      let unit = column.unit ?? (isMarker ? nil : stated) ?? .none
      if unit == .none, !isMarker { withoutUnit += 1 }
      var kind = isMarker ? .trigger : ChannelKind(label: column.name, unit: unit)
      if kind == .misc, unit == .none, ChannelName.standardPosition(column.name.trimmingSpaces) != nil { kind = .eeg }
      channels.append(Channel(index: channels.count, name: name.name, label: column.label, kind: kind, unit: unit, sampleRate: 1))
      places.append(column.place)
    }
    if withoutUnit > 0 {
      log.add(
        .unit, "\(withoutUnit) columns state no unit; their numbers are kept as they are, not taken for microvolts (--input-unit says it)")
    }
    return (channels, places)
  }
}

/// Gives every name once.
struct UniqueNames {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  /// The name, or the name with a number behind it where it is taken.
  mutating func unique(_ wanted: String) -> (name: String, isChanged: Bool) {
    let key = wanted.lowercased()
    if taken.insert(key).inserted { return (wanted, false) }
    var number = next[key] ?? 2
    while !taken.insert("\(key)-\(number)").inserted { number += 1 }
    next[key] = number + 1
    return ("\(wanted)-\(number)", true)
  }
}
