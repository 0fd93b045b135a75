import MinhangCore

/// Where the samples lie: record after record, in a record signal after signal. Every product is checked against overflow, and every count
/// against the bytes that exist.
struct EDFRecordLayout: Sendable {
  /// Byte of the first record.
  var headerBytes: Int
  /// Bytes of one record.
  var recordBytes: Int
  /// Whole records in the file.
  var recordCount: Int
  /// Bytes of a stored number.
  var bytesPerSample: Int
  /// Byte of each signal within a record.
  var offsets: [Int]
  /// Samples of each signal in a record.
  var samplesPerRecord: [Int]

  /// Lays out the signals and counts the records that exist.
  init(
    signals: [EDFSignalHeader], family: EDFFamily, fixed: EDFFixedHeader, byteCount: Int, path: String, log: inout WarningLog
  ) throws(RecordingError) {
    headerBytes = EDFFixedHeader.byteCount * (signals.count + 1)
    bytesPerSample = family.bytesPerSample
    samplesPerRecord = signals.map(\.samplesPerRecord)
    offsets = []
    recordBytes = 0
    for signal in signals {
      offsets.append(recordBytes)
      // At most 9999 signals of 99 999 999 samples of 3 bytes: no overflow in 64 bits, checked all the same.
      let (bytes, overflow) = signal.samplesPerRecord.multipliedReportingOverflow(by: bytesPerSample)
      let (sum, overflow2) = recordBytes.addingReportingOverflow(bytes)
      guard !overflow, !overflow2 else { throw RecordingError(.badData, path: path, "the size of a data record is beyond counting") }
      recordBytes = sum
    }
    let dataBytes = byteCount - headerBytes
    guard recordBytes > 0 else {
      throw RecordingError(
        .badData, path: path, "size of a data record by the samples of its \(signals.count) signals is 0 bytes; expected samples")
    }
    recordCount = dataBytes / recordBytes
    let claimed = fixed.complaint(.recordCount)
    guard recordCount > 0 else {
      throw RecordingError(
        .badData, path: path,
        "data after the header at byte \(headerBytes) is \(dataBytes) bytes; expected at least one data record of \(recordBytes) bytes")
    }
    let remainder = dataBytes % recordBytes
    let stated = HeaderNumber.whole(fixed.text(.recordCount))
    if stated == -1 {
      log.note(.recordCount, "\(claimed), unknown; the size of the file makes it \(recordCount)")
    } else if let stated, stated > recordCount {
      log.add(.cutRecord, "\(claimed), the file holds \(recordCount) whole ones: lost \(stated - recordCount) of \(stated) records")
    } else if stated != recordCount {
      log.add(.recordCount, "\(claimed), the file holds \(recordCount), which are read")
    }
    if remainder > 0 && !(stated.map { $0 > recordCount } ?? false) {
      log.add(
        .cutRecord, "after the last whole data record at byte \(byteCount - remainder) are \(remainder) bytes; expected none or \(recordBytes)")
    }
    if samplesPerRecord.contains(0), stated != recordCount || remainder > 0, let empty = samplesPerRecord.firstIndex(of: 0) {
      let name = signals[empty].label.quotedForDisplay()
      throw RecordingError(
        .badData, path: path,
        "samples in a data record of signal \(empty + 1) \(name) is 0, and the others do not make the size of the file; expected a number from 1")
    }
  }

  /// Samples of a signal in all records, or nil where that is beyond counting.
  func sampleCount(of signal: Int) -> Int { samplesPerRecord[signal] * recordCount }

  /// Byte of a record in the file.
  func byte(ofRecord record: Int) -> Int { headerBytes + record * recordBytes }
}
