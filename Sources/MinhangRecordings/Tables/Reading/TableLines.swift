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
/// A line ends at a line feed (a carriage return before it belongs to the end) or, in files that have no line feed, at a carriage return. Quotes
/// do not protect a line's end: one that is never closed spoils its row and not the file.
struct TableLines: Sendable {
  /// The longest line that is read; a longer one is no row of a table.
  static let longestLine = 4 << 20
  private static let piece = 1 << 18

  /// The byte that ends a line.
  let lineEnd: UInt8
  private let file: RandomAccessFile
  private var buffer: [UInt8] = []
  /// The place in the file of the buffer's first byte.
  private var base = 0
  private var filled = 0
  private var place = 0

  init(_ file: RandomAccessFile, lineEnd: UInt8) {
    self.file = file
    self.lineEnd = lineEnd
  }

  /// The same file with nothing read.
  init(_ other: TableLines) { self.init(other.file, lineEnd: other.lineEnd) }

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
    var searched = place
    while true {
      if let end = lineEndPlace(from: searched), end - place <= Self.longestLine {
        line(place..<end, isEnded: true, body)
        place = end + 1
        return true
      }
      searched = filled
      if base + filled >= file.byteCount, filled - place <= Self.longestLine {
        guard place < filled else { return false }
        line(place..<filled, isEnded: false, body)
        place = filled
        return true
      }
      guard filled - place <= Self.longestLine else {
        throw RecordingError(
          .badData, path: file.path, "the line at byte \(offset) is longer than \(Self.longestLine) bytes; expected rows of a table")
      }
      searched -= place
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
    filled += count
  }
}
