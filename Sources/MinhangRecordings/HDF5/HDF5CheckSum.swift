/// The check sums of HDF5.
enum HDF5CheckSum {
  /// Of parts of the structure.
  ///
  /// **Source:** Bob Jenkins, "lookup3.c" (2006, public domain), `hashlittle` from 0.
  static func lookup(_ bytes: some RandomAccessCollection<UInt8>) -> UInt32 {
    let all = Array(bytes)
    var (a, b, c) = (0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: all.count), UInt32(0), UInt32(0))
    (b, c) = (a, a)
    func word(_ place: Int) -> UInt32 {
      var value: UInt32 = 0
      for k in 0..<4 where place + k < all.count { value |= UInt32(all[place + k]) << UInt32(8 * k) }
      return value
    }
    func rotated(_ value: UInt32, _ by: UInt32) -> UInt32 { value << by | value >> (32 - by) }
    var place = 0
    while all.count - place > 12 {
      a &+= word(place)
      b &+= word(place + 4)
      c &+= word(place + 8)
      a = (a &- c) ^ rotated(c, 4)
      c &+= b
      b = (b &- a) ^ rotated(a, 6)
      a &+= c
      c = (c &- b) ^ rotated(b, 8)
      b &+= a
      a = (a &- c) ^ rotated(c, 16)
      c &+= b
      b = (b &- a) ^ rotated(a, 19)
      a &+= c
      c = (c &- b) ^ rotated(b, 4)
      b &+= a
      place += 12
    }
    if place == all.count { return c }
    a &+= word(place)
    b &+= word(place + 4)
    c &+= word(place + 8)
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
    return c
  }

  /// Of stored data: words of 16 bits, the higher byte first.
  ///
  /// **Source:** J. Fletcher, "An Arithmetic Checksum for Serial Transmissions", IEEE Trans. Comm. 30 (1982), with modulus 65 535.
  static func fletcher(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var (first, second): (UInt32, UInt32) = (0, 0)
    bytes.withUnsafeBufferPointer { bytes in
      var place = 0
      while place < bytes.count {
        // 360 words are the most whose sums stay below 2³².
        let end = min(bytes.count, place + 720)
        while place < end {
          first &+= UInt32(bytes[place]) << 8 | (place + 1 < bytes.count ? UInt32(bytes[place + 1]) : 0)
          second &+= first
          place += 2
        }
        first = first & 0xFFFF + first >> 16
        second = second & 0xFFFF + second >> 16
      }
    }
    first = first & 0xFFFF + first >> 16
    second = second & 0xFFFF + second >> 16
    return second << 16 | first
  }
}
