import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Real recordings, compared with what edfio reads: `Goldens/real_files.json`, made by `Goldens/make_real_files.py`.
struct RealFilesTests {
  struct Golden: Decodable {
    var channels: Int
    var rates: [Double]
    var counts: [Int]
    var digital: String
    var physical: String
    var start: String
    var continuous: Bool
    var events: [Entry]
  }

  /// An event as `[onset, duration or null, text]`.
  struct Entry: Decodable {
    var event: Event

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      let onset = try container.decode(Double.self)
      let duration = try container.decodeNil() ? nil : container.decode(Double.self)
      event = Event(onset: onset, duration: duration, label: try container.decode(String.self))
    }
  }

  private static let goldens: [String: Golden] = References.goldens("real_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 15) }

  @Test(arguments: goldens.keys.sorted())
  func `numbers, values, rates, start and events are those of edfio`(name: String) throws {
    guard let path = References.recording(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try EDFReader(path: path)
    let channels = reader.recording.channels
    #expect(channels.count == golden.channels)
    #expect(channels.map(\.sampleRate) == golden.rates)
    #expect(channels.map(\.sampleCount) == golden.counts)
    var digital = References.Checksum()
    var physical = References.Checksum()
    for channel in channels {
      for number in try reader.readDigital(0..<channel.sampleCount, of: channel.index) { digital.add(UInt64(bitPattern: Int64(number))) }
      let block = try reader.read(0..<channel.sampleCount, of: [channel.index])
      for value in block.channel(0) { physical.add(value.bitPattern) }
    }
    #expect(digital.text == golden.digital)
    #expect(physical.text == golden.physical)
    #expect(reader.recording.start?.iso8601 == golden.start)
    #expect(reader.recording.spans.count <= 1 && golden.continuous)
    // Trigger codes of a status channel are events of ours; edfio has annotations only.
    let codes = Set(channels.contains { $0.label == "Status" && name.hasSuffix("bdf") } ? try reader.events().map(\.label) : [])
    let events = try reader.events().filter { !codes.contains($0.label) }
    let expected = golden.events.map(\.event)
    #expect(events.count == expected.count)
    // Decimal texts less the part of a second of the start; edfio rounds to 1e-12 s.
    for (event, other) in zip(events, expected) {
      #expect(abs(event.onset - other.onset) <= 1e-9 && event.duration == other.duration && event.label == other.label)
    }
  }

  @Test func `the codes of a real status channel`() throws {
    guard let path = References.recording("formats/bdf/test_bdf_stim_channel.bdf") else { return }
    let events = try EDFReader(path: path).events()
    #expect(events.map(\.label) == ["4", "2", "1", "1", "1", "1", "1", "1", "1"])
    #expect(events.first?.onset == 0.484)
  }
}
