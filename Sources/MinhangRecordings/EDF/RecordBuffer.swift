import MinhangCore

/// Bytes of a few records, as much of each as the wanted channels need.
///
/// Each record contributes its *runs*: stretches that hold the wanted signals, joined where the bytes between them are fewer than a read
/// call is worth. What was read last is kept, so that reading on in small blocks reads each record once.
struct RecordBuffer: Sendable {
  /// Bytes between two signals that are rather read than skipped.
  private static let joinedGap = 4096
  /// The most bytes kept, unless one record needs more.
  static let capacity = 1 << 21
  /// Records that need more than this are not kept: their signals are read piece by piece.
  static let largestRecord = 4 << 20

  /// The signals that the runs were made for.
  private(set) var signals: [Int] = []
  private var runs: [(offset: Int, count: Int)] = []
  /// For each of the signals, where its bytes begin in the kept bytes of one record.
  private(set) var places: [Int] = []
  /// Bytes kept of one record.
  private(set) var stride = 0
  /// The records whose bytes are there.
  private(set) var records: Range<Int> = 0..<0
  private(set) var bytes: [UInt8] = []

  /// Plans for a choice of signals; what is kept of another choice is dropped.
  mutating func prepare(_ signals: [Int], layout: EDFRecordLayout) {
    guard signals != self.signals || stride == 0 else { return }
    self.signals = signals
    records = 0..<0
    runs = []
    places = [Int](repeating: 0, count: signals.count)
    stride = 0
    for k in signals.indices.sorted(by: { layout.offsets[signals[$0]] < layout.offsets[signals[$1]] }) {
      let offset = layout.offsets[signals[k]]
      let count = layout.samplesPerRecord[signals[k]] * layout.bytesPerSample
      if let last = runs.last, offset - (last.offset + last.count) <= Self.joinedGap {
        // The same signal may be wanted twice: a run never shrinks.
        places[k] = stride - last.count + (offset - last.offset)
        let joined = max(last.count, offset + count - last.offset)
        stride += joined - last.count
        runs[runs.count - 1].count = joined
      } else {
        places[k] = stride
        runs.append((offset, count))
        stride += count
      }
    }
  }

  /// Records that can be kept at once.
  var recordsAtOnce: Int { max(1, Self.capacity / max(1, stride)) }

  /// Reads records, at most `recordsAtOnce`.
  mutating func load(_ wanted: Range<Int>, from file: RandomAccessFile, layout: EDFRecordLayout) throws(RecordingError) {
    guard wanted.lowerBound < records.lowerBound || wanted.upperBound > records.upperBound else { return }
    records = 0..<0
    let needed = wanted.count * stride + SampleDecoding.slack
    if bytes.count < needed { bytes = [UInt8](repeating: 0, count: needed) }
    var failure: RecordingError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(RecordingError) {
        try Self.fill(buffer, with: wanted, runs: runs, stride: stride, file: file, layout: layout)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    records = wanted
  }

  private static func fill(
    _ buffer: UnsafeMutableRawBufferPointer, with records: Range<Int>, runs: [(offset: Int, count: Int)], stride: Int,
    file: RandomAccessFile, layout: EDFRecordLayout
  ) throws(RecordingError) {
    if runs.count == 1 && runs[0].count == layout.recordBytes {
      // Whole records: one call.
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<(records.count * stride)])
      return try file.read(into: target, at: layout.byte(ofRecord: records.lowerBound))
    }
    var place = 0
    for record in records {
      for run in runs {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[place..<(place + run.count)])
        try file.read(into: target, at: layout.byte(ofRecord: record) + run.offset)
        place += run.count
      }
    }
  }
}
