import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Arrays of structures: what was read for one field belongs to the structure that it is of.
struct MATHierarchyTests {
  private func events(_ count: Int) -> SampleMATLAB.Value {
    .structures(["type", "latency", "other"], (0..<count).map { [.number(Double($0) + 0.5), .number(Double($0)), .number(-1)] })
  }

  private func read(_ bytes: [UInt8], _ wanted: Set<String> = ["event", "type", "latency"]) throws -> MATFile {
    let path = temporaryPath("mat")
    defer { unlink(path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try MATFile(hierarchy: RandomAccessFile(path: path), wanted: wanted)
  }

  private func structures(_ file: MATFile) throws -> MATStructures {
    guard case .structures(let all) = file.variables["event"] else { throw RecordingError(.badData, path: "", "no structures") }
    return all
  }

  /// Where data lie: parts of a made file are at multiples of 8 bytes.
  private func place(of data: [UInt8], in bytes: [UInt8]) -> Int {
    stride(from: 512, to: bytes.count, by: 8).first { bytes[$0] == data[0] && bytes[$0...].starts(with: data) } ?? 0
  }

  /// Where the type of an event lies; the header of its object follows it.
  private func place(ofType event: Int, in bytes: [UInt8]) -> Int {
    place(of: withUnsafeBytes(of: (Double(event) + 0.5).bitPattern.littleEndian) { Array($0) }, in: bytes)
  }

  @Test(arguments: [1, 2, 1024, 1025, 8200], [nil, [1000, 1]])
  func `the fields of each structure stay together`(count: Int, chunk: [Int]?) throws {
    let file = try read(SampleHDF5(chunk: chunk).file([("event", events(count))]))
    #expect(file.remarks.isEmpty)
    let all = try structures(file)
    #expect(all.count == count)
    for k in 0..<count {
      #expect(all["type", of: k].number == Double(k) + 0.5 && all["latency", of: k].number == Double(k))
    }
    guard case .empty = all["other", of: 0], case .empty = all["type", of: count] else {
      Issue.record("a field that nobody asked for, or a structure that is not")
      return
    }
  }

  @Test func `a damaged object leaves the others`() throws {
    var bytes = SampleHDF5().file([("event", events(3000))])
    // The version of its header.
    bytes[place(ofType: 2047, in: bytes) + 8] = 9
    let file = try read(bytes)
    let all = try structures(file)
    #expect(file.remarks.count == 1 && file.remarks[0].contains("version is 9; expected 1") && all.count == 3000)
    for k in 0..<3000 {
      #expect(all["type", of: k].number == (k == 2047 ? nil : Double(k) + 0.5) && all["latency", of: k].number == Double(k))
    }
  }

  @Test func `damaged references leave the other fields, and those before them`() throws {
    var bytes = SampleHDF5(chunk: [8192, 1], filters: [.fletcher]).file([("event", events(9000))])
    // A reference in the second chunk of the list of types.
    let object = UInt64(place(ofType: 8500, in: bytes) + 8 - 512)
    let stored = place(of: withUnsafeBytes(of: object.littleEndian) { Array($0) }, in: bytes)
    bytes[stored] ^= 1
    let file = try read(bytes)
    let all = try structures(file)
    #expect(all.count == 9000 && file.remarks.contains { $0.contains("Fletcher-32") && $0.contains("(of \"type\")") })
    #expect(file.remarks.contains { $0.contains("expected as many of each") })
    for k in 0..<9000 {
      #expect(all["type", of: k].number == (k < 8192 ? Double(k) + 0.5 : nil) && all["latency", of: k].number == Double(k))
    }
  }

  @Test(arguments: [false, true])
  func `texts of any letters, in both orders of bytes`(isBigEndian: Bool) throws {
    for text in ["a", "go left", "a text of more than fifteen letters", "Öz", "漢字", "a😀", "tab\t", "x\0y"] {
      let file = try read(SampleHDF5(isBigEndian: isBigEndian).file([("event", .text(text))]))
      #expect(file.variables["event"]?.text == text)
    }
  }

  @Test(arguments: [false, true])
  func `a header that is read after another one says only what is in it`(isModern: Bool) throws {
    var made = SampleHDF5(isModern: isModern)
    _ = made.append([UInt8](repeating: 0, count: 96))
    let places = [
      made.object(.structures(["a"], [[.number(1)]])), made.object(.text("word")), made.object(.empty), made.object(.cells([.number(1)])),
      made.object(.number(3)),
    ]
    let damaged = made.append(Array("OHDR".utf8) + [2, 0, 200, 8, 9, 0, 0])
    let path = temporaryPath("mat")
    defer { unlink(path) }
    try Data(made.finished(root: places[0])).write(to: URL(fileURLWithPath: path))
    let file = try HDF5File(RandomAccessFile(path: path))
    var header = HDF5ObjectHeader()
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let place = file.bytes.base + places[generator.nextInteger(below: places.count)]
      if generator.nextInteger(below: 4) == 0 {
        #expect(throws: RecordingError.self) { try header.read(file, at: file.bytes.base + damaged) }
      }
      try header.read(file, at: place)
      let fresh = try HDF5ObjectHeader(file, at: place)
      #expect(header.place == fresh.place && header.messages.map(\.kind) == fresh.messages.map(\.kind))
      #expect(header.messages.map(\.data) == fresh.messages.map(\.data))
      #expect(try header.attribute("MATLAB_class", of: file) == fresh.attribute("MATLAB_class", of: file))
    }
  }
}
