import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Runs a repair on bytes: the report, and the bytes of the new file (nil where none was written).
private func repaired(_ bytes: [UInt8]) throws -> (report: RepairReport, bytes: [UInt8]?) {
  let (source, target) = (temporaryPath("edf"), temporaryPath("edf"))
  defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
  try Data(bytes).write(to: URL(fileURLWithPath: source))
  let report = try RecordingRepair.repair(path: source, to: WritingTarget(path: target))
  #expect(try Data(contentsOf: URL(fileURLWithPath: source)) == Data(bytes), "the input has changed")
  return (report, FileManager.default.contents(atPath: target).map { [UInt8]($0) })
}

struct EDFRepairTests {
  @Test(arguments: EDFFamily.allCases)
  func `a whole file needs nothing and nothing is written`(family: EDFFamily) throws {
    let (report, bytes) = try repaired(SampleFile(family: family).bytes)
    #expect(!report.isNeeded)
    #expect(report.kept == 4)
    #expect(bytes == nil)
  }

  @Test(arguments: EDFFamily.allCases)
  func `a cut record is left out and the count corrected`(family: EDFFamily) throws {
    let file = SampleFile(family: family)
    let whole = file.bytes
    let record = (whole.count - file.header.count) / 4
    let (report, bytes) = try repaired(Array(whole.dropLast(record + 5)))
    #expect(report.kept == 2)
    #expect(report.lost == 2)
    #expect(report.lostBytes == record - 5)
    #expect(report.changes.map(\.field) == ["number of data records"])
    #expect(report.changes.map(\.after) == ["2"])
    let saved = try #require(bytes)
    #expect(saved[file.header.count...] == whole[file.header.count..<(file.header.count + 2 * record)])
    let reader = try opened(saved, family.rawValue.lowercased())
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels[0].sampleCount == 16)
  }

  @Test(arguments: ["-1", "9", "2", "abc", ""])
  func `a wrong number of records is corrected`(stated: String) throws {
    var file = SampleFile()
    file.recordCount = stated
    let (report, bytes) = try repaired(file.bytes)
    #expect(report.changes.map(\.before) == [stated])
    #expect(report.lostBytes == 0)
    #expect(report.lost == (stated == "9" ? 5 : 0))
    file.recordCount = "4"
    #expect(bytes == file.bytes)
  }

  @Test(arguments: ["", "0", "abc", "512", "-1"])
  func `a wrong number of header bytes is corrected`(stated: String) throws {
    var file = SampleFile()
    file.headerBytes = stated
    let (report, bytes) = try repaired(file.bytes)
    #expect(report.changes.map(\.field) == ["number of header bytes"])
    file.headerBytes = nil
    #expect(bytes == file.bytes)
  }

  @Test func `what cannot be saved is refused and leaves no file`() throws {
    let file = SampleFile()
    #expect(throws: RecordingError.self) { try repaired(Array(file.header)) }
    #expect(throws: RecordingError.self) { try repaired(Array(file.header.prefix(300))) }
    #expect(throws: RecordingError.self) { try repaired(Array("not a recording".utf8)) }
  }

  @Test func `the input is never the output`() throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = Array(SampleFile().bytes.dropLast(3))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: RecordingError.self) {
      try RecordingRepair.repair(path: path, to: WritingTarget(path: path, isReplacing: true))
    }
    #expect(error?.code == .wouldOverwriteInput)
    #expect(FileManager.default.contents(atPath: path) == Data(bytes))
  }
}

struct XDFRepairTests {
  private let head =
    Array("XDF:".utf8) + SampleXDF.chunk(1, Array("<?xml version=\"1.0\"?><info><version>1.0</version></info>".utf8))
    + SampleXDF.header(1, format: "int16", channels: 2, rate: 10) + SampleXDF.header(2, format: "string", channels: 1, rate: 0)
  private func block(_ k: Int) -> [UInt8] { SampleXDF.samples(1, from: 10 * k, count: 10) }

  private var whole: [UInt8] {
    head + block(0) + SampleXDF.marker(2, "left") + SampleXDF.clock + SampleXDF.boundaryChunk + block(1) + block(2)
      + SampleXDF.boundaryChunk + block(3)
  }

  @Test func `a whole file needs nothing`() throws {
    let (report, bytes) = try repaired(whole)
    #expect(!report.isNeeded)
    #expect(report.kept == 11)
    #expect(bytes == nil)
  }

  @Test func `every cut keeps the whole chunks before it`() throws {
    var ends = [head.count]
    for part in [
      block(0), SampleXDF.marker(2, "left"), SampleXDF.clock, SampleXDF.boundaryChunk, block(1), block(2), SampleXDF.boundaryChunk,
      block(3),
    ] {
      ends.append(ends.last! + part.count)
    }
    for cut in head.count..<whole.count {
      let (report, bytes) = try repaired(Array(whole[..<cut]))
      let end = ends.last { $0 <= cut }!
      #expect(report.lostBytes == cut - end)
      #expect(report.isNeeded == (cut != end))
      if report.isNeeded { #expect(bytes == Array(whole[..<end]), "cut at \(cut)") }
    }
  }

  @Test(arguments: [0, 1, 2, 3])
  func `where the length is damaged it goes on at the next boundary`(place: Int) throws {
    let before = head + block(0)
    var damaged = block(1)
    damaged[place] = 0xEE
    let after = SampleXDF.boundaryChunk + block(2)
    let (report, bytes) = try repaired(before + damaged + SampleXDF.marker(2, "x") + after)
    #expect(report.isNeeded)
    #expect(report.lost == nil)
    #expect(bytes == before + after)
    #expect(report.lostBytes == damaged.count + SampleXDF.marker(2, "x").count)
  }

  @Test(arguments: [5, 11, 13, 16, 29])
  func `where the content is damaged the chunk alone is left out`(place: Int) throws {
    let before = head + block(0)
    var damaged = block(1)
    damaged[place] = place == 5 ? 4 : 0xEE
    let after = SampleXDF.marker(2, "x") + SampleXDF.boundaryChunk + block(2)
    let (report, bytes) = try repaired(before + damaged + after)
    #expect(bytes == before + after)
    #expect(report.lostBytes == damaged.count)
  }

  @Test func `a mark across the edge of a block is found`() throws {
    let damage = [UInt8](repeating: 7, count: (1 << 20) - 8)
    let before = head + block(0)
    let (_, bytes) = try repaired(before + damage + SampleXDF.boundaryChunk + block(1))
    #expect(bytes == before + SampleXDF.boundaryChunk + block(1))
  }

  @Test func `a damaged place costs what it is long, not what follows`() throws {
    let damages = (0..<3000).flatMap { _ in [UInt8](repeating: 9, count: 20) + SampleXDF.boundaryChunk }
    let times = try [0, 4 << 20].map { tail in
      try XDFWorkTests.seconds { _ = try repaired(head + damages + [UInt8](repeating: 7, count: tail)) }
    }
    #expect(times[1] < 2 * times[0], "\(times) s")
  }

  @Test func `chunks of samples that reach over others are not each looked through`() throws {
    let length = 1 << 20
    // 37 bytes, as a sample of 36 channels: a chunk's samples run through all that follow.
    let damage: [UInt8] =
      [4] + SampleXDF.little(length, 4) + [3, 0] + SampleXDF.little(1, 4) + [4] + SampleXDF.little(length, 4) + [0]
      + SampleXDF.boundaryChunk
    #expect(damage.count == 37)
    var bytes = Array("XDF:".utf8) + SampleXDF.header(1, format: "int8", channels: 36, rate: 10)
    for _ in 0..<50 { bytes += damage }
    bytes += [UInt8](repeating: 0, count: 2 * length)
    let path = temporaryPath("xdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try RandomAccessFile(path: path)
    var walk = XDFChunkWalk(file: file)
    walk.vainBytes = XDFChunkWalk.inspectionLimit + 1
    let before = walk.vainBytes
    var (place, boundaries) = (XDFChunkWalk.magicBytes, 0)
    while place < file.byteCount {
      if let chunk = try walk.chunk(at: place) {
        boundaries += chunk.tag == 5 ? 1 : 0
        place = chunk.range.upperBound
      } else {
        place = try walk.resumption(after: place)
      }
    }
    #expect(boundaries == 50)
    #expect(walk.vainBytes - before < length)
  }

  @Test func `nothing to keep is refused`() throws {
    #expect(throws: RecordingError.self) { try repaired(Array("XDF:".utf8) + [0xFF, 1, 2, 3]) }
  }
}
