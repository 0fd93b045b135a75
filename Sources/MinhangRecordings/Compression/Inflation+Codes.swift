// The prefix codes of a block.

extension Inflation {
  /// A prefix code as tables of beginnings: `symbol << 4 | length`; 0 where no code begins so.
  ///
  /// The first table goes by as many bits as the longest code has, at most 10. Longer codes with the same first 10 bits share a table behind it,
  /// to which `number << 4` leads, counted from 1. So a block of a few bytes costs no tables of all 15-bit beginnings.
  struct Codes {
    private static let mostRootBits = 10

    private(set) var table: [UInt16]
    private let rootBits: Int
    private let moreBits: Int

    static let fixedLiterals = Codes(
      [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
        + [UInt8](repeating: 8, count: 8))!
    static let fixedDistances = Codes([UInt8](repeating: 5, count: 30))!

    /// The tables where they lie, to be looked up in a loop.
    struct View {
      private let table: UnsafeBufferPointer<UInt16>
      private let rootBits: UInt64
      private let rootMask: Int
      private let moreBits: Int

      init(_ codes: Codes, _ table: UnsafeBufferPointer<UInt16>) {
        self.table = table
        rootBits = UInt64(codes.rootBits)
        rootMask = 1 << codes.rootBits - 1
        moreBits = codes.moreBits
      }

      /// What the next bits of a stream begin with.
      @inline(__always)
      func entry(_ bits: UInt64) -> UInt16 {
        let entry = table[Int(truncatingIfNeeded: bits) & rootMask]
        guard entry & 0xF == 0, entry != 0 else { return entry }
        let place = Int(truncatingIfNeeded: bits >> rootBits) & (1 << moreBits - 1)
        return table[rootMask + 1 + (Int(entry >> 4) - 1) << moreBits + place]
      }
    }

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
      let longest = max(1, counts.lastIndex { $0 > 0 } ?? 1)
      rootBits = min(longest, Self.mostRootBits)
      moreBits = longest - rootBits
      let (root, rest) = (1 << rootBits, 1 << moreBits)
      table = [UInt16](repeating: 0, count: root)
      for (symbol, length) in lengths.enumerated() where length > 0 {
        let length = Int(length)
        var reversed = 0
        for bit in 0..<length where next[length] >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        next[length] += 1
        let entry = UInt16(symbol << 4 | length)
        if length <= rootBits {
          for place in stride(from: reversed, to: root, by: 1 << length) { table[place] = entry }
          continue
        }
        let beginning = reversed & (root - 1)
        if table[beginning] == 0 {
          table[beginning] = UInt16((table.count - root) >> moreBits + 1) << 4
          table += repeatElement(0, count: rest)
        }
        let start = root + (Int(table[beginning] >> 4) - 1) << moreBits
        for place in stride(from: reversed >> rootBits, to: rest, by: 1 << (length - rootBits)) { table[start + place] = entry }
      }
    }
  }
}
