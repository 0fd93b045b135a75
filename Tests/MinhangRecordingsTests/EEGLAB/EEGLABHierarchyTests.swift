import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Data sets that MATLAB saved as version 7.3.
struct EEGLABHierarchyTests {
  @Test(arguments: [false, true], [false, true])
  func `samples, channels and events, as a structure and as variables`(isFlat: Bool, isModern: Bool) throws {
    for isBigEndian in [false, true] {
      var made = SampleEEGLAB()
      made.isFlat = isFlat
      made.hierarchy = SampleHDF5(isModern: isModern, isBigEndian: isBigEndian)
      try EEGLABReaderTests.expectAll(made)
    }
  }

  @Test(arguments: [[7, 2], [100, 3], [1, 1], [33, 1], [200, 5]])
  func `chunks of any shape, filtered or not`(chunk: [Int]) throws {
    for filters: [HDF5Filters.Filter] in [
      [], [.deflate], [.shuffle(byteCount: 4), .deflate], [.fletcher], [.shuffle(byteCount: 4), .fletcher, .deflate, .fletcher],
    ] {
      var made = SampleEEGLAB()
      made.hierarchy = SampleHDF5(chunk: chunk, filters: filters)
      try EEGLABReaderTests.expectAll(made)
    }
  }

  @Test(arguments: [nil, [2, 7, 2], [5, 20, 3], [1, 1, 1]])
  func `each epoch is a segment`(chunk: [Int]?) throws {
    var made = SampleEEGLAB()
    (made.points, made.trials) = (20, 5)
    made.events = [(.text("x"), 11, nil), (.text("x"), 31, nil)]
    made.hierarchy = SampleHDF5(chunk: chunk)
    var reader = try EEGLABReaderTests.open(made)
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.timeline(of: 0).segments.map(\.firstSample) == [0, 20, 40, 60, 80])
    #expect(try reader.events().map(\.onset) == [0.04, 0.12])
    try EEGLABReaderTests.expectSamples(&reader, made)
    // Any stretch is what the whole is there.
    let whole = try reader.read(0..<100, of: [0, 1, 2])
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      let start = generator.nextInteger(below: 100)
      let range = start..<(start + 1 + generator.nextInteger(below: 100 - start))
      let part = try reader.read(range, of: [1])
      #expect(Array(part.channel(0)) == Array(whole.channel(1)[whole.channel(1).startIndex...].prefix(range.upperBound).dropFirst(start)))
    }
  }

  @Test func `one event, no event, and events in a cell array`() throws {
    for events: [(type: SampleMATLAB.Value, latency: Double, duration: Double?)] in [[], [(.text("only"), 5, nil)]] {
      var made = SampleEEGLAB()
      made.events = events
      made.hierarchy = SampleHDF5()
      let reader = try EEGLABReaderTests.open(made)
      #expect(try reader.events().map(\.label) == events.map { _ in "only" })
      #expect(reader.recording.warnings.isEmpty)
    }
    var made = SampleEEGLAB()
    made.hierarchy = SampleHDF5()
    made.replaced = ["event": .cells([.structures(["type", "latency"], [[.cells([.text("in")]), .number(3)]])])]
    #expect(try EEGLABReaderTests.open(made).events().map(\.label) == ["in"])
  }

  @Test func `samples in a file beside it`() throws {
    var made = SampleEEGLAB()
    made.hierarchy = SampleHDF5()
    let data = made.numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    made.data = .text("a.fdt")
    let folder = try EEGLABReaderTests.folder([("a.set", made.bytes), ("a.fdt", data)])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var reader: any RecordingReader = try Recording.open(path: folder + "/a.set")
    #expect(reader.recording.warnings.isEmpty)
    try EEGLABReaderTests.expectSamples(&reader, made)
  }

  @Test(arguments: [0, 512, 2048])
  func `the superblock is searched`(userBlock: Int) throws {
    var made = SampleEEGLAB()
    made.hierarchy = SampleHDF5(userBlock: userBlock)
    try EEGLABReaderTests.expectAll(made)
  }

  @Test func `many events are read in no time`() throws {
    func seconds(_ count: Int) throws -> Duration {
      var made = SampleEEGLAB()
      made.hierarchy = SampleHDF5()
      made.events = (0..<count).map { (.text("e"), Double($0 % 100), nil) }
      let bytes = made.bytes
      var read = 0
      let took = try ContinuousClock().measure { read = try EEGLABReaderTests.open([("a.set", bytes)]).events().count }
      #expect(read == count)
      return took
    }
    let short = try seconds(5_000)
    // Four times as many: not sixteen times as long.
    #expect(try seconds(20_000) < short * 10)
  }
}
