import MinhangCore

/// Reads tables of text: CSV, TSV, semicolons with a decimal comma, and the text files of OpenBCI.
///
/// A row is a sample, a column a channel, a column of times or a column of markers. The rate and the gaps come from the times (or a count of samples and a
/// stated rate), markers become events. Units stand in the names, `C3 (uV)`, or are stated on opening; a column without one keeps its numbers
/// and no unit. Cells that hold no number are NaN and are told of. Opening reads the whole text once; afterwards a stretch is found by an index
/// of a fixed size, and reading on from the last stretch costs no search.
///
/// **Source:** RFC 4180 for quotes; OpenBCI GUI documentation for its comments and its sample index.
public struct TableReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo

  private let storedEvents: [Event]
  private let columns: [Int]
  private let factors: [Double]
  private let columnCount: Int
  private let point: UInt8
  private let places: [Int]
  private let stride: Int
  private let timeline: Timeline?
  private var lines: TableLines
  private var fields: TableFields
  /// The row that the lines are at.
  private var nextRow = 0

  init(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    let opening = try TableOpening(file, head: head, options: options)
    recording = opening.info
    storedEvents = opening.events
    columns = opening.columns
    factors = opening.info.channels.map { $0.unit.microvoltsPerUnit ?? 1 }
    columnCount = opening.dialect.columnCount
    point = opening.dialect.point
    places = opening.places
    stride = opening.stride
    timeline = opening.info.channels.isEmpty ? nil : opening.info.timeline(of: 0)
    lines = TableLines(file, lineEnd: opening.dialect.lineEnd, rows: opening.dialect)
    lines.seek(to: opening.dialect.dataStart)
    fields = TableFields(delimiter: opening.dialect.delimiter)
  }

  /// The markers, or the events that a sidecar holds, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    let count = recording.channels.first?.sampleCount ?? 0
    try check(samples, of: channels)
    block.resize(channelCount: channels.count, sampleCount: samples.count)
    block.firstSample = samples.lowerBound
    block.segment = timeline?.segmentIndex(ofSample: samples.lowerBound) ?? 0
    guard !samples.isEmpty, !channels.isEmpty else { return }
    try find(samples.lowerBound)
    let wanted = channels.map { (column: columns[$0], factor: factors[$0]) }
    let (columnCount, point) = (columnCount, point)
    var failure: RecordingError?
    var (row, lines, fields) = (nextRow, self.lines, self.fields)
    // The file's bytes are not copied: the only owner is the local value.
    self.lines = TableLines(lines)
    block.withUnsafeMutableStorage { values, stride in
      do throws(RecordingError) {
        while row < samples.upperBound {
          let isThere = try lines.next { bytes, _ in
            guard !TableDialect.isBlank(bytes), !TableDialect.isComment(bytes) else { return }
            fields.split(bytes)
            let target = values + (row - samples.lowerBound)
            let isWhole = TableRow.isWhole(fields.ranges, columnCount: columnCount)
            for (channel, source) in wanted.enumerated() {
              guard isWhole else {
                target[channel * stride] = .nan
                continue
              }
              let cell = UnsafeBufferPointer(rebasing: bytes[fields.ranges[source.column]])
              target[channel * stride] = (DecimalNumber.value(cell, point: point) ?? .nan) * source.factor
            }
            row += 1
          }
          guard isThere else {
            throw RecordingError(
              .inputOutput, path: recording.path, "the table ends at row \(row + 1); expected the \(count) rows it had when opened")
          }
        }
      } catch {
        failure = error
      }
    }
    (nextRow, self.lines, self.fields) = (row, lines, fields)
    if let failure { throw failure }
  }

  /// Goes to a row: on from where the last read ended, or from the nearest place known before it.
  private mutating func find(_ row: Int) throws(RecordingError) {
    if row < nextRow || row - nextRow > stride {
      let place = min(row / stride, places.count - 1)
      lines.seek(to: places[place])
      nextRow = place * stride
    }
    while nextRow < row {
      var isRow = false
      let isThere = try lines.next { bytes, _ in isRow = !TableDialect.isBlank(bytes) && !TableDialect.isComment(bytes) }
      guard isThere else {
        throw RecordingError(
          .inputOutput, path: recording.path, "the table ends at row \(nextRow + 1); expected more rows, as when it was opened")
      }
      if isRow { nextRow += 1 }
    }
  }
}

extension Recording.Entry {
  /// Tables of text: last of all, for other formats are text too.
  static let table = Self(
    name: "table of text",
    recognises: { head in
      let isNamed = ["csv", "tsv", "txt"].contains(head.suffix)
      if head.bytes.starts(with: [0xFF, 0xFE]) || head.bytes.starts(with: [0xFE, 0xFF]) { return isNamed }
      let controls = head.bytes.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
      guard !isNamed else { return controls * 100 <= head.bytes.count }
      // Without a name that says so, plain text with numbers and more than one line.
      return controls == 0 && head.bytes.contains { $0 == 0x0A || $0 == 0x0D } && head.bytes.contains { (0x30...0x39).contains($0) }
    },
    open: { file, head, options throws(RecordingError) in try TableReader(file, head: head, options: options) })
}
