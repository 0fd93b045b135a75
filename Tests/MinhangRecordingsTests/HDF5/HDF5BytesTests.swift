import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Whatever was looked at before, what lies at a place is what the file has there.
struct HDF5BytesTests {
  private func file(_ content: [UInt8]) throws -> RandomAccessFile {
    let path = temporaryPath("h5")
    defer { unlink(path) }
    try Data(content).write(to: URL(fileURLWithPath: path))
    return try RandomAccessFile(path: path)
  }

  /// More pages than are kept in memory, the last one not whole.
  private static let content: [UInt8] = {
    var generator = SeededGenerator(seed: 11)
    return (0..<(300 << 14) + 777).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }()

  @Test func `numbers and bytes anywhere, on one page or across two`() throws {
    let content = Self.content
    let bytes = HDF5Bytes(try file(content))
    var generator = SeededGenerator(seed: 12)
    for turn in 0..<20_000 {
      let count = 1 + generator.nextInteger(below: 8)
      // Every other place is near the border of a page; every third one on a page that shares its slot with another.
      var place = generator.nextInteger(below: content.count - 8)
      if turn % 2 == 0 { place = min(content.count - 8, max(0, place & ~0x3FFF - 8 + generator.nextInteger(below: 16))) }
      if turn % 3 == 0 { place = turn % 6 == 0 ? place % (44 << 14) : 256 << 14 + place % (44 << 14) }
      let expected = content[place..<place + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(try bytes.number(at: place, count: count, of: "test") == expected, "\(count) bytes at \(place)")
      if turn % 50 == 0 {
        let long = generator.nextInteger(below: min(40_000, content.count - place))
        #expect(try bytes.bytes(at: place, count: long, of: "test") == Array(content[place..<place + long]))
      }
    }
  }

  @Test func `places that cannot be are refused, whatever was looked at`() throws {
    let bytes = HDF5Bytes(try file([UInt8](repeating: 7, count: 20_000)))
    for seen in [0, 19_999] {
      for place in [.min, .min + 1, -8, -1, 19_993, 20_000, 1 << 40, .max - 7, .max] {
        #expect(try bytes.u8(at: seen, of: "test") == 7)
        #expect(throws: RecordingError.self) { try bytes.number(at: place, count: 8, of: "test") }
        #expect(throws: RecordingError.self) { try bytes.bytes(at: place, count: 8, of: "test") }
        #expect(throws: RecordingError.self) { try bytes.text(at: place, count: 8, of: "test") }
        #expect(throws: RecordingError.self) { try bytes.has("12345678", at: place, of: "test") }
      }
      for count in [-1, .min, .max] {
        #expect(throws: RecordingError.self) { try bytes.bytes(at: seen, count: count, of: "test") }
        #expect(throws: RecordingError.self) { try bytes.text(at: seen, count: count, of: "test") }
      }
    }
    #expect(try HDF5Bytes(file([1, 2])).u16(at: 0, of: "test") == 0x201)
    #expect(throws: RecordingError.self) { try HDF5Bytes(file([])).u8(at: 0, of: "test") }
  }

  @Test func `texts end at a NUL, and may lie on two pages`() throws {
    for place in [0, 100, (1 << 14) - 3, (1 << 14) - 1, 1 << 14] {
      var content = [UInt8](repeating: 0x2E, count: 1 << 15)
      content.replaceSubrange(place..<place + 5, with: Array("Öz1\0".utf8))
      for seen in [0, 1 << 14] {
        let bytes = HDF5Bytes(try file(content))
        _ = try bytes.u8(at: seen, of: "test")
        #expect(try bytes.text(at: place, count: 9, of: "test") == "Öz1")
        #expect(try bytes.text(at: place, count: 3, of: "test") == "Öz" && bytes.text(at: place, count: 0, of: "test") == "")
        #expect(try bytes.has("Öz1", at: place, of: "test") && !bytes.has("Öz2", at: place, of: "test"))
      }
    }
  }

  @Test func `looking costs steps on every way`() throws {
    for way in 0..<4 {
      let bytes = HDF5Bytes(try file([UInt8](repeating: 7, count: 100)))
      var seen = 0
      #expect(throws: RecordingError.self) {
        while seen < 3_000_000 {
          switch way {
          case 0: _ = try bytes.u32(at: 0, of: "test")
          case 1: _ = try bytes.number(at: 0, count: 3, of: "test")
          case 2: _ = try bytes.text(at: 0, count: 50, of: "test")
          default: _ = try bytes.has("x", at: 0, of: "test")
          }
          seen += 1
        }
      }
      #expect(bytes.isExhausted && seen <= 1_000_200)
    }
  }
}
