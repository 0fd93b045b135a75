import MinhangCore

/// The numbers of a data file of text, all of them: such files are exports of averages and short segments, and are held in memory.
struct BrainVisionNumbers: Sendable {
  /// The largest file that is read.
  static let byteLimit = 1 << 28

  /// Channel after channel.
  private(set) var values: [Double] = []
  private(set) var sampleCount = 0

  init(_ file: RandomAccessFile, header: BrainVisionHeader, channelCount: Int, log: inout WarningLog) throws(RecordingError) {
    guard file.byteCount <= Self.byteLimit else {
      throw RecordingError(
        .unsupported, path: file.path,
        "size of the text data is \(file.byteCount) bytes; expected at most \(Self.byteLimit): store it as BINARY")
    }
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    let layout = header.textLayout
    var place = 0
    var number = 0
    var rows: [Double] = []
    var rowCount = 0
    while place < bytes.count {
      var end = place
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      number += 1
      defer { place = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? end + 2 : end + 1 }
      guard number > layout.skippedLines else { continue }
      let before = rows.count
      try Self.numbers(bytes, place..<end, layout, into: &rows, line: number, path: file.path)
      let found = rows.count - before
      guard found > 0 else { continue }
      let expected = header.isVectorized ? (rowCount == 0 ? found : sampleCount) : channelCount
      guard found == expected else {
        // A last line that was cut is left out; anything else would shift all that follows.
        guard !header.isVectorized, end == bytes.count, rowCount > 0 else {
          throw RecordingError(.badData, path: file.path, "data line \(number) has \(found) numbers; expected \(expected)")
        }
        rows.removeLast(found)
        log.add(.cutRecord, "the last data line has \(found) of \(expected) numbers; left out")
        continue
      }
      rowCount += 1
      if header.isVectorized { sampleCount = found }
    }
    if header.isVectorized {
      guard rowCount >= channelCount else {
        throw RecordingError(
          .badData, path: file.path, "the data have \(rowCount) lines; expected one for each of \(channelCount) channels")
      }
      if rowCount > channelCount {
        log.add(.recordCount, "the data have \(rowCount) lines for \(channelCount) channels; the rest is left out")
      }
      values = rows
    } else {
      sampleCount = rowCount
      values = [Double](repeating: 0, count: rows.count)
      for sample in 0..<rowCount {
        for channel in 0..<channelCount { values[channel * rowCount + sample] = rows[sample * channelCount + channel] }
      }
    }
  }

  /// Appends the numbers of a line, without its skipped columns.
  private static func numbers(
    _ bytes: [UInt8], _ range: Range<Int>, _ layout: BrainVisionHeader.TextLayout, into rows: inout [Double], line: Int, path: String
  ) throws(RecordingError) {
    var place = range.lowerBound
    var column = 0
    func isSeparator(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x3B || (byte == 0x2C && layout.decimalSymbol != 0x2C)
    }
    while true {
      while place < range.upperBound, isSeparator(bytes[place]) { place += 1 }
      guard place < range.upperBound else { return }
      var end = place
      while end < range.upperBound, !isSeparator(bytes[end]) { end += 1 }
      column += 1
      defer { place = end }
      guard column > layout.skippedColumns else { continue }
      let word = place..<end
      let isNaN = word.count == 3 && zip(bytes[word], "nan".utf8).allSatisfy { $0 | 0x20 == $1 }
      let value =
        isNaN
        ? .nan : bytes.withUnsafeBufferPointer { DecimalNumber.value(UnsafeBufferPointer(rebasing: $0[word]), point: layout.decimalSymbol) }
      guard let value else {
        throw RecordingError(
          .badData, path: path,
          "data line \(line), column \(column) is \(String(decoding: bytes[word], as: UTF8.self).quotedForDisplay()); expected a number")
      }
      rows.append(value)
    }
  }
}
