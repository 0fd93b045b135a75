import MinhangCore

/// The bytes of an array: a stretch of a file, bytes that were inflated, or chunks that are inflated as they are read.
struct ArraySource: Sendable {
  private enum Store: Sendable {
    case file(RandomAccessFile, start: Int)
    case memory([UInt8])
    case chunks(HDF5ChunkedData)
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

  /// Elements of a data set that is stored in chunks; read at whole elements only.
  init(_ chunks: HDF5ChunkedData, byteCount: Int, path: String) {
    store = .chunks(chunks)
    self.byteCount = byteCount
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
    case .chunks(let chunks):
      // The closure of the standard library does not carry typed errors on.
      var failure: RecordingError?
      bytes.withUnsafeMutableBytes { target in
        do throws(RecordingError) {
          try chunks.read(into: UnsafeMutableRawBufferPointer(rebasing: target[0..<count]), at: offset)
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }
}
