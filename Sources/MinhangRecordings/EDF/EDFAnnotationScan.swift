import MinhangCore

/// Reads the annotation bytes of every record, and nothing else where records are large, in pieces of bounded size.
struct EDFAnnotationScan {
  /// The most bytes read at once.
  static let pieceBytes = 1 << 18

  let file: RandomAccessFile
  let layout: EDFRecordLayout
  /// The annotation signals, by their place in a record.
  let signals: [Int]

  /// Calls back for each record in order, with its annotations taken in.
  func run(
    into annotations: inout EDFAnnotations, log: inout WarningLog, eachRecord: (inout EDFAnnotations) -> Void
  ) throws(RecordingError) {
    let annotationBytes = signals.reduce(0) { $0 + layout.samplesPerRecord[$1] * layout.bytesPerSample }
    // Small records are read whole, many at a time: seeking over 4 kB costs more than reading it.
    if layout.recordBytes <= max(8192, 2 * annotationBytes) && layout.recordBytes <= Self.pieceBytes {
      try readWholeRecords(into: &annotations, log: &log, eachRecord: eachRecord)
    } else {
      try readPieces(into: &annotations, log: &log, eachRecord: eachRecord)
    }
  }

  private func readWholeRecords(
    into annotations: inout EDFAnnotations, log: inout WarningLog, eachRecord: (inout EDFAnnotations) -> Void
  ) throws(RecordingError) {
    let perPiece = max(1, Self.pieceBytes / layout.recordBytes)
    var buffer = [UInt8](repeating: 0, count: min(perPiece, layout.recordCount) * layout.recordBytes)
    var record = 0
    while record < layout.recordCount {
      let count = min(perPiece, layout.recordCount - record)
      try file.read(into: &buffer, count: count * layout.recordBytes, at: layout.byte(ofRecord: record))
      for k in 0..<count {
        for (place, signal) in signals.enumerated() {
          let first = k * layout.recordBytes + layout.offsets[signal]
          annotations.begin(record: record + k, isTimekeeper: place == 0)
          annotations.feed(buffer[first..<(first + layout.samplesPerRecord[signal] * layout.bytesPerSample)], log: &log)
          annotations.end(log: &log)
        }
        eachRecord(&annotations)
      }
      record += count
    }
  }

  private func readPieces(
    into annotations: inout EDFAnnotations, log: inout WarningLog, eachRecord: (inout EDFAnnotations) -> Void
  ) throws(RecordingError) {
    let largest = signals.map { layout.samplesPerRecord[$0] * layout.bytesPerSample }.max() ?? 0
    var buffer = [UInt8](repeating: 0, count: min(largest, Self.pieceBytes))
    for record in 0..<layout.recordCount {
      for (place, signal) in signals.enumerated() {
        annotations.begin(record: record, isTimekeeper: place == 0)
        var offset = layout.byte(ofRecord: record) + layout.offsets[signal]
        var left = layout.samplesPerRecord[signal] * layout.bytesPerSample
        while left > 0 {
          let count = min(left, buffer.count)
          try file.read(into: &buffer, count: count, at: offset)
          annotations.feed(buffer[0..<count], log: &log)
          offset += count
          left -= count
        }
        annotations.end(log: &log)
      }
      eachRecord(&annotations)
    }
  }
}
