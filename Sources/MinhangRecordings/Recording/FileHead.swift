import MinhangCore

/// The beginning of a file, by which its format is recognised: content decides, never the name.
public struct FileHead: Sendable {
  /// Bytes that are looked at.
  static let byteLimit = 4096

  /// The file as the caller named it.
  public let path: String
  /// Size of the whole file.
  public let byteCount: Int
  /// Its first bytes, at most 4096.
  public let bytes: [UInt8]

  init(_ file: RandomAccessFile) throws(RecordingError) {
    path = file.path
    byteCount = file.byteCount
    bytes = try file.bytes(at: 0, count: min(file.byteCount, Self.byteLimit))
  }

  /// Whether the file begins with a text.
  func starts(with text: String) -> Bool { bytes.starts(with: text.utf8) }

  /// The suffix of the file's name in lower case; empty where it has none.
  var suffix: String { FileSuffix.of(path) }

  /// The first bytes, fit to be shown in a message.
  var shown: String { String(decoding: bytes.prefix(8), as: UTF8.self).quotedForDisplay() }
}
