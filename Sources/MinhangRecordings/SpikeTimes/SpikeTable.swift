import MinhangCore

/// A table of spikes: a row for each, with its time and its unit.
///
/// The header decides: a column of times (`time`, `spike_time`, `time (ms)` …) or of sample numbers (`sample`; the rate is then stated on
/// opening), one of units or channels (`unit`, `cluster_id`, `electrode` …, or both), and none but columns that describe spikes beside them.
struct SpikeTable: Sendable {
  var time: Int
  /// Seconds in one of the column; nil where it counts samples.
  var factor: Double?
  var unit: Int?
  var channel: Int?

  private static let units: Set<String> = [
    "unit", "units", "unit id", "unitid", "unit number", "neuron", "neurons", "neuron id", "cluster", "clusters", "cluster id", "cell",
    "cell id",
    "spike cluster", "spike clusters", "spike unit", "sorted unit",
  ]
  private static let channels: Set<String> = [
    "channel", "channels", "channel id", "channel number", "ch", "chan", "electrode", "electrodes", "electrode id", "elec",
    "electrode number",
  ]
  private static let beside: Set<String> = [
    "amplitude", "amplitude uv", "amp", "depth", "width", "snr", "quality", "group", "shank", "x", "y", "z", "template", "spike template",
    "class",
    "duration", "probability", "index", "spike", "spike id", "trial", "",
  ]

  /// Reads a header; nil where it is not that of a table of spikes.
  init?(_ header: [String]) {
    var seconds: (place: Int, factor: Double)?
    var samples: Int?
    for (place, label) in header.enumerated() {
      let key = label.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).joined(separator: " ")
      if unit == nil, Self.units.contains(key) {
        unit = place
      } else if channel == nil, Self.channels.contains(key) {
        channel = place
      } else {
        let isSpike = label.lowercased().hasPrefix("spike")
        let bare = isSpike ? String(label.dropFirst(5).drop { $0 == "_" || $0 == " " || $0 == "-" }) : label
        switch key == "onset" ? .time(1) : TableColumn(place: place, label: bare).role {
        case .time(let factor) where seconds == nil: seconds = (place, factor ?? 1)
        case .sampleIndex where samples == nil && key != "index" && key != "unnamed 0": samples = place
        case .sampleIndex: break
        default: guard Self.beside.contains(key) else { return nil }
        }
      }
    }
    guard unit != nil || channel != nil, let time = seconds?.place ?? samples else { return nil }
    self.time = time
    factor = seconds?.factor
  }

  /// Whether a file begins with such a header, perhaps behind comments.
  static func recognises(_ head: FileHead) -> Bool {
    var bytes = head.bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    for line in bytes.split(omittingEmptySubsequences: true, whereSeparator: { $0 == 0x0A || $0 == 0x0D }).prefix(64) {
      guard let first = line.first(where: { !TableFields.isSpace($0) }) else { continue }
      if first == 0x23 || first == 0x25 { continue }
      guard line.count < 1024 else { return false }
      let text = HeaderText.decoded(line)
      return [",", "\t", ";"].contains { (delimiter: Character) in
        Self(fields(text, delimiter)) != nil
      }
    }
    return false
  }

  private static func fields(_ text: String, _ delimiter: Character) -> [String] {
    text.split(separator: delimiter, omittingEmptySubsequences: false).map { field in
      let bare = String(field).trimmingSpaces
      return bare.count > 1 && bare.hasPrefix("\"") && bare.hasSuffix("\"") ? String(bare.dropFirst().dropLast()) : bare
    }
  }

  /// The name of the unit of a row: `5`, `12.1` for unit 1 of channel 12.
  private func name(_ line: UnsafeBufferPointer<UInt8>, _ ranges: [Range<Int>]) -> String? {
    let parts = [channel, unit].compactMap { $0 }.map { place -> String in
      let text = TableFields.text(line, ranges[place])
      // Programs that know only one type of number write 3.0.
      return text.hasSuffix(".0") ? HeaderNumber.whole(String(text.dropLast(2))).map(String.init) ?? text : text
    }
    return parts.contains("") ? nil : parts.joined(separator: ".")
  }

  /// Reads all rows.
  func read(
    _ file: RandomAccessFile, _ dialect: TableDialect, secondsPerUnit: Double, log: inout WarningLog
  ) throws(RecordingError) -> SpikeCollection {
    var lines = TableLines(file, lineEnd: dialect.lineEnd)
    var (number, bad) = (0, (count: 0, line: 0, shown: ""))
    while lines.offset < dialect.dataStart, try lines.next({ _, _ in }) { number += 1 }
    lines.seek(to: dialect.dataStart)
    var fields = TableFields(delimiter: dialect.delimiter)
    var spikes = SpikeCollection()
    // Most rows follow on one of the same unit.
    var (last, lastUnit): ([UInt8], UInt32?) = ([], nil)
    let (unit, channel) = (unit, channel)
    while try lines.next({ bytes, _ in
      number += 1
      guard !TableDialect.isBlank(bytes), !TableDialect.isComment(bytes) else { return }
      fields.split(bytes)
      let ranges = fields.ranges
      guard TableRow.isWhole(ranges, columnCount: dialect.columnCount),
        let time = DecimalNumber.value(UnsafeBufferPointer(rebasing: bytes[ranges[self.time]]), point: dialect.point),
        (time * secondsPerUnit).isFinite
      else {
        if bad.count == 0 { (bad.line, bad.shown) = (number, HeaderText.decoded(Array(bytes.prefix(60))[...])) }
        bad.count += 1
        return
      }
      let key = [channel, unit].compactMap { $0 }.flatMap { bytes[ranges[$0]] + [0] }
      if key != last || lastUnit == nil {
        guard let name = name(bytes, ranges), name.utf8.count <= 256 else {
          if bad.count == 0 { (bad.line, bad.shown) = (number, HeaderText.decoded(Array(bytes.prefix(60))[...])) }
          bad.count += 1
          return
        }
        (last, lastUnit) = (key, spikes.unit(name))
      }
      spikes.add(time * secondsPerUnit, unit: lastUnit)
    }) {}
    if bad.count > 0 {
      log.add(
        .numberStyle,
        "\(bad.count) rows hold no time and unit (the first, line \(bad.line), is \(bad.shown.quotedForDisplay())); left out")
    }
    return spikes
  }

  /// Opens a table of spikes, or any other table whose header is none after all.
  static func open(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) -> any RecordingReader {
    let dialect = try TableDialect(file)
    guard let table = Self(dialect.header), dialect.columnCount == dialect.header.count else {
      return try TableReader(file, head: head, options: options)
    }
    guard let seconds = table.factor ?? options.sampleRate.map({ 1 / $0 }) else {
      throw RecordingError(
        .badData, path: file.path,
        "column \(dialect.header[table.time].quotedForDisplay()) counts samples; expected the sampling rate to be stated (--input-rate HZ)")
    }
    var log = WarningLog()
    log.checkSuffix(of: head.path, own: ["csv", "tsv", "txt", "dat"], content: "a table of spikes")
    if dialect.isLatin1 { log.add(.headerText, "the header is not UTF-8; read as Latin-1") }
    let spikes = try table.read(file, dialect, secondsPerUnit: seconds, log: &log)
    spikes.report(log: &log)
    if spikes.times.isEmpty { log.add(.emptyChannel, "the table holds no spike") }
    return SpikeTimesReader(spikes.trains(), format: "spike times", file: file, log: log)
  }
}

extension SpikeTimesReader {
  /// Makes a reader of spikes whose file says nothing of the length of the recording: it ends with the last spike.
  init(_ spikes: SpikeTrains, format: String, file: RandomAccessFile, log: WarningLog) {
    self.init(
      recording: RecordingInfo(
        format: RecordingFormat(format), path: file.path, byteCount: file.byteCount, start: nil, duration: max(0, spikes.times.last ?? 0),
        channels: [], spans: [], warnings: log.warnings, notes: log.notes), spikes: spikes)
  }
}

extension Recording.Entry {
  /// A table whose header tells of spikes.
  static let spikeTable = Self(
    name: "spike times", recognises: SpikeTable.recognises,
    open: { file, head, options throws(RecordingError) in try SpikeTable.open(file, head: head, options: options) })
}
