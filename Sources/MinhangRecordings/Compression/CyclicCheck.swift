/// The 32-bit cyclic redundancy check of ZIP and gzip (polynomial 0xEDB88320, reflected).
enum CyclicCheck {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The check of bytes that go on after others.
  static func value(of bytes: some Collection<UInt8>, from earlier: UInt32) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      func value(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var value = ~earlier
        for byte in bytes { value = (value >> 8) ^ table[Int((value ^ UInt32(byte)) & 0xFF)] }
        return ~value
      }
      return bytes.withContiguousStorageIfAvailable(value) ?? Array(bytes).withUnsafeBufferPointer(value)
    }
  }
}
