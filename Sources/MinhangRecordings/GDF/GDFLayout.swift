import MinhangCore

/// Where the samples of a GDF file lie: record after record, in a record signal after signal, each of its own type; and the event table.
struct GDFLayout: Sendable {
  var headerBytes: Int
  var recordBytes: Int
  var recordCount: Int
  var offsets: [Int]
  var samplesPerRecord: [Int]
  var types: [GDFSampleType]
  /// Byte of the event table; nil where there is none.
  var tableByte: Int?

  /// Places of a table that are looked at where the header's number of records does not lead to one.
  private static let candidates = 20_000

  init(
    signals: [GDFSignalHeader], fixed: GDFFixedHeader, file: RandomAccessFile, log: inout WarningLog
  ) throws(RecordingError) {
    let path = file.path
    samplesPerRecord = signals.map(\.samplesPerRecord)
    types = signals.map(\.type)
    offsets = []
    recordBytes = 0
    for signal in signals {
      offsets.append(recordBytes)
      // At most 65535 signals of 2^32 samples of 16 bytes: 2^52, no overflow.
      recordBytes += signal.samplesPerRecord * signal.type.byteCount
    }
    guard recordBytes > 0 else {
      throw RecordingError(
        .badData, path: path, "samples in a data record of its \(signals.count) signals are 0; expected samples")
    }
    let least = 256 * (signals.count + 1)
    let stated = fixed.statedHeaderBytes
    headerBytes = stated
    recordCount = 0
    if stated < least || stated > file.byteCount {
      headerBytes = least
      log.add(.headerLength, "header length at byte 184 is \(stated) bytes; read as the \(least) of \(signals.count) signals")
    } else if stated != least, try isDoubtful(fixed, file: file) {
      headerBytes = least
      let isFitting = try fits(fixed, file: file)
      if isFitting || fixed.isFirst {
        log.add(
          .headerLength, "header length at byte 184 is \(stated) bytes; the data begin after the \(least) of \(signals.count) signals")
      } else {
        headerBytes = stated
      }
    }
    try countRecords(fixed, file: file, log: &log)
  }

  /// Whether a header length that is not the least may be wrong: the first version has nothing behind its signals, else the event table tells.
  private func isDoubtful(_ fixed: GDFFixedHeader, file: RandomAccessFile) throws(RecordingError) -> Bool {
    if fixed.isFirst { return true }
    return !(try fits(fixed, file: file))
  }

  /// Whether the stated records end at the end of the file or at an event table that does.
  private func fits(_ fixed: GDFFixedHeader, file: RandomAccessFile) throws(RecordingError) -> Bool {
    guard let end = dataEnd(records: fixed.statedRecordCount, file: file) else { return false }
    if end == file.byteCount { return true }
    return try GDFEventTable(file: file, at: end, isOld: fixed.hasOldEventTable)?.isExact ?? false
  }

  /// The byte after so many records; nil where the file does not hold them.
  private func dataEnd(records: Int, file: RandomAccessFile) -> Int? {
    guard records >= 0 else { return nil }
    let (bytes, overflow) = records.multipliedReportingOverflow(by: recordBytes)
    return overflow || bytes > file.byteCount - headerBytes ? nil : headerBytes + bytes
  }

  private mutating func countRecords(
    _ fixed: GDFFixedHeader, file: RandomAccessFile, log: inout WarningLog
  ) throws(RecordingError) {
    let stated = fixed.statedRecordCount
    let claim = "header field \"number of records\" at byte 236 is \(stated)"
    let most = (file.byteCount - headerBytes) / recordBytes
    guard most > 0 || stated == 0 else {
      throw RecordingError(
        .badData, path: file.path,
        "data after the header at byte \(headerBytes) are \(file.byteCount - headerBytes) bytes; expected at least one data record of \(recordBytes) bytes"
      )
    }
    let end = dataEnd(records: stated, file: file)
    if let end, end == file.byteCount, stated > 0 {
      recordCount = stated
      return
    }
    var own: GDFEventTable?
    if let end { own = try GDFEventTable(file: file, at: end, isOld: fixed.hasOldEventTable) }
    if let own, own.isExact, stated > 0 || own.stated > 0 {
      recordCount = stated
      tableByte = own.byte
      return
    }
    // The count does not lead to a table that ends with the file: another count may.
    var count = most
    while count > 0 && count > most - Self.candidates {
      let place = headerBytes + count * recordBytes
      if file.byteCount - place > 400_000_000 { break }
      if let table = try GDFEventTable(file: file, at: place, isOld: fixed.hasOldEventTable), table.isConvincing {
        recordCount = count
        tableByte = place
        let message = "\(claim), but the event table lies after \(count) records, which are read"
        if stated == -1 { log.note(.recordCount, message) } else { log.add(.recordCount, message) }
        return
      }
      count -= 1
    }
    if let end, stated > 0 {
      recordCount = stated
      tableByte = own?.byte
      if own == nil { log.add(.annotation, "event table at byte \(end) is cut after \(file.byteCount - end) bytes; its events are lost") }
      return
    }
    recordCount = most
    guard most > 0 else {
      throw RecordingError(.badData, path: file.path, "\(claim) and there are no events; expected data")
    }
    if stated == -1 {
      log.note(.recordCount, "\(claim), unknown; the size of the file makes it \(most)")
    } else if stated > most {
      log.add(.cutRecord, "\(claim), the file holds \(most) whole ones: lost \(stated - most) of \(stated) records and the events")
    } else {
      log.add(.recordCount, "\(claim), the file holds \(most), which are read")
    }
  }

  func byte(ofRecord record: Int) -> Int { headerBytes + record * recordBytes }
}
