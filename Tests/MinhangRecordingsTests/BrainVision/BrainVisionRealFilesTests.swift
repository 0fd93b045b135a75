import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Real recordings, compared with what MNE reads: `Goldens/brainvision_files.json`, made by `Goldens/make_brainvision_files.py`.
struct BrainVisionRealFilesTests {
  struct Golden: Decodable {
    var names: [String]
    var units: [String]
    var rate: Double
    var count: Int
    var checksums: [String]
    /// Label and sample from 0.
    var markers: [[String]]
    var start: String?
  }

  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  private static let data = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data").path
  private static let goldens: [String: Golden] = {
    let file = tests.appendingPathComponent("Goldens/brainvision_files.json")
    return (try? JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: file))) ?? [:]
  }()

  /// `sum((mix(k) | 1) · bits[k])` modulo 2^64.
  private static func checksum(_ values: ArraySlice<Double>) -> String {
    var sum: UInt64 = 0
    var mix: UInt64 = 0
    for value in values {
      sum &+= (mix | 1) &* value.bitPattern
      mix &+= 0x9E37_79B9_7F4A_7C15
    }
    let text = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  /// The header of a recording; nil, with a printed reason, where it is not there.
  private static func path(_ name: String) -> String? {
    let path = data + "/" + name
    if FileManager.default.fileExists(atPath: path) { return path }
    print("skipped: no recording at ../shared/data/\(name)")
    return nil
  }

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 5) }

  @Test(arguments: goldens.keys.sorted())
  func `values, names, units and markers are those of the reference`(name: String) throws {
    guard let path = Self.path(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try Recording.open(path: path, options: OpeningOptions(appliesSidecars: false))
    let info = reader.recording
    #expect(info.channels.map(\.label) == golden.names)
    #expect(info.channels.map(\.unit) == golden.units.map { PhysicalUnit($0) })
    #expect(info.channels.allSatisfy { $0.sampleRate == golden.rate && $0.sampleCount == golden.count })
    for channel in info.channels.indices {
      let block = try reader.read(0..<golden.count, of: [channel])
      #expect(Self.checksum(block.channel(0)) == golden.checksums[channel], "\(golden.names[channel])")
    }
    let events = try reader.events()
    #expect(events.map(\.label) == golden.markers.map { $0[0] })
    #expect(events.map(\.onset) == golden.markers.map { Double($0[1])! / golden.rate })
    #expect((info.start?.iso8601.prefix(19)).map(String.init) == golden.start)
  }

  @Test func `the tables of two recorders become words on filters`() throws {
    let folder = "formats/brainvision/"
    guard let old = Self.path(folder + "test_old_layout_latin1_software_filter.vhdr"), let new = Self.path(folder + "test.vhdr") else {
      return
    }
    #expect(try Recording.open(path: old).recording.channels.allSatisfy { $0.prefilter == "HP:0.1768Hz LP:50Hz N:50Hz" })
    #expect(try Recording.open(path: new).recording.channels.allSatisfy { $0.prefilter == "HP:DC LP:250Hz" })
  }
}
