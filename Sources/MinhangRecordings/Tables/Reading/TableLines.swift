import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of a file of text, one after the other from any place; holds a piece of the file, never all of it.
///
/// A line ends at a line feed (a carriage return before it belongs to the end) or, in files that have no line feed, at a carriage return. A field
/// in quotes may go over several lines where that makes a row of as many fields as the table has (RFC 4180); a quote that is never closed
/// protects no line's end: it spoils its row and not the file.
struct TableLines: Sendable {
  /// The longest line that is read; a longer one is no row of a table.
  static let longestLine = 4 << 20
  private static let piece = 1 << 18
  /// Line ends that a row may have, and bytes: quotes that close nothing must not cost much.
  private static let mostJoined = 8
  private static let mostJoinedBytes = 1 << 16

  /// The byte that ends a line.
  let lineEnd: UInt8
  private let file: RandomAccessFile
  private var buffer: [UInt8] = []
  /// The place in the file of the buffer's first byte.
  private var base = 0
  private var filled = 0
  private var place = 0
  /// Whether any quote was read.
  private var hasQuotes = false
  private var fields: TableFields?
  private let columnCount: Int
  /// Line ends within the line that was handed out last.
  private(set) var joined = 0

  /// The lines of a table.
  ///
  /// - Parameter dialect: What makes a row; nil for lines that no quotes join.
  init(_ file: RandomAccessFile, lineEnd: UInt8, rows dialect: TableDialect? = nil) {
    self.file = file
    self.lineEnd = lineEnd
    fields = dialect.map { TableFields(delimiter: $0.delimiter) }
    columnCount = dialect?.columnCount ?? 0
  }

  /// The same file with nothing read.
  init(_ other: TableLines) {
    (file, lineEnd, fields, columnCount) = (other.file, other.lineEnd, other.fields, other.columnCount)
  }

  /// The place in the file of the next line.
  var offset: Int { base + place }

  /// Goes on at a place where a line begins.
  mutating func seek(to offset: Int) {
    if offset >= base && offset <= base + filled {
      place = offset - base
    } else {
      base = offset
      place = 0
      filled = 0
    }
  }

  /// Calls `body` with the next line, without its end.
  ///
  /// - Parameter body: Gets the bytes, and whether the line has an end.
  /// - Returns: Whether there was a line.
  /// - Throws: `badData` for a line beyond `longestLine`, `inputOutput`.
  mutating func next(_ body: (UnsafeBufferPointer<UInt8>, _ isEnded: Bool) -> Void) throws(RecordingError) -> Bool {
    guard let first = try lineEnd(after: 0) else { return false }
    guard first.length <= Self.longestLine else {
      throw RecordingError(
        .badData, path: file.path, "the line at byte \(offset) is longer than \(Self.longestLine) bytes; expected rows of a table")
    }
    joined = 0
    let whole = hasQuotes ? try row(from: first) : first
    line(place..<(place + whole.length), isEnded: whole.isEnded, body)
    place += whole.length + (whole.isEnded ? 1 : 0)
    return true
  }

  /// The end of a line that begins a row; further on where a field in quotes has line ends.
  private mutating func row(from first: (length: Int, isEnded: Bool)) throws(RecordingError) -> (length: Int, isEnded: Bool) {
    var end = first
    var count = 0
    // A row on its own that rows on their own follow has a quote that is no more than a character.
    var isRowAlone = false
    while end.length <= Self.mostJoinedBytes, count < Self.mostJoined, end.isEnded, isOpen(end.length) {
      if count == 0 { isRowAlone = fields?.ranges.count == columnCount }
      guard let next = try lineEnd(after: end.length + 1), next.length <= Self.longestLine else { break }
      if isRowAlone {
        split((end.length + 1)..<next.length)
        if fields?.ranges.count == columnCount { return first }
      }
      end = next
      count += 1
    }
    guard count > 0, isRow(end.length) else { return first }
    joined = count
    return end
  }

  private func holdsQuote(_ range: Range<Int>) -> Bool {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return false }
      return memchr(base + range.lowerBound, 0x22, range.count) != nil
    }
  }

  /// Whether a quote of the coming bytes is not closed.
  private mutating func isOpen(_ length: Int) -> Bool {
    guard holdsQuote(place..<(place + length)) else { return false }
    split(0..<length)
    return fields?.hasOpenQuote ?? false
  }

  /// Whether the coming bytes are a row of the table, each of its quotes closed before a delimiter.
  private mutating func isRow(_ length: Int) -> Bool {
    split(0..<length)
    guard let fields, !fields.hasOpenQuote, fields.ranges.count == columnCount else { return false }
    return fields.ranges.allSatisfy { range in
      var after = range.upperBound + 1
      guard range.lowerBound > 0, buffer[place + range.lowerBound - 1] == 0x22 else { return true }
      while after < length, TableFields.isSpace(buffer[place + after]), buffer[place + after] != fields.delimiter { after += 1 }
      return after >= length || buffer[place + after] == fields.delimiter || buffer[place + after] == 0x0D
    }
  }

  /// Splits some of the coming bytes.
  private mutating func split(_ range: Range<Int>) {
    // Taken out, so that its memory is used again.
    guard var own = fields else { return }
    fields = nil
    buffer.withUnsafeBufferPointer { own.split(UnsafeBufferPointer(rebasing: $0[(place + range.lowerBound)..<(place + range.upperBound)])) }
    fields = own
  }

  /// The first line end behind some coming bytes.
  ///
  /// - Returns: The bytes before it, and whether it is one and not the file's end; nil where nothing comes. More bytes than `longestLine`
  ///   stand for a line that is too long.
  private mutating func lineEnd(after skipped: Int) throws(RecordingError) -> (length: Int, isEnded: Bool)? {
    var searched = skipped
    while true {
      if let end = lineEndPlace(from: place + searched) { return (end - place, true) }
      searched = max(searched, filled - place)
      if base + filled >= file.byteCount { return filled - place > skipped ? (filled - place, false) : nil }
      guard filled - place <= Self.longestLine else { return (filled - place, false) }
      try refill()
    }
  }

  private func lineEndPlace(from start: Int) -> Int? {
    guard start < filled else { return nil }
    return buffer.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(lineEnd), filled - start) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func line(_ range: Range<Int>, isEnded: Bool, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void) {
    buffer.withUnsafeBufferPointer { bytes in
      var range = range
      if range.upperBound > range.lowerBound, bytes[range.upperBound - 1] == 0x0D { range = range.lowerBound..<(range.upperBound - 1) }
      body(UnsafeBufferPointer(rebasing: bytes[range]), isEnded)
    }
  }

  /// Moves what is not yet handed out to the front and reads on.
  private mutating func refill() throws(RecordingError) {
    let rest = filled - place
    if place > 0, rest > 0 {
      let (from, count) = (place, rest)
      buffer.withUnsafeMutableBytes { bytes in
        if let base = bytes.baseAddress { memmove(base, base + from, count) }
      }
    }
    base += place
    place = 0
    filled = rest
    // Doubling keeps the work of a long line linear.
    let wanted = max(Self.piece, rest * 2)
    if buffer.count < wanted { buffer += [UInt8](repeating: 0, count: wanted - buffer.count) }
    let count = min(buffer.count - filled, file.byteCount - (base + filled))
    var failure: RecordingError?
    let (start, target) = (base + filled, filled)
    buffer.withUnsafeMutableBytes { bytes in
      do throws(RecordingError) {
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[target..<(target + count)]), at: start)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if fields != nil, !hasQuotes { hasQuotes = holdsQuote(target..<(target + count)) }
    filled += count
  }
}
