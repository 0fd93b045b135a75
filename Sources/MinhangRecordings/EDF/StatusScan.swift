import MinhangCore

/// Reads the status channel of a BDF file for its trigger codes, in pieces of bounded size.
struct StatusScan {
  let file: RandomAccessFile
  let layout: EDFRecordLayout
  let signal: Int

  /// The samples at which codes begin, with the codes.
  func run(log: inout WarningLog) throws(RecordingError) -> [(sample: Int, code: Int32)] {
    var status = StatusChannel()
    let perRecord = layout.samplesPerRecord[signal]
    let pieceSamples = min(perRecord, 1 << 16)
    var bytes = [UInt8](repeating: 0, count: pieceSamples * 3 + SampleDecoding.slack)
    var numbers = [Int32](repeating: 0, count: pieceSamples)
    for record in 0..<layout.recordCount {
      var done = 0
      while done < perRecord {
        let count = min(pieceSamples, perRecord - done)
        try file.read(into: &bytes, count: count * 3, at: layout.byte(ofRecord: record) + layout.offsets[signal] + done * 3)
        numbers.withUnsafeMutableBufferPointer { numbers in
          bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress, let target = numbers.baseAddress else { return }
            SampleDecoding.decode(.unsigned24, from: source, count: count, into: target)
          }
        }
        status.feed(numbers[0..<count])
        done += count
      }
    }
    status.report(log: &log)
    return status.triggers
  }
}
