import Foundation

@testable import MinhangRecordings

/// Bytes packed by gzip: enough of an encoder to test a decoder.
enum SampleGZip {
  /// How the bytes are packed.
  enum Method: CaseIterable {
    /// Blocks of stored bytes.
    case stored
    /// One block of fixed codes; runs of a byte become matches.
    case fixed
  }

  static func packed(_ bytes: [UInt8], _ method: Method = .fixed, flags: UInt8 = 0, extra: [UInt8] = []) -> [UInt8] {
    let check = Int(CyclicCheck.value(of: bytes, from: 0))
    return [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255] + extra + (method == .stored ? stored(bytes) : fixed(bytes))
      + SampleGDF.little(check, 4) + SampleGDF.little(bytes.count, 4)
  }

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = []
    var place = 0
    repeat {
      let count = min(65_535, bytes.count - place)
      packed += [place + count == bytes.count ? 1 : 0] + SampleGDF.little(count, 2) + SampleGDF.little(~count & 0xFFFF, 2)
      packed += bytes[place..<(place + count)]
      place += count
    } while place < bytes.count
    return packed
  }

  private static func fixed(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = []
    var (bits, count) = (0, 0)
    func put(_ value: Int, _ width: Int) {
      bits |= value << count
      count += width
      while count >= 8 {
        packed.append(UInt8(bits & 0xFF))
        bits >>= 8
        count -= 8
      }
    }
    // Codes go in from their highest bit on.
    func code(_ value: Int, _ width: Int) { put((0..<width).reduce(0) { $0 | (value >> $1 & 1) << (width - 1 - $1) }, width) }
    put(3, 3)
    var place = 0
    while place < bytes.count {
      let byte = Int(bytes[place])
      if byte < 144 { code(0x30 + byte, 8) } else { code(0x190 + byte - 144, 9) }
      place += 1
      let run = bytes[place...].prefix(258).prefix { Int($0) == byte }.count
      if run == 258 {
        // Length 258 is symbol 285, distance 1 is code 0.
        code(0xC0 + 285 - 280, 8)
        code(0, 5)
        place += run
      }
    }
    code(0, 7)
    if count > 0 { put(0, 8 - count) }
    return packed
  }
}
