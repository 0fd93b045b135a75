/// Little-endian numbers out of bytes; every place is checked once, here.
struct LittleEndianBytes: Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func unsigned(at place: Int, count: Int) -> UInt64 {
    precondition(place >= 0 && count <= 8 && place + count <= bytes.count, "\(count) bytes at \(place) of \(bytes.count)")
    var value: UInt64 = 0
    for i in 0..<count { value |= UInt64(bytes[place + i]) << UInt64(8 * i) }
    return value
  }

  func byte(_ place: Int) -> Int { Int(bytes[place]) }
  func u16(_ place: Int) -> Int { Int(unsigned(at: place, count: 2)) }
  func i16(_ place: Int) -> Int { Int(Int16(bitPattern: UInt16(unsigned(at: place, count: 2)))) }
  func u24(_ place: Int) -> Int { Int(unsigned(at: place, count: 3)) }
  func u32(_ place: Int) -> Int { Int(unsigned(at: place, count: 4)) }
  func u64(_ place: Int) -> UInt64 { unsigned(at: place, count: 8) }
  func i64(_ place: Int) -> Int { Int(Int64(bitPattern: u64(place))) }
  func f32(_ place: Int) -> Double { Double(Float(bitPattern: UInt32(unsigned(at: place, count: 4)))) }
  func f64(_ place: Int) -> Double { Double(bitPattern: u64(place)) }

  /// Text of a field: it ends at the first NUL.
  func text(_ place: Int, _ count: Int) -> String {
    HeaderText.decoded(bytes[place..<(place + count)].prefix { $0 != 0 })
  }
}
