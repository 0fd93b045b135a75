// The zlib streams of MATLAB and HDF5 files.

extension Inflation {
  /// How the inflation of a zlib stream ended.
  enum End: Sendable, Hashable {
    /// The stream came to its end and its check sum fits.
    case whole
    /// The stream came to its end, but its check sum contradicts the bytes.
    case checkSum
    /// The stream is damaged, cut short, or longer than the limit; what came before stands.
    case broken
  }

  /// The bytes of a zlib stream, at most `limit`: a stream that is cut or damaged gives what came before.
  ///
  /// **Source:** RFC 1950, "ZLIB Compressed Data Format Specification".
  static func inflated(zlib bytes: [UInt8], limit: Int) -> (bytes: [UInt8], end: End) {
    guard limit > 0, isZlib(bytes) else { return ([], .broken) }
    let most = bytes.count.multipliedReportingOverflow(by: 1032)
    var inflation = Inflation(bytes: bytes, from: 2, size: most.overflow ? limit : min(limit, most.partialValue))
    guard inflation.run() == .ended else { return (inflation.output, .broken) }
    let sum = checkSum(inflation.output[...], from: 1)
    return (inflation.output, inflation.storedCheckSum() == sum ? .whole : .checkSum)
  }

  /// Whether bytes begin as a zlib stream does: deflate, no dictionary.
  static func isZlib(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] & 0xF == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 && bytes[1] & 0x20 == 0
  }

  /// The check sum that follows the last block of a zlib stream; nil where it is cut.
  mutating func storedCheckSum() -> UInt32? {
    var sum: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = try? byte() else { return nil }
      sum = sum << 8 | UInt32(byte)
    }
    return sum
  }

  /// Adler-32 of bytes that go on after others; 1 before the first.
  static func checkSum(_ bytes: ArraySlice<UInt8>, from earlier: UInt32) -> UInt32 {
    var (a, b) = (earlier & 0xFFFF, earlier >> 16)
    bytes.withUnsafeBufferPointer { bytes in
      var next = 0
      while next < bytes.count {
        // 5552 bytes are the most whose sums stay below 2³².
        let end = min(next + 5552, bytes.count)
        for k in next..<end {
          a &+= UInt32(bytes[k])
          b &+= a
        }
        (a, b) = (a % 65_521, b % 65_521)
        next = end
      }
    }
    return b << 16 | a
  }
}
