import MinhangCore

/// Saves what is whole of a damaged recording into a new file.
///
/// The bytes of the samples that are kept are those of the original; only fields that contradict the file are written anew.
public enum RecordingRepair {
  /// Repairs an EDF, BDF or XDF file.
  ///
  /// - EDF, BDF: a cut last record is left out; a wrong number of records (too many, too few, -1) and a wrong number of header bytes are corrected.
  /// - XDF: whole chunks are kept; behind damage they begin again where the damaged chunk's length leads to another, else at the next boundary.
  ///
  /// - Parameters:
  ///   - path: The file, which is never changed.
  ///   - target: Where the repaired file goes. Nothing is written where nothing is wrong.
  /// - Returns: What was kept and what was lost.
  /// - Throws: `notFound`, `unreadable`, `badData` where nothing can be saved, `unsupported` for other formats, `wouldOverwrite`, `inputOutput`.
  public static func repair(path: String, to target: WritingTarget) throws(RecordingError) -> RepairReport {
    let file = try RandomAccessFile(path: path)
    let head = try FileHead(file)
    var target = target
    target.inputs.append(path)
    if let family = EDFFamily(magic: Array(head.bytes.prefix(16))) { return try EDFRepair(file: file, family: family).write(to: target) }
    if head.starts(with: "XDF:") { return try XDFRepair(file: file).write(to: target) }
    throw RecordingError(
      .unsupported, path: path, "file type at byte 0 is \(head.shown); expected the start of an EDF, BDF or XDF file, which can be repaired"
    )
  }
}

extension AtomicFile {
  /// Copies a stretch of another file behind what was appended before, a mebibyte at a time.
  func append(_ range: Range<Int>, of file: RandomAccessFile) throws(RecordingError) {
    var buffer = [UInt8](repeating: 0, count: min(range.count, 1 << 20))
    var next = range.lowerBound
    while next < range.upperBound {
      let count = min(buffer.count, range.upperBound - next)
      try file.read(into: &buffer, count: count, at: next)
      try append(buffer[..<count])
      next += count
    }
  }
}
