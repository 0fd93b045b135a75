import MinhangCore

/// Opens recordings of any format that is known here.
public enum Recording {
  /// Opens a recording; its content decides on the format, not its name.
  ///
  /// The header and all annotations are read, the samples are not: `recording.warnings` is complete afterwards.
  ///
  /// - Parameter path: The file.
  /// - Returns: A reader.
  /// - Throws: `notFound`, `unreadable`, `notAFile` (a directory, pipe or device), `badData`, `unsupported`.
  public static func open(path: String) throws(RecordingError) -> any RecordingReader {
    let file = try RandomAccessFile(path: path)
    guard file.byteCount > 0 else { throw RecordingError(.badData, path: path, "file size is 0 bytes; expected a recording") }
    let magic = try file.bytes(at: 0, count: min(file.byteCount, 16))
    if let family = EDFFamily(magic: magic) { return try EDFReader(file: file, family: family) }
    let shown = String(decoding: magic.prefix(8), as: UTF8.self).quotedForDisplay()
    throw RecordingError(.unsupported, path: path, "file type at byte 0 is \(shown); expected the start of an EDF or BDF file")
  }
}
