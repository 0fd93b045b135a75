import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Inflation at any place is what inflation of the whole is there.
struct InflatedDataTests {
  /// A zlib stream of many blocks of all three kinds: deflated pieces of scipy and stored ones.
  private static func stream(_ generator: inout SeededGenerator) -> (stream: [UInt8], content: [UInt8]) {
    var content: [UInt8] = []
    for _ in 0..<250 {
      let byte = UInt8(truncatingIfNeeded: generator.next())
      content += (0..<(1 + generator.nextInteger(below: 500))).map { byte &+ UInt8($0 % 7) }
    }
    // Blocks of fixed codes with copies: by hand, since there is no deflater here.
    var bits = BitWriter()
    bits.bytes = [0x78, 0x01]
    var place = 0
    var out: [UInt8] = []
    while place < content.count {
      let count = min(content.count - place, 1 + generator.nextInteger(below: 3000))
      let isLast = place + count == content.count
      bits.put(isLast ? 1 : 0, 1)
      if generator.nextInteger(below: 3) == 0 {
        bits.put(0, 2)
        bits.align()
        bits.bytes += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
        bits.bytes += content[place..<place + count]
        out += content[place..<place + count]
      } else {
        bits.put(1, 2)
        for byte in content[place..<place + count] {
          bits.literal(Int(byte))
          out.append(byte)
          // Three bytes from far behind, now and then.
          if generator.nextInteger(below: 50) == 0, out.count > 24_577 {
            bits.literal(257)
            bits.code(29, 5)
            let more = generator.nextInteger(below: min(8192, out.count - 24_577 + 1))
            bits.put(more, 13)
            for _ in 0..<3 { out.append(out[out.count - 24_577 - more]) }
          }
        }
        bits.literal(256)
      }
      place += count
    }
    bits.align()
    let sum = Inflation.checkSum(out[...], from: 1)
    return (bits.bytes + (0..<4).map { UInt8(sum >> (24 - 8 * UInt32($0)) & 0xFF) }, out)
  }

  @Test func `any stretch, in any order`() throws {
    var generator = SeededGenerator(seed: 8)
    let (stream, content) = Self.stream(&generator)
    #expect(Inflation.inflated(zlib: stream, limit: content.count).bytes == content)
    for step in [300, 40_000, 1 << 20] {
      let data = try InflatedData(ArraySource(stream, path: "a"), limit: content.count, path: "a", leastStep: step)
      #expect(data.end == .whole && data.byteCount == content.count)
      for turn in 0..<30 {
        // Onwards half of the time.
        let start = turn % 2 == 0 ? turn * content.count / 30 : generator.nextInteger(below: content.count)
        let count = generator.nextInteger(below: min(5000, content.count - start) + 1)
        var bytes = [UInt8](repeating: 0, count: count)
        try ArraySource(data, path: "a").read(into: &bytes, count: count, at: start)
        #expect(bytes == Array(content[start..<start + count]))
      }
    }
  }

  @Test func `a stream that is cut, damaged or too long gives what came before`() throws {
    var generator = SeededGenerator(seed: 9)
    let (stream, content) = Self.stream(&generator)
    let source = ArraySource(stream, path: "a")
    #expect(try InflatedData(source, limit: 1000, path: "a").end == .broken)
    #expect(try InflatedData(source, limit: 1000, path: "a").byteCount <= 1000)
    #expect(try InflatedData(source.first(stream.count - 1), limit: content.count, path: "a").end == .checkSum)
    for turn in 0..<40 {
      var damaged = stream
      if turn % 2 == 0 {
        damaged[2 + generator.nextInteger(below: stream.count - 2)] ^= UInt8(1 + generator.nextInteger(below: 255))
      } else {
        damaged.removeLast(1 + generator.nextInteger(below: stream.count - 3))
      }
      let (bytes, end) = Inflation.inflated(zlib: damaged, limit: 2 * content.count)
      let data = try InflatedData(ArraySource(damaged, path: "a"), limit: 2 * content.count, path: "a", leastStep: 3000)
      #expect(data.end == end && data.byteCount == bytes.count)
      #expect(end != .whole)
      for start in [bytes.count * 2 / 3, 0, bytes.count / 3] {
        #expect(try ArraySource(data, path: "a").bytes(at: start, count: bytes.count - start) == Array(bytes[start...]))
      }
    }
  }

  @Test func `samples of a large compressed data set`() throws {
    var made = SampleEEGLAB()
    made.format.isCompressed = true
    // More than is held in memory.
    made.points = 400_000
    var reader = try EEGLABReaderTests.open(made)
    #expect(reader.recording.warnings.isEmpty && reader.recording.channels[0].sampleCount == 400_000)
    for start in [399_000, 0, 200_000, 201_000] {
      let block = try reader.read(start..<start + 1000, of: [1])
      #expect(Array(block.channel(0)) == (start..<start + 1000).map { Double(made.value(1, $0)) })
    }
  }

  private struct BitWriter {
    var bytes: [UInt8] = []
    private var used = 0

    mutating func put(_ value: Int, _ count: Int) {
      for k in 0..<count {
        if used == 0 { bytes.append(0) }
        bytes[bytes.count - 1] |= UInt8(value >> k & 1) << UInt8(used)
        used = (used + 1) % 8
      }
    }

    mutating func align() { used = 0 }

    /// A code: its first bit is its highest.
    mutating func code(_ value: Int, _ count: Int) { for k in (0..<count).reversed() { put(value >> k & 1, 1) } }

    /// A symbol of the fixed code.
    mutating func literal(_ symbol: Int) {
      switch symbol {
      case 0...143: code(0x30 + symbol, 8)
      case 144...255: code(0x190 + symbol - 144, 9)
      case 256...279: code(symbol - 256, 7)
      default: code(0xC0 + symbol - 280, 8)
      }
    }
  }
}
