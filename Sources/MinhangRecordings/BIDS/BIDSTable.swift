import MinhangCore

/// A table of a BIDS dataset: tabs, UTF-8, a header, `n/a` for what is missing.
///
/// Rows are handed out one by one, so that a table takes the memory of its bytes and no more.
///
/// **Source:** BIDS specification, "Tabular files". A byte order mark, carriage returns and Latin-1 are understood as well.
struct BIDSTable {
  /// The largest table that is read.
  static let largest = 64 << 20
  private static let mostColumns = 1024

  /// The columns' names.
  let columns: [String]
  private let bytes: [UInt8]
  /// Where the rows begin.
  private let start: Int

  /// One row's fields; nil for `n/a`, an empty field or none.
  struct Row {
    fileprivate let bytes: [UInt8]
    fileprivate let ranges: [Range<Int>]

    subscript(column: Int?) -> String? {
      guard let column, column < ranges.count else { return nil }
      let text = HeaderText.decoded(bytes[ranges[column]])
      return text.isEmpty || text == "n/a" || text == "N/A" ? nil : text
    }
  }

  /// Reads a table.
  ///
  /// Rows with too few or too many fields are told once, with their number.
  ///
  /// - Throws: `notFound`, `unreadable`, `badData` for a file that is too large or has no header.
  init(path: String, log: inout WarningLog) throws(RecordingError) {
    let file = try RandomAccessFile(path: path)
    guard file.byteCount <= Self.largest else {
      throw RecordingError(.badData, path: path, "file size is \(file.byteCount) bytes; expected a table of at most \(Self.largest)")
    }
    bytes = try file.bytes(at: 0, count: file.byteCount)
    let first = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var ranges: [Range<Int>] = []
    start = Self.split(bytes, from: first, into: &ranges)
    guard ranges.count <= Self.mostColumns, !bytes[first...].prefix(start - first).contains(0) else {
      throw RecordingError(.badData, path: path, "the first line is no header of a table; expected names of columns between tabs")
    }
    columns = ranges.map { [bytes] in HeaderText.decoded(bytes[$0]) }
    guard !(columns.first ?? "").isEmpty else {
      throw RecordingError(.badData, path: path, "the first line names no column; expected names of columns between tabs")
    }
    let name = Self.shownName(path)
    if Set(columns).count != columns.count {
      log.add(.sidecar, "\(name): a column's name comes twice; the first of that name is used")
    }
    var uneven = 0
    var firstUneven = 0
    var number = 1
    forEachLine { ranges in
      number += 1
      guard ranges.count != columns.count else { return }
      uneven += 1
      if uneven == 1 { firstUneven = number }
    }
    if uneven > 0 {
      log.add(
        .sidecar,
        "\(name): \(uneven) rows do not have the \(columns.count) fields of the header (the first is line \(firstUneven)); missing fields are taken for n/a"
      )
    }
    if String(validating: bytes, as: UTF8.self) == nil {
      log.add(.sidecar, "\(name): the text is not UTF-8; taken for Latin-1 where it is not")
    }
  }

  /// The place of a column by its name; nil where there is none.
  func column(_ name: String) -> Int? { columns.firstIndex(of: name) ?? columns.firstIndex { $0.lowercased() == name } }

  /// Calls `body` with each row; lines without any text are left out.
  func forEachRow(_ body: (Row) -> Void) {
    forEachLine { body(Row(bytes: bytes, ranges: $0)) }
  }

  private func forEachLine(_ body: ([Range<Int>]) -> Void) {
    var ranges: [Range<Int>] = []
    var place = start
    while place < bytes.count {
      place = Self.split(bytes, from: place, into: &ranges)
      if ranges.contains(where: { !$0.isEmpty }) { body(ranges) }
    }
  }

  /// Splits the line that begins at a place into its fields; returns where the next line begins.
  private static func split(_ bytes: [UInt8], from start: Int, into ranges: inout [Range<Int>]) -> Int {
    ranges.removeAll(keepingCapacity: true)
    var field = start
    var place = start
    while place < bytes.count, bytes[place] != 0x0A, bytes[place] != 0x0D {
      if bytes[place] == 0x09 {
        // A line of tabs alone must not cost memory.
        if ranges.count <= mostColumns { ranges.append(field..<place) }
        field = place + 1
      }
      place += 1
    }
    ranges.append(field..<place)
    if place + 1 < bytes.count, bytes[place] == 0x0D, bytes[place + 1] == 0x0A { place += 1 }
    return min(place + 1, bytes.count)
  }

  /// The last part of a path, fit to be shown.
  static func shownName(_ path: String) -> String { String(path.split(separator: "/").last ?? "").escapedForDisplay }
}
