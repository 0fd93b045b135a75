import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct EEGLABDataFileTests {
  private func samples(_ made: SampleEEGLAB) -> [UInt8] {
    made.numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
  }

  private func made(_ name: String) -> SampleEEGLAB {
    var made = SampleEEGLAB()
    made.data = .text(name)
    return made
  }

  @Test func `samples beside the header`() throws {
    let made = made("a.fdt")
    var reader = try EEGLABReaderTests.open([("a.set", made.bytes), ("a.fdt", samples(made))])
    #expect(reader.recording.warnings.isEmpty)
    #expect(Array(try reader.read(50..<52, of: [1]).channel(0)) == [Double(made.value(1, 50)), Double(made.value(1, 51))])
  }

  @Test func `files renamed together`() throws {
    let made = made("old.fdt")
    var reader = try EEGLABReaderTests.open([("new.set", made.bytes), ("new.fdt", samples(made))])
    #expect(reader.recording.warnings.map(\.code) == [.formatVariant])
    #expect(Array(try reader.read(3..<4, of: [0]).channel(0)) == [Double(made.value(0, 3))])
  }

  @Test func `samples that are cut, and samples too many`() throws {
    let made = made("a.fdt")
    let cut = try EEGLABReaderTests.open([("a.set", made.bytes), ("a.fdt", Array(samples(made).dropLast(14)))])
    #expect(cut.recording.channels[0].sampleCount == 98 && cut.recording.warnings.map(\.code) == [.cutRecord])
    let long = try EEGLABReaderTests.open([("a.set", made.bytes), ("a.fdt", samples(made) + [0])])
    #expect(long.recording.channels[0].sampleCount == 100 && long.recording.warnings.map(\.code) == [.recordCount])
    let none = try EEGLABReaderTests.open([("a.set", made.bytes), ("a.fdt", [])])
    #expect(none.recording.channels[0].sampleCount == 0 && none.recording.spans.isEmpty)
  }

  @Test func `the old form, channel after channel`() throws {
    let made = made("a.dat")
    let bytes = (0..<3).flatMap { channel in
      (0..<100).flatMap { sample in withUnsafeBytes(of: made.value(channel, sample).bitPattern.littleEndian) { Array($0) } }
    }
    var reader = try EEGLABReaderTests.open([("a.set", made.bytes), ("a.dat", bytes)])
    #expect(Array(try reader.read(3..<5, of: [2]).channel(0)) == [Double(made.value(2, 3)), Double(made.value(2, 4))])
  }

  @Test(arguments: ["/etc/hostname", "../secret.fdt", "sub\\..\\..\\secret.fdt", "..", ".", "", "/"])
  func `no file outside the folder is opened`(name: String) throws {
    let made = made(name)
    let outside = try EEGLABReaderTests.folder([("secret.fdt", samples(made))])
    defer { try? FileManager.default.removeItem(atPath: outside) }
    let inner = outside + "/inner"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    try Data(made.bytes).write(to: URL(fileURLWithPath: inner + "/a.set"))
    #expect(throws: RecordingError.self) { try Recording.open(path: inner + "/a.set") }
  }

  @Test func `a file elsewhere is opened where the caller allows it`() throws {
    let made = made("../b.fdt")
    let outside = try EEGLABReaderTests.folder([("b.fdt", samples(made))])
    defer { try? FileManager.default.removeItem(atPath: outside) }
    try FileManager.default.createDirectory(atPath: outside + "/inner", withIntermediateDirectories: true)
    try Data(made.bytes).write(to: URL(fileURLWithPath: outside + "/inner/a.set"))
    let reader = try Recording.open(path: outside + "/inner/a.set", options: OpeningOptions(allowsFilesElsewhere: true))
    #expect(reader.recording.channels[0].sampleCount == 100 && reader.recording.warnings.isEmpty)
  }

  @Test func `a missing file is named`() throws {
    do {
      _ = try EEGLABReaderTests.open([("a.set", made("b.fdt").bytes)])
      Issue.record("read")
    } catch let error as RecordingError {
      #expect(error.code == .notFound && error.message.contains("\"b.fdt\"") && error.message.contains("\"a.fdt\""))
    }
  }
}
