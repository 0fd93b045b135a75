import MinhangCore

/// How a table is written: its delimiter, its decimal sign, its comments and its header, as its first lines show them.
struct TableDialect: Sendable {
  /// Bytes that are looked at.
  static let sampleBytes = 1 << 18
  /// More columns than any recording has.
  static let mostColumns = 65_536
  /// Rows that are looked at.
  static let sampleRows = 256

  var lineEnd: UInt8 = 0x0A
  var delimiter: UInt8 = 0x2C
  var point: UInt8 = 0x2E
  /// The comment lines before the first row, without their mark.
  var comments: [String] = []
  /// The header's fields; empty where there is none.
  var header: [String] = []
  /// Whether the header is the last comment line.
  var isHeaderComment = false
  /// Whether the header is not UTF-8.
  var isLatin1 = false
  /// Where the first row of values begins.
  var dataStart = 0
  /// Fields in a row.
  var columnCount = 0
  /// For each column how many of the first rows hold a number, nothing, or other text.
  var numbers: [Int] = []
  var missing: [Int] = []
  var texts: [Int] = []
  /// For each column how many of those texts are dates with a time of day.
  var dates: [Int] = []
  /// Rows looked at.
  var rowCount = 0
  /// The first rows, as texts of their fields, for the questions that a column's values answer.
  var firstNumbers: [[Double]] = []

  /// Whether a line is a comment.
  static func isComment(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = line.first(where: { !TableFields.isSpace($0) }) else { return false }
    return first == 0x23 || first == 0x25
  }

  /// Whether a line holds nothing but white space.
  static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool { line.allSatisfy { TableFields.isSpace($0) || $0 == 0 } }
}

extension TableDialect {
  /// Looks at the beginning of a file.
  ///
  /// - Throws: `badData` where it is no table of numbers, `inputOutput`.
  init(_ file: RandomAccessFile) throws(RecordingError) {
    var head = try file.bytes(at: 0, count: min(file.byteCount, Self.sampleBytes))
    // Rows so wide that the piece does not hold two of them.
    if head.count < file.byteCount, head.count(where: { $0 == 0x0A || $0 == 0x0D }) < 4 {
      head = try file.bytes(at: 0, count: min(file.byteCount, TableLines.longestLine))
    }
    let path = file.path
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw RecordingError(.unsupported, path: path, "the text at byte 0 is UTF-16; expected UTF-8: save the table as UTF-8")
    }
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineEnd = head.contains(0x0A) || !head.contains(0x0D) ? 0x0A : 0x0D
    let lines = Self.lines(of: head, from: start, isWhole: head.count == file.byteCount, lineEnd: lineEnd)
    head.withUnsafeBufferPointer { bytes in
      read(lines.map { ($0.lowerBound, UnsafeBufferPointer(rebasing: bytes[$0])) }, end: file.byteCount)
    }
    guard columnCount <= Self.mostColumns else {
      throw RecordingError(.badData, path: path, "the first row has \(columnCount) fields; expected at most \(Self.mostColumns) columns")
    }
    let isNoTable = header.first.map { "<{[".contains($0.first ?? " ") } ?? false || head.starts(with: "version https://git-lfs".utf8)
    guard columnCount > 0, rowCount > 0 || !header.isEmpty, !isNoTable, rowCount == 0 || numbers.contains(where: { $0 > 0 }) else {
      let shown = String(decoding: head.dropFirst(start).prefix(8), as: UTF8.self).quotedForDisplay()
      throw RecordingError(.badData, path: path, "the text at byte 0 is \(shown); expected a table with rows of numbers")
    }
  }

  private static func lines(of head: [UInt8], from start: Int, isWhole: Bool, lineEnd: UInt8) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var place = start
    while place < head.count, lines.count < 4 * sampleRows {
      let end = head[place...].firstIndex(of: lineEnd)
      // A line that the piece cuts is judged all the same where there is no other.
      if end == nil, !isWhole, lines.count > 1 { break }
      var stop = end ?? head.count
      let next = stop + 1
      if stop > place, head[stop - 1] == 0x0D { stop -= 1 }
      lines.append(place..<stop)
      place = next
    }
    return lines
  }

  private mutating func read(_ lines: [(offset: Int, bytes: UnsafeBufferPointer<UInt8>)], end: Int) {
    var rows: [(offset: Int, bytes: UnsafeBufferPointer<UInt8>)] = []
    var lastComment: UnsafeBufferPointer<UInt8>?
    for line in lines where !Self.isBlank(line.bytes) {
      if Self.isComment(line.bytes) {
        if rows.isEmpty, comments.count < 64 {
          let mark = line.bytes.firstIndex { $0 == 0x23 || $0 == 0x25 } ?? 0
          let rest = UnsafeBufferPointer(rebasing: line.bytes[(mark + 1)...])
          comments.append(HeaderText.decoded(Array(rest.prefix(400))[...]))
          lastComment = rest
        }
      } else {
        rows.append(line)
        if rows.count > Self.sampleRows { break }
      }
    }
    guard let first = rows.first else { return }
    delimiter = Self.delimiter(of: rows.map(\.bytes))
    var fields = TableFields(delimiter: delimiter)
    fields.split(first.bytes)
    guard fields.ranges.count <= Self.mostColumns else {
      columnCount = fields.ranges.count
      return
    }
    let firstFields = fields.ranges.map { TableFields.text(first.bytes, $0) }
    point = Self.point(of: rows.dropFirst(rows.count > 1 ? 1 : 0).map(\.bytes), delimiter: delimiter)
    let isHeader = Self.isHeader(rows.map(\.bytes), fields: &fields, point: point)
    if isHeader {
      header = firstFields
      isLatin1 = String(validating: first.bytes, as: UTF8.self) == nil
      rows.removeFirst()
    }
    dataStart = rows.first?.offset ?? end
    columnCount = Self.columnCount(rows.map(\.bytes), fields: &fields) ?? header.count
    guard columnCount <= Self.mostColumns else { return }
    if !isHeader, let lastComment {
      fields.split(lastComment)
      if fields.ranges.count == columnCount, columnCount > 1 {
        header = fields.ranges.map { TableFields.text(lastComment, $0) }
        isHeaderComment = true
      }
    }
    count(rows.map(\.bytes), fields: &fields)
  }

  /// Counts what the first rows hold, and drops a last column that has neither a name nor a value: the trace of a delimiter at the line's end.
  private mutating func count(_ rows: [UnsafeBufferPointer<UInt8>], fields: inout TableFields) {
    numbers = [Int](repeating: 0, count: columnCount)
    missing = numbers
    texts = numbers
    dates = numbers
    firstNumbers = [[Double]](repeating: [], count: columnCount)
    for row in rows {
      fields.split(row)
      guard fields.ranges.count >= columnCount else { continue }
      rowCount += 1
      for column in 0..<columnCount {
        switch TableCell(UnsafeBufferPointer(rebasing: row[fields.ranges[column]]), point: point) {
        case .number(let value):
          numbers[column] += 1
          if firstNumbers[column].count < 64 { firstNumbers[column].append(value) }
        case .missing: missing[column] += 1
        case .text:
          texts[column] += 1
          if TableDate(UnsafeBufferPointer(rebasing: row[fields.ranges[column]])) != nil { dates[column] += 1 }
        }
      }
    }
    if columnCount > 1, rowCount > 0, missing[columnCount - 1] == rowCount,
      header.isEmpty || header.count < columnCount || header[columnCount - 1].isEmpty,
      rows.allSatisfy({ $0.last == delimiter || $0.last.map(TableFields.isSpace) ?? true })
    {
      columnCount -= 1
      if header.count > columnCount { header.removeLast() }
    }
  }
}

extension TableDialect {
  /// The byte that divides the fields: the one that stands equally often in most lines; a tab before a semicolon before a comma, which may be
  /// a decimal sign.
  private static func delimiter(of lines: [UnsafeBufferPointer<UInt8>]) -> UInt8 {
    var best: (delimiter: UInt8, share: Double) = (0x2C, 0)
    for candidate: UInt8 in [0x09, 0x3B, 0x2C, 0x7C, 0x20] {
      var fields = TableFields(delimiter: candidate)
      var counts: [Int: Int] = [:]
      for line in lines.prefix(64) {
        fields.split(line)
        counts[fields.ranges.count, default: 0] += 1
      }
      // Equal counts: the larger number of fields, so that the choice does not hang on the order of a dictionary.
      guard let most = counts.filter({ $0.key > 1 }).max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
      let share = Double(most.value) / Double(min(lines.count, 64))
      if share > max(best.share + 0.2, candidate == 0x20 ? 0.7 : 0) { best = (candidate, share) }
    }
    return best.delimiter
  }

  /// A decimal comma, where fields hold numbers with one and none with a point.
  private static func point(of rows: [UnsafeBufferPointer<UInt8>], delimiter: UInt8) -> UInt8 {
    guard delimiter != 0x2C else { return 0x2E }
    var fields = TableFields(delimiter: delimiter)
    var (withComma, withPoint) = (0, 0)
    for row in rows.prefix(64) {
      fields.split(row)
      for range in fields.ranges {
        let field = UnsafeBufferPointer(rebasing: row[range])
        if field.contains(0x2C), DecimalNumber.value(field, point: 0x2C) != nil { withComma += 1 }
        if field.contains(0x2E), DecimalNumber.value(field, point: 0x2E) != nil { withPoint += 1 }
      }
    }
    return withComma > withPoint ? 0x2C : 0x2E
  }

  /// Whether the first row names the columns: it holds text where later rows hold numbers, or there is no other row and it holds no number.
  private static func isHeader(_ rows: [UnsafeBufferPointer<UInt8>], fields: inout TableFields, point: UInt8) -> Bool {
    fields.split(rows[0])
    let first = fields.ranges.map { TableCell(UnsafeBufferPointer(rebasing: rows[0][$0]), point: point) }
    var isNumber = [Bool](repeating: false, count: first.count)
    for row in rows.dropFirst().prefix(16) {
      fields.split(row)
      for (column, range) in fields.ranges.enumerated() where column < first.count {
        if case .number = TableCell(UnsafeBufferPointer(rebasing: row[range]), point: point) { isNumber[column] = true }
      }
    }
    var (named, numeric) = (0, 0)
    for (column, cell) in first.enumerated() {
      if case .number = cell { numeric += 1 }
      if case .text = cell, isNumber[column] || rows.count == 1 { named += 1 }
    }
    return named > numeric
  }

  private static func columnCount(_ rows: [UnsafeBufferPointer<UInt8>], fields: inout TableFields) -> Int? {
    var counts: [Int: Int] = [:]
    for row in rows {
      fields.split(row)
      counts[fields.ranges.count, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }
}
