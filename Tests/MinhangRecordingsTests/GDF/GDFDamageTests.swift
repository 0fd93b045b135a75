import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damaged GDF files: most of the recording is read and told about, or the refusal names the field.
struct GDFDamageTests {
  static func read(_ bytes: [UInt8]) throws -> GDFReader {
    let path = temporaryPath("gdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try GDFReader(path: path)
  }

  private static var sound: SampleGDF {
    SampleGDF(events: [.init(position: 9, type: 769, duration: 4), .init(position: 17, type: 770, duration: 4)])
  }

  @Test(arguments: [0, 1, 3, 5, 1 << 40, .max, .min, -2])
  func `a wrong number of records is found by the event table`(stated: Int) throws {
    // Three events: a table of two is as long as a record, and five records without a table would be the same bytes as a legal file.
    var file = SampleGDF(events: (0..<3).map { .init(position: 9 + 8 * $0, type: 769 + $0, duration: 4) })
    file.statedRecords = stated
    let reader = try file.reader()
    #expect(reader.recording.channels[0].sampleCount == 32)
    #expect(try reader.events().map(\.label) == ["769", "770", "771"])
    #expect(reader.recording.warnings.map(\.code) == [.recordCount])
  }

  @Test(arguments: [0, 1, 2, 4, 65535]) func `a wrong length of the header is seen`(blocks: Int) throws {
    var file = Self.sound
    file.statedHeaderBlocks = blocks
    var reader = try file.reader()
    #expect(reader.recording.warnings.map(\.code) == [.headerLength])
    #expect(try reader.read(0..<32, of: [0]).channel(0).first.map { abs($0 + 5) < 1e-9 } == true)
    #expect(try reader.events().count == 2)
  }

  @Test func `a cut file keeps its whole records`() throws {
    let bytes = Self.sound.bytes
    let reader = try Self.read(Array(bytes[..<(768 + 32 * 3 + 5)]))
    #expect(reader.recording.channels[0].sampleCount == 24)
    #expect(reader.recording.warnings.map(\.code) == [.cutRecord])
  }

  @Test(arguments: [3, 1 << 23]) func `a table of too many events keeps those that are there`(stated: Int) throws {
    var file = Self.sound
    file.statedEvents = stated
    let reader = try file.reader()
    #expect(try reader.events().count == 2)
    #expect(reader.recording.warnings.map(\.code) == [.annotation])
  }

  @Test func `a position of 0 and one after the end are told`() throws {
    let reader = try SampleGDF(events: [.init(position: 0, type: 1), .init(position: 4000, type: 2), .init(position: 33, type: 3)]).reader()
    #expect(try reader.events().map(\.onset) == [0, 4, 499.875])
    #expect(reader.recording.warnings.count == 2)
  }

  @Test func `a record without a duration takes the rate of the events`() throws {
    var file = Self.sound
    file.duration = SampleGDF.zeros(8)
    let reader = try file.reader()
    #expect(reader.recording.channels[0].sampleRate == 8 && reader.recording.warnings.map(\.code) == [.sampleRate])
    file.mode = nil
    #expect(throws: RecordingError.self) { try file.reader() }
  }

  @Test func `refusals name the field, the place and the value`() throws {
    var file = Self.sound
    file.version = "abcd"
    #expect(message { try file.reader() }.contains("\"version\" at byte 4 is \"abcd\""))
    file = Self.sound
    file.signals[0].type = 16
    var bytes = file.bytes
    bytes.replaceSubrange(256 + 440..<256 + 444, with: [9, 0, 0, 0])
    #expect(message { try Self.read(bytes) }.contains("data type of signal 1 \"Fz\" at byte 696 is 9"))
    bytes = Self.sound.bytes
    bytes.replaceSubrange(4..<8, with: Array("1.25".utf8))
    #expect(message { try Self.read(bytes) }.contains("header length at byte 184 is that of version 2"))
  }

  @Test func `no damage of one byte traps`() throws {
    let bytes = Self.sound.bytes
    for place in bytes.indices where place < 300 || place > 600 {
      for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[place] = value
        guard var reader = try? Self.read(changed) else { continue }
        for channel in reader.recording.channels where channel.sampleCount > 0 {
          let last = channel.sampleCount
          #expect(throws: Never.self) { try reader.read(max(0, last - 100)..<last, of: [channel.index]) }
        }
      }
    }
  }

  private func message(_ body: () throws -> Any) -> String {
    do {
      _ = try body()
      return "read"
    } catch { return "\(error)" }
  }
}
