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
    guard limit > 0, bytes.count > 2, bytes[0] & 0xF == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0, bytes[1] & 0x20 == 0 else {
      return ([], .broken)
    }
    var result: [UInt8] = []
    var place = 2
    var inflation = Inflation(
      inputBytes: min(1 << 16, bytes.count),
      source: { buffer in
        let count = min(buffer.count, bytes.count - place)
        buffer.replaceSubrange(..<count, with: bytes[place..<(place + count)])
        place += count
        return count
      },
      sink: { piece in
        let isWanted = piece.count <= limit - result.count
        result += piece.prefix(limit - result.count)
        return isWanted
      })
    guard let outcome = try? inflation.stream(), outcome == .ended else { return (result, .broken) }
    var sum: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = try? inflation.byte() else { return (result, .checkSum) }
      sum = sum << 8 | UInt32(byte)
    }
    return (result, sum == checkSum(result) ? .whole : .checkSum)
  }

  /// Adler-32.
  private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
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
