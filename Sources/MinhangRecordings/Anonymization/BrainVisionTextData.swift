import MinhangCore

/// A data file of text without its words: lines before the numbers are emptied, each word of columns before the numbers becomes an `x`.
struct BrainVisionTextData {
  private let layout: BrainVisionHeader.TextLayout
  private var line = 1
  private var column = 0
  private var isInWord = false
  private var isAfterReturn = false

  init(_ layout: BrainVisionHeader.TextLayout) { self.layout = layout }

  private mutating func take(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte == 0x0A || byte == 0x0D {
        // CR LF is one end of a line.
        if !(byte == 0x0A && isAfterReturn) { line += 1 }
        isAfterReturn = byte == 0x0D
        (column, isInWord) = (0, false)
        out.append(byte)
        continue
      }
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
    return out
  }

  /// Copies a file; returns the number of bytes written.
  func copy(_ file: RandomAccessFile, from offset: Int, to target: AtomicFile) throws(RecordingError) -> Int {
    var state = self
    var place = offset
    var written = 0
    while place < file.byteCount {
      let count = min(1 << 18, file.byteCount - place)
      let bytes = state.take(try file.bytes(at: place, count: count))
      try target.append(bytes)
      written += bytes.count
      place += count
    }
    return written
  }
}
