import MinhangCore

/// The bytes of an array: a stretch of a file, or bytes that were inflated.
struct ArraySource: Sendable {
  private enum Store: Sendable {
    case file(RandomAccessFile, start: Int)
    case memory([UInt8])
  }

  private let store: Store
  let byteCount: Int
  let path: String

  /// A stretch of a file; within it, checked by the caller.
  init(_ file: RandomAccessFile, start: Int = 0, byteCount: Int) {
    store = .file(file, start: start)
    self.byteCount = byteCount
    path = file.path
  }

  /// Bytes in memory.
  init(_ bytes: [UInt8], path: String) {
    store = .memory(bytes)
    byteCount = bytes.count
    self.path = path
  }

  private init(_ other: ArraySource, byteCount: Int) {
    store = other.store
    self.byteCount = byteCount
    path = other.path
  }

  /// The same bytes, ending earlier.
  func first(_ count: Int) -> ArraySource { ArraySource(self, byteCount: min(count, byteCount)) }

  /// Some of the bytes.
  func bytes(at offset: Int, count: Int) throws(RecordingError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try read(into: &bytes, count: count, at: offset)
    return bytes
  }

  /// Fills the first bytes of an array, which must be long enough.
  func read(into bytes: inout [UInt8], count: Int, at offset: Int) throws(RecordingError) {
    precondition(
      offset >= 0 && count >= 0 && offset + count <= byteCount && count <= bytes.count, "bytes \(offset) + \(count) of \(byteCount)")
    switch store {
    case .file(let file, let start): try file.read(into: &bytes, count: count, at: start + offset)
    case .memory(let all): bytes.replaceSubrange(0..<count, with: all[offset..<(offset + count)])
    }
  }
}
