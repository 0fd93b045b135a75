import MinhangCore

/// A data file of text without its words: lines before the numbers are emptied, each word of columns before the numbers becomes an `x`, and what
/// follows the last line that the reader takes is left out.
struct BrainVisionTextData {
  private let layout: BrainVisionHeader.TextLayout
  private var line = 1
  private var column = 0
  private var isInWord = false
  private var isAfterReturn = false
  /// Lines with numbers that are still to come.
  private var lines: Int

  /// Begins.
  ///
  /// - Parameters:
  ///   - layout: What the header says of the text.
  ///   - lines: The lines with numbers that the reader takes.
  init(_ layout: BrainVisionHeader.TextLayout, lines: Int) { (self.layout, self.lines) = (layout, lines) }

  private var isDone: Bool { lines <= 0 }

  /// What stays of a piece, and how many of its bytes that took.
  private mutating func take(_ bytes: [UInt8]) -> (kept: [UInt8], read: Int) {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    for (read, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D {
        // CR LF is one end of a line.
        let isSecond = byte == 0x0A && isAfterReturn
        if isDone && !isSecond { return (out, read) }
        if !isSecond { line += 1 }
        if column > layout.skippedColumns { lines -= 1 }
        isAfterReturn = byte == 0x0D
        (column, isInWord) = (0, false)
        out.append(byte)
        continue
      }
      if isDone { return (out, read) }
      isAfterReturn = false
      guard line > layout.skippedLines else { continue }
      if byte == 0x20 || byte == 0x09 || byte == 0x3B || (byte == 0x2C && layout.decimalSymbol != 0x2C) {
        isInWord = false
        out.append(byte)
        continue
      }
      if !isInWord { column += 1 }
      if column > layout.skippedColumns { out.append(byte) } else if !isInWord { out.append(0x78) }
      isInWord = true
    }
    return (out, bytes.count)
  }

  /// Copies a file; returns the number of bytes written and of those that they stand for.
  func copy(_ file: RandomAccessFile, to target: AtomicFile) throws(RecordingError) -> (written: Int, read: Int) {
    var state = self
    var place = 0
    var written = 0
    // One byte more may be the second of the end of the last line.
    while place < file.byteCount, !state.isDone || state.isAfterReturn {
      let count = min(1 << 18, file.byteCount - place)
      let (bytes, read) = state.take(try file.bytes(at: place, count: count))
      try target.append(bytes)
      written += bytes.count
      place += read
      if read < count { break }
    }
    return (written, place)
  }
}
