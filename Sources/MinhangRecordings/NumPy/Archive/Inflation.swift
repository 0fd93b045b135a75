/// Inflates what ZIP archives and MATLAB files deflate.
///
/// Goals in order: memory-safe on any bytes, never more output than was promised, speed.
///
/// **Source:** RFC 1951, "DEFLATE Compressed Data Format Specification".
struct Inflation {
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
    24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private let bytes: [UInt8]
  private let size: Int
  private var place = 0
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// The inflated bytes; nil where the stream is damaged or does not give exactly `size` bytes.
  static func inflated(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    // No stream grows more than 1032-fold, so what is promised is checked before it is allocated.
    guard size >= 0, size / 1032 <= bytes.count else { return nil }
    var inflation = Inflation(bytes: bytes, size: size)
    return inflation.run() && inflation.output.count == size ? inflation.output : nil
  }

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
    let most = bytes.count.multipliedReportingOverflow(by: 1032)
    var inflation = Inflation(bytes: bytes, size: most.overflow ? limit : min(limit, most.partialValue))
    inflation.place = 2
    guard inflation.run() else { return (inflation.output, .broken) }
    _ = inflation.take(inflation.bitCount % 8)
    var sum: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = inflation.take(8) else { return (inflation.output, .checkSum) }
      sum = sum << 8 | UInt32(byte)
    }
    return (inflation.output, sum == Self.checkSum(inflation.output) ? .whole : .checkSum)
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

  private init(bytes: [UInt8], size: Int) {
    self.bytes = bytes
    self.size = size
    output.reserveCapacity(size)
  }

  private mutating func run() -> Bool {
    while true {
      guard let isLast = take(1), let kind = take(2) else { return false }
      switch kind {
      case 0: guard copyStored() else { return false }
      case 1: guard decode(Codes.fixedLiterals, Codes.fixedDistances) else { return false }
      case 2:
        guard let (literals, distances) = codes(), decode(literals, distances) else { return false }
      default: return false
      }
      if isLast == 1 { return true }
    }
  }

  private mutating func fill() {
    while bitCount <= 48, place < bytes.count {
      bits |= UInt64(bytes[place]) << UInt64(bitCount)
      bitCount += 8
      place += 1
    }
  }

  private mutating func take(_ count: Int) -> Int? {
    if bitCount < count { fill() }
    guard bitCount >= count else { return nil }
    let value = Int(bits & (1 << UInt64(count) - 1))
    bits >>= UInt64(count)
    bitCount -= count
    return value
  }

  private mutating func copyStored() -> Bool {
    _ = take(bitCount % 8)
    guard let count = take(16), let check = take(16), count == ~check & 0xFFFF, output.count + count <= size else { return false }
    for _ in 0..<count {
      guard let byte = take(8) else { return false }
      output.append(UInt8(byte))
    }
    return true
  }

  /// The codes of a block that brings its own.
  private mutating func codes() -> (Codes, Codes)? {
    guard let literals = take(5), let distances = take(5), let lengths = take(4) else { return nil }
    var ofLengths = [UInt8](repeating: 0, count: 19)
    for k in 0..<(lengths + 4) {
      guard let length = take(3) else { return nil }
      ofLengths[Self.lengthOrder[k]] = UInt8(length)
    }
    guard let code = Codes(ofLengths) else { return nil }
    let total = literals + 257 + distances + 1
    var all: [UInt8] = []
    while all.count < total {
      guard let symbol = symbol(code) else { return nil }
      switch symbol {
      case 0...15: all.append(UInt8(symbol))
      case 16:
        guard let last = all.last, let count = take(2) else { return nil }
        all += [UInt8](repeating: last, count: count + 3)
      case 17:
        guard let count = take(3) else { return nil }
        all += [UInt8](repeating: 0, count: count + 3)
      default:
        guard let count = take(7) else { return nil }
        all += [UInt8](repeating: 0, count: count + 11)
      }
    }
    guard all.count == total, let first = Codes(Array(all[..<(literals + 257)])), let second = Codes(Array(all[(literals + 257)...])) else {
      return nil
    }
    return (first, second)
  }

  private mutating func symbol(_ codes: Codes) -> Int? {
    if bitCount < 15 { fill() }
    let entry = codes.table[Int(bits & 0x7FFF)]
    let length = Int(entry & 0xF)
    guard length > 0, length <= bitCount else { return nil }
    bits >>= UInt64(length)
    bitCount -= length
    return Int(entry >> 4)
  }

  private mutating func decode(_ literals: Codes, _ distances: Codes) -> Bool {
    while true {
      guard let symbol = symbol(literals) else { return false }
      if symbol < 256 {
        guard output.count < size else { return false }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return true }
      guard symbol - 257 < Self.lengthBases.count, let more = take(Self.lengthBits[symbol - 257]), let far = self.symbol(distances),
        far < Self.distanceBases.count, let further = take(Self.distanceBits[far])
      else { return false }
      let length = Self.lengthBases[symbol - 257] + more
      let distance = Self.distanceBases[far] + further
      guard distance <= output.count, length <= size - output.count else { return false }
      // The stretch may overlap what it makes: byte by byte.
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  /// A prefix code as a table of all 15-bit beginnings: `symbol << 4 | length`; 0 where no code begins so.
  private struct Codes {
    var table = [UInt16](repeating: 0, count: 1 << 15)

    static let fixedLiterals = Codes(
      [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
        + [UInt8](repeating: 8, count: 8))!
    static let fixedDistances = Codes([UInt8](repeating: 5, count: 30))!

    /// nil where the lengths promise more codes than there are.
    init?(_ lengths: [UInt8]) {
      var counts = [Int](repeating: 0, count: 16)
      for length in lengths where length > 0 { counts[Int(length)] += 1 }
      var next = [Int](repeating: 0, count: 17)
      var code = 0
      for length in 1...15 {
        code = (code + counts[length - 1]) << 1
        next[length] = code
        guard code + counts[length] <= 1 << length else { return nil }
      }
      for (symbol, length) in lengths.enumerated() where length > 0 {
        let length = Int(length)
        var reversed = 0
        for bit in 0..<length where next[length] >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        next[length] += 1
        let entry = UInt16(symbol << 4 | length)
        for place in stride(from: reversed, to: 1 << 15, by: 1 << length) { table[place] = entry }
      }
    }
  }
}
