/// Little-endian numbers out of bytes, every place checked.
struct ByteReader {
  let bytes: [UInt8]

  /// The unsigned number of `width` bytes at a place; nil where it does not lie within.
  func number(at place: Int, width: Int) -> Int? {
    guard place >= 0, width <= 4, place <= bytes.count - width else { return nil }
    return (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// A stretch of bytes; nil where it does not lie within.
  func slice(at place: Int, count: Int) -> ArraySlice<UInt8>? {
    guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else { return nil }
    return bytes[place..<(place + count)]
  }
}

extension [UInt8] {
  /// Adds the low `width` bytes of a number, the lowest first.
  mutating func append(littleEndian number: some BinaryInteger, width: Int) {
    for i in 0..<width { append(UInt8(truncatingIfNeeded: number >> (8 * i))) }
  }
}
