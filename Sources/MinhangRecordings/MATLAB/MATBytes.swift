/// The bytes in which a MATLAB element is looked up, with a window of them in memory: a tree of a million small elements costs no million reads.
struct MATBytes {
  private static let windowSize = 1 << 16

  let source: ArraySource
  let isBigEndian: Bool
  private var window: [UInt8] = []
  private var windowStart = 0

  init(_ source: ArraySource, isBigEndian: Bool) {
    self.source = source
    self.isBigEndian = isBigEndian
  }

  var byteCount: Int { source.byteCount }

  /// Bytes within the source, at most 65 536: checked by the caller.
  mutating func bytes(at offset: Int, count: Int) throws(RecordingError) -> ArraySlice<UInt8> {
    precondition(offset >= 0 && count >= 0 && count <= Self.windowSize && offset <= byteCount - count, "bytes \(offset) + \(count)")
    if offset < windowStart || offset + count > windowStart + window.count {
      window = try source.bytes(at: offset, count: min(Self.windowSize, byteCount - offset))
      windowStart = offset
    }
    return window[(offset - windowStart)..<(offset - windowStart + count)]
  }

  /// A whole number of 32 bits.
  mutating func word(at offset: Int) throws(RecordingError) -> UInt32 {
    UInt32(truncatingIfNeeded: try number(at: offset, count: 4))
  }

  /// A whole number of 1 to 8 bytes.
  mutating func number(at offset: Int, count: Int) throws(RecordingError) -> UInt64 {
    let bytes = try bytes(at: offset, count: count)
    var value: UInt64 = 0
    if isBigEndian {
      for byte in bytes { value = value << 8 | UInt64(byte) }
    } else {
      for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    }
    return value
  }
}
