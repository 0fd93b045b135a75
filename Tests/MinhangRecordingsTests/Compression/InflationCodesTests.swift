import MinhangCore
import Testing

@testable import MinhangRecordings

struct InflationCodesTests {
  /// The codes of lengths as RFC 1951, section 3.2.2, counts them: the symbol that a stream's bits begin with, and how many they are.
  private func naive(_ lengths: [UInt8], _ bits: UInt64) -> UInt16 {
    var code = 0
    for length in 1...15 {
      code <<= 1
      for (symbol, own) in lengths.enumerated() where Int(own) == length {
        if (0..<length).allSatisfy({ code >> (length - 1 - $0) & 1 == Int(bits >> UInt64($0) & 1) }) { return UInt16(symbol << 4 | length) }
        code += 1
      }
    }
    return 0
  }

  @Test func `codes of every length, and no more table than they need`() throws {
    var generator = SeededGenerator(seed: 7)
    for turn in 0..<60 {
      // Lengths that leave room for the next: in the end all 15 bits are used up, or not.
      var (lengths, room) = ([UInt8](), 1 << 15)
      let longest = 1 + turn % 15
      for _ in 0..<(2 + generator.nextInteger(below: 60)) {
        let length = 1 + generator.nextInteger(below: longest)
        guard room >= 1 << (15 - length) else { break }
        room -= 1 << (15 - length)
        lengths += [UInt8(length)] + [UInt8](repeating: 0, count: generator.nextInteger(below: 3))
      }
      let codes = try #require(Inflation.Codes(lengths))
      let most = Int(lengths.max() ?? 1)
      #expect(most <= 10 ? codes.table.count == 1 << most : codes.table.count <= 1024 + lengths.count << (most - 10))
      codes.table.withUnsafeBufferPointer { table in
        let view = Inflation.Codes.View(codes, table)
        for _ in 0..<200 {
          let bits = UInt64(generator.nextInteger(below: 1 << 15))
          #expect(view.entry(bits) == naive(lengths, bits))
        }
      }
    }
    #expect(Inflation.Codes([1, 1, 1]) == nil)
  }
}
