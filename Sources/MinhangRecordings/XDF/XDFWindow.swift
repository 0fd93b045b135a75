import MinhangCore

/// A stretch of a file in memory, moved along on demand.
struct XDFWindow: Sendable {
  /// Bytes that are read at once, unless more are needed together.
  static let capacity = 1 << 18
  /// The content of every boundary chunk.
  static let boundary: [UInt8] = [
    0x43, 0xA5, 0x46, 0xDC, 0xCB, 0xF5, 0x41, 0x0F, 0xB3, 0x0E, 0xD5, 0x46, 0x73, 0x83, 0xCB, 0xE4,
  ]

  let file: RandomAccessFile
  /// The bytes; those from `start` on, `count` of them, are valid.
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private(set) var count = 0

  init(_ file: RandomAccessFile) { self.file = file }

  /// The end of the file.
  var fileEnd: Int { file.byteCount }

  /// Brings a stretch into memory; it must lie within the file.
  @inline(__always)
  mutating func load(_ offset: Int, _ wanted: Int) throws(RecordingError) {
    if offset >= start && offset + wanted <= start + count { return }
    try move(to: offset, wanted)
  }

  private mutating func move(to offset: Int, _ wanted: Int) throws(RecordingError) {
    precondition(offset >= 0 && wanted >= 0 && wanted <= fileEnd - offset, "\(wanted) bytes at \(offset) of \(fileEnd)")
    let size = min(max(wanted, Self.capacity), fileEnd - offset)
    if bytes.count < size { bytes = [UInt8](repeating: 0, count: size) }
    count = 0
    try file.read(into: &bytes, count: size, at: offset)
    start = offset
    count = size
  }

  /// A byte that was loaded.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 { bytes[offset - start] }

  /// A little-endian number of up to eight bytes that were loaded.
  @inline(__always)
  func number(_ offset: Int, bytes width: Int) -> UInt64 {
    var value: UInt64 = 0
    for k in 0..<width { value |= UInt64(bytes[offset - start + k]) << UInt64(8 * k) }
    return value
  }

  /// A 64-bit float that was loaded.
  @inline(__always)
  func double(_ offset: Int) -> Double {
    let place = offset - start
    precondition(place >= 0 && place + 8 <= count, "8 bytes at \(place) of \(count)")
    return bytes.withUnsafeBytes { Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))) }
  }

  /// Bytes that were loaded.
  func slice(_ offset: Int, _ length: Int) -> ArraySlice<UInt8> { bytes[(offset - start)..<(offset - start + length)] }

  /// A number with its width before it: `[1, 4 or 8][number]`.
  ///
  /// - Returns: The number and the place behind it; nil where the width is another, the number is beyond counting or `limit` comes first.
  mutating func lengthPrefixed(_ offset: Int, limit: Int) throws(RecordingError) -> (value: Int, next: Int)? {
    guard offset < limit else { return nil }
    try load(offset, 1)
    let width = Int(byte(offset))
    guard width == 1 || width == 4 || width == 8, width < limit - offset else { return nil }
    try load(offset, width + 1)
    guard let value = Int(exactly: number(offset + 1, bytes: width)) else { return nil }
    return (value, offset + 1 + width)
  }

  /// The place of the next boundary mark from `offset` on and before `end`; nil where there is none.
  ///
  /// Stretches that are looked through overlap by 15 bytes, so that none is missed. The search compares the last byte first and moves by up to
  /// 16 bytes. **Source:** Horspool 1980, "Practical fast searching in strings", Software Pract. Exper. 10:501.
  mutating func nextBoundary(from offset: Int, before end: Int) throws(RecordingError) -> Int? {
    let mark = Self.boundary
    var shifts = [Int](repeating: mark.count, count: 256)
    for (k, byte) in mark.dropLast().enumerated() { shifts[Int(byte)] = mark.count - 1 - k }
    var from = offset
    while end - from >= mark.count {
      try load(from, mark.count)
      let first = from - start
      let found: Int? = bytes.withUnsafeBufferPointer { bytes in
        var at = first
        while at + mark.count <= count {
          let last = bytes[at + mark.count - 1]
          if last == mark[mark.count - 1] && (0..<mark.count).allSatisfy({ bytes[at + $0] == mark[$0] }) { return at }
          at += shifts[Int(last)]
        }
        return nil
      }
      if let found { return start + found }
      from = max(from + 1, start + count - (mark.count - 1))
    }
    return nil
  }
}
