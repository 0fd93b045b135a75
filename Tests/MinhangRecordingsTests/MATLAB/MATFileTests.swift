import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct MATFileTests {
  private func read(_ bytes: [UInt8], _ wanted: Set<String>) throws -> MATFile {
    let path = temporaryPath("mat")
    defer { unlink(path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try MATFile(RandomAccessFile(path: path), wanted: wanted)
  }

  @Test(arguments: [false, true], [false, true])
  func `numbers, texts, cells and structures in both orders of bytes`(isBigEndian: Bool, isCompressed: Bool) throws {
    let format = SampleMATLAB(isBigEndian: isBigEndian, isCompressed: isCompressed)
    let file = try read(
      format.file([
        ("skipped", .double([1, 2], shape: [1, 2])), ("a", .number(-2.5)), ("b", .small([300], shape: [1, 1])), ("s", .sparse),
        ("t", .text("Öz 漢")), ("u", .utf8("Öz 漢")),
        ("c", .cells([.text("x"), .number(3)])), ("e", .structures(["n", "other"], [[.number(1), .text("no")], [.number(2), .empty]])),
        ("m", .double([1, 2, 3, 4, 5, 6], shape: [2, 3])),
      ]), ["a", "b", "s", "t", "u", "c", "e", "n", "m"])
    #expect(file.defect == nil)
    #expect(file.names == ["skipped", "a", "b", "s", "t", "u", "c", "e", "m"])
    #expect(file.variables["skipped"] == nil)
    #expect(file.variables["a"]?.number == -2.5 && file.variables["b"]?.number == 300)
    #expect(file.variables["t"]?.text == "Öz 漢" && file.variables["u"]?.text == "Öz 漢")
    guard case .cells(let cells) = file.variables["c"], case .structures(let rows) = file.variables["e"],
      case .array(let array) = file.variables["m"]
    else {
      Issue.record("kinds of values")
      return
    }
    #expect(cells.map(\.text) == ["x", nil] && cells[1].number == 3)
    #expect(rows.count == 2 && rows["n", of: 1].number == 2 && rows["other", of: 0].text == nil)
    #expect(array.shape == [2, 3])
  }

  @Test func `nesting has an end`() throws {
    var value = SampleMATLAB.Value.number(1)
    for _ in 0..<100 { value = .cells([value]) }
    let file = try read(SampleMATLAB().file([("a", value)]), ["a"])
    #expect(file.defect?.contains("nested deeper than 64 levels") == true)
  }

  @Test func `sizes that cannot be are named, with their place`() throws {
    let made = SampleMATLAB().file([("a", .double([1, 2], shape: [1, 2]))])
    var bytes = made
    bytes.replaceSubrange(132..<136, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      try read(bytes, ["a"]).defect
        == "MATLAB element at byte 128: size is 4294967295; expected at most the \(made.count - 136) bytes that are there")
    bytes = made
    // The sizes of the array.
    bytes.replaceSubrange(160..<164, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try read(bytes, ["a"]).defect?.contains("a size of the array is -1") == true)
    bytes.replaceSubrange(160..<168, with: [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F])
    #expect(try read(bytes, ["a"]).defect != nil)
  }

  @Test func `a damaged check sum and a cut stream are told`() throws {
    let made = SampleMATLAB(isCompressed: true).file([("a", .text("abc"))])
    var bytes = made
    bytes[bytes.count - 1] ^= 1
    #expect(try read(bytes, ["a"]).defect?.contains("check sum") == true)
    #expect(try read(bytes, ["a"]).variables["a"]?.text == "abc")
    #expect(try read(Array(made.dropLast(20)), ["a"]).defect != nil)
  }

  @Test func `inflation is bounded`() {
    // A stored block of 1000 bytes, with room for 10.
    let stream = SampleMATLAB.stored([UInt8](repeating: 5, count: 1000))
    #expect(Inflation.inflated(zlib: stream, limit: 10).bytes.count <= 10)
    #expect(Inflation.inflated(zlib: stream, limit: 1000).bytes == [UInt8](repeating: 5, count: 1000))
    #expect(Inflation.inflated(zlib: stream, limit: 1000).end == .whole)
    #expect(Inflation.inflated(zlib: [], limit: 1000).end == .broken)
  }
}
