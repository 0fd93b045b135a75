import MinhangCore

/// Looks for the signals that hold annotations, whatever their labels say.
struct EDFAnnotationSearch {
  /// Bytes of records that are read at once.
  private static let pieceBytes = 1 << 20
  /// Bytes of a record that are looked at.
  private static let lookedBytes = 64
  /// So many more records of numbers than of lists settle that a signal holds numbers.
  private static let lead = 100

  let file: RandomAccessFile
  let layout: EDFRecordLayout

  /// The signals whose label speaks of annotations, and those most of whose records begin with a time and its mark, but for blanks.
  func signals(_ signals: [EDFSignalHeader]) throws(RecordingError) -> [EDFSignalHeader] {
    let filled = signals.filter { $0.samplesPerRecord > 0 }
    func isLabelled(_ signal: EDFSignalHeader) -> Bool { signal.isAnnotation || signal.label.lowercased().contains("annotation") }
    /// By signal: records that are lists, less those that are numbers.
    var balance: [Int: Int] = [:]
    for signal in filled where !isLabelled(signal) { balance[signal.index] = 0 }
    // Small records in pieces of many; of a large one only the beginning of each signal.
    let atOnce = max(1, Self.pieceBytes / layout.recordBytes)
    let isSmall = layout.recordBytes <= Self.pieceBytes
    var open = balance.keys.sorted()
    var record = 0
    while record < layout.recordCount, !open.isEmpty {
      let count = min(atOnce, layout.recordCount - record)
      let start = layout.byte(ofRecord: record)
      let piece = isSmall ? try file.bytes(at: start, count: count * layout.recordBytes) : []
      for signal in open {
        let width = min(Self.lookedBytes, layout.samplesPerRecord[signal] * layout.bytesPerSample)
        var sum = balance[signal] ?? 0
        for k in 0..<count where sum > -Self.lead {
          let offset = k * layout.recordBytes + layout.offsets[signal]
          sum += Self.vote(isSmall ? piece[offset..<(offset + width)] : try file.bytes(at: start + offset, count: width)[...])
        }
        balance[signal] = sum
      }
      open.removeAll { balance[$0] ?? 0 <= -Self.lead }
      record += count
    }
    return filled.filter { isLabelled($0) || balance[$0.index] ?? 0 > 0 }
  }

  /// 1 for a list, -1 for numbers, 0 for blanks.
  private static func vote(_ bytes: ArraySlice<UInt8>) -> Int {
    guard let first = bytes.firstIndex(where: { $0 != 0 && $0 != 0x20 }) else { return 0 }
    let isSigned = bytes[first] == 0x2B || bytes[first] == 0x2D
    let digits = bytes[(first + (isSigned ? 1 : 0))...].prefix { HeaderNumber.isDigit($0) || $0 == 0x2E || $0 == 0x2C }
    let rest = bytes[digits.endIndex...]
    guard !digits.isEmpty, let mark = rest.first else { return -1 }
    // Two constant bytes can look like a digit and a mark: without a sign it must be the whole time of a record.
    return (isSigned ? mark == 0x14 || mark == 0x15 : rest.starts(with: [0x14, 0x14, 0])) ? 1 : -1
  }
}
