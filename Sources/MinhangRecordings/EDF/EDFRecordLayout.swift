import MinhangCore

/// Where the samples lie: record after record, in a record signal after signal.
///
/// Every product is checked against overflow, and every count
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
    try Self.refuseOtherFamily(signals, family: family, fixed: fixed, dataBytes: dataBytes, path: path)
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
      let place = byteCount - remainder
      log.add(.cutRecord, "after the last whole data record at byte \(place) are \(remainder) bytes; expected none or \(recordBytes)")
    }
    if samplesPerRecord.contains(0), stated != recordCount || remainder > 0, let empty = samplesPerRecord.firstIndex(of: 0) {
      let name = signals[empty].label.quotedForDisplay()
      throw RecordingError(
        .badData, path: path,
        "samples in a data record of signal \(empty + 1) \(name) is 0 and the size of the file does not fit; expected a number from 1")
    }
  }

  /// Refuses a file that begins like one family and is plainly of the other: read on, every sample would be nonsense.
  ///
  /// Plainly is: the stated records fill the file with the other width and not with this one, and the digital ranges speak for the other.
  private static func refuseOtherFamily(
    _ signals: [EDFSignalHeader], family: EDFFamily, fixed: EDFFixedHeader, dataBytes: Int, path: String
  ) throws(RecordingError) {
    let samples = signals.reduce(0) { $0 + $1.samplesPerRecord }
    guard let stated = HeaderNumber.whole(fixed.text(.recordCount)), stated > 0 else { return }
    let (total, overflow) = samples.multipliedReportingOverflow(by: stated)
    guard !overflow, total <= dataBytes else { return }
    let other = family == .edf ? EDFFamily.bdf : .edf
    let small = EDFFamily.edf.digitalRange
    let needsBDF = signals.contains {
      !$0.isAnnotation && (!small.contains($0.calibration.digitalMinimum) || !small.contains($0.calibration.digitalMaximum))
    }
    guard total * family.bytesPerSample != dataBytes, total * other.bytesPerSample == dataBytes, needsBDF == (other == .bdf) else { return }
    throw RecordingError(
      .badData, path: path,
      "file type at byte 0 is \(family.rawValue), but the \(dataBytes) bytes of data are \(stated) records of \(other.rawValue); expected one type"
    )
  }

  /// Samples of a signal in all records; cannot overflow, since the file holds them.
  func sampleCount(of signal: Int) -> Int { samplesPerRecord[signal] * recordCount }

  /// Byte of a record in the file.
  func byte(ofRecord record: Int) -> Int { headerBytes + record * recordBytes }
}
