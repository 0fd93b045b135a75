import MinhangCore

/// Repairs the frame of an EDF or BDF file: the number of records, the number of header bytes, a cut last record.
struct EDFRepair {
  private let file: RandomAccessFile
  private let layout: EDFRecordLayout
  private var header: [UInt8]
  private var report: RepairReport

  init(file: RandomAccessFile, family: EDFFamily) throws(RecordingError) {
    self.file = file
    guard file.byteCount >= EDFFixedHeader.byteCount else {
      throw RecordingError(.badData, path: file.path, "file size is \(file.byteCount) bytes; expected at least the 256 of a header")
    }
    header = try file.bytes(at: 0, count: EDFFixedHeader.byteCount)
    let fixed = EDFFixedHeader(bytes: header)
    let signalCount = try fixed.signalCount(path: file.path)
    let headerBytes = EDFFixedHeader.byteCount * (signalCount + 1)
    guard file.byteCount >= headerBytes else {
      throw RecordingError(
        .badData, path: file.path,
        "file size is \(file.byteCount) bytes; expected the \(headerBytes) of the header of \(signalCount) signals")
    }
    let table = EDFSignalTable(
      signalCount: signalCount, bytes: try file.bytes(at: EDFFixedHeader.byteCount, count: headerBytes - EDFFixedHeader.byteCount))
    // What else is wrong stays as it is: the reader tells of it.
    var log = WarningLog()
    let signals = try table.signals(family: family, path: file.path, log: &log)
    layout = try EDFRecordLayout(
      signals: signals, family: family, fixed: fixed, byteCount: file.byteCount, path: file.path, log: &log)
    report = RepairReport(format: family.rawValue, unit: "data records")
    report.kept = layout.recordCount
    report.lostBytes = file.byteCount - headerBytes - layout.recordCount * layout.recordBytes
    let stated = HeaderNumber.whole(fixed.text(.recordCount))
    report.lost = max(report.lostBytes > 0 ? 1 : 0, (stated ?? 0) - layout.recordCount)
    if stated != layout.recordCount { correct(.recordCount, in: fixed, to: layout.recordCount) }
    if HeaderNumber.whole(fixed.text(.headerBytes)) != headerBytes { correct(.headerBytes, in: fixed, to: headerBytes) }
  }

  private mutating func correct(_ field: EDFFixedHeader.Field, in fixed: EDFFixedHeader, to number: Int) {
    report.changes.append(
      RepairReport.Change(field: field.name, offset: field.offset, before: fixed.text(field), after: String(number)))
    let text = Array(String(number).utf8.prefix(field.width))
    for k in 0..<field.width { header[field.offset + k] = k < text.count ? text[k] : 0x20 }
  }

  func write(to target: WritingTarget) throws(RecordingError) -> RepairReport {
    guard report.isNeeded else { return report }
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append(header)
    let end = layout.headerBytes + layout.recordCount * layout.recordBytes
    try output.append(EDFFixedHeader.byteCount..<end, of: file)
    try output.commit()
    return report
  }
}
