import MinhangCore

/// The numbers of a data file of text, unpacked into a file without a name: in text no sample could be found without reading all before it.
///
/// The text is read once, piece by piece; the numbers are stored in its order as 64-bit floats, little-endian.
struct BrainVisionNumbers {
  /// Bytes of text that are read at once.
  private static let capacity = 1 << 18
  /// The longest number; nobody writes one of thousands of digits.
  private static let longestWord = 4096

  /// The numbers: sample by sample, or channel by channel where the data are vectorized.
  let storage: RandomAccessFile
  let sampleCount: Int

  init(_ file: RandomAccessFile, header: BrainVisionHeader, channelCount: Int, log: inout WarningLog) throws(RecordingError) {
    var rows = try Rows(header, channelCount: channelCount, path: file.path)
    var buffer = [UInt8](repeating: 0, count: min(Self.capacity, file.byteCount))
    var offset = 0
    // Bytes of a number that the last piece cut.
    var held = 0
    while offset < file.byteCount {
      let count = min(buffer.count - held, file.byteCount - offset)
      let isLast = offset + count == file.byteCount
      held = try buffer.withUnsafeMutableBufferPointer { (words) throws(RecordingError) -> Int in
        let bytes = UnsafeMutableRawBufferPointer(words)
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[held..<(held + count)]), at: offset)
        let rest = try rows.take(
          UnsafeBufferPointer(rebasing: bytes.assumingMemoryBound(to: UInt8.self)[..<(held + count)]), isLast: isLast)
        bytes.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[rest..<(held + count)]))
        return held + count - rest
      }
      offset += count
      guard held <= Self.longestWord else {
        throw RecordingError(
          .badData, path: file.path, "data line \(rows.line) has a word of more than \(Self.longestWord) bytes; expected a number")
      }
    }
    try rows.finish(&log)
    sampleCount = rows.sampleCount
    storage = rows.scratch.readable()
  }
}

/// The lines of a data file of text, as they come.
private struct Rows {
  private enum Class: UInt8 { case word, separator, lineEnd }
  private static let atOnce = 1 << 15

  let scratch: ScratchFile
  private let layout: BrainVisionHeader.TextLayout
  private let isVectorized: Bool
  private let channelCount: Int
  private let path: String
  private let classes: [Class]
  private var numbers: [UInt64] = []

  /// The line that is being read, from 1.
  private(set) var line = 1
  private var isInLine = false
  private var isAfterReturn = false
  /// Words of the line.
  private var column = 0
  /// Numbers of the line.
  private var found = 0
  private var rowCount = 0
  private var rowLength = 0
  private var isCut = false

  var sampleCount: Int { isVectorized ? rowLength : rowCount }

  init(_ header: BrainVisionHeader, channelCount: Int, path: String) throws(RecordingError) {
    layout = header.textLayout
    isVectorized = header.isVectorized
    self.channelCount = channelCount
    self.path = path
    scratch = try ScratchFile(for: path)
    let isCommaSeparator = layout.decimalSymbol != 0x2C
    classes = (0...255).map { (byte: Int) in
      switch byte {
      case 0x0A, 0x0D: .lineEnd
      case 0x20, 0x09, 0x3B: .separator
      case 0x2C where isCommaSeparator: .separator
      default: .word
      }
    }
    numbers.reserveCapacity(Self.atOnce)
  }

  /// Takes a piece of the text; returns where a word begins that the piece cuts.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws(RecordingError) -> Int {
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      switch classes[Int(byte)] {
      case .lineEnd:
        place += 1
        let isSecond = byte == 0x0A && isAfterReturn
        isAfterReturn = byte == 0x0D
        if !isSecond { try endLine(isLast: false) }
      case .separator:
        place += 1
        isInLine = true
        isAfterReturn = false
      case .word:
        var end = place + 1
        while end < bytes.count, classes[Int(bytes[end])] == .word { end += 1 }
        if end == bytes.count, !isLast { return place }
        isInLine = true
        isAfterReturn = false
        if line > layout.skippedLines { try takeWord(UnsafeBufferPointer(rebasing: bytes[place..<end])) }
        place = end
      }
    }
    if isLast, isInLine { try endLine(isLast: true) }
    return bytes.count
  }

  private mutating func takeWord(_ word: UnsafeBufferPointer<UInt8>) throws(RecordingError) {
    column += 1
    guard column > layout.skippedColumns else { return }
    let isNaN = word.count == 3 && zip(word, "nan".utf8).allSatisfy { $0 | 0x20 == $1 }
    guard let value = isNaN ? .nan : DecimalNumber.value(word, point: layout.decimalSymbol) else {
      throw RecordingError(
        .badData, path: path,
        "data line \(line), column \(column) is \(String(decoding: word.prefix(1000), as: UTF8.self).quotedForDisplay()); expected a number"
      )
    }
    found += 1
    numbers.append(value.bitPattern.littleEndian)
    if numbers.count == Self.atOnce { try flush() }
  }

  private mutating func endLine(isLast: Bool) throws(RecordingError) {
    defer {
      line += 1
      (isInLine, column, found) = (false, 0, 0)
    }
    guard found > 0 else { return }
    let expected = isVectorized ? (rowCount == 0 ? found : rowLength) : channelCount
    guard found == expected else {
      // A last line that was cut is left out; anything else would shift all that follows.
      guard !isVectorized, isLast, rowCount > 0 else {
        throw RecordingError(.badData, path: path, "data line \(line) has \(found) numbers; expected \(expected)")
      }
      isCut = true
      rowLength = found
      return
    }
    rowCount += 1
    if isVectorized { rowLength = found }
  }

  private mutating func flush() throws(RecordingError) {
    let bytes = numbers.withUnsafeBytes { Array($0) }
    try scratch.append(bytes[...])
    numbers.removeAll(keepingCapacity: true)
  }

  /// Stores what is left and looks whether everything is there.
  mutating func finish(_ log: inout WarningLog) throws(RecordingError) {
    try flush()
    if isCut { log.add(.cutRecord, "the last data line has \(rowLength) of \(channelCount) numbers; left out") }
    guard isVectorized else { return }
    guard rowCount >= channelCount else {
      throw RecordingError(.badData, path: path, "the data have \(rowCount) lines; expected one for each of \(channelCount) channels")
    }
    if rowCount > channelCount {
      log.add(.recordCount, "the data have \(rowCount) lines for \(channelCount) channels; the rest is left out")
    }
  }
}
