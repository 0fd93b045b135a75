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

  private static let goldens: [String: Golden] = References.goldens("brainvision_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 5) }

  @Test(arguments: goldens.keys.sorted())
  func `values, names, units and markers are those of the reference`(name: String) throws {
    guard let path = References.recording(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try Recording.open(path: path, options: OpeningOptions(appliesSidecars: false))
    let info = reader.recording
    #expect(info.channels.map(\.label) == golden.names)
    #expect(info.channels.map(\.unit) == golden.units.map { PhysicalUnit($0) })
    #expect(info.channels.allSatisfy { $0.sampleRate == golden.rate && $0.sampleCount == golden.count })
    for channel in info.channels.indices {
      let block = try reader.read(0..<golden.count, of: [channel])
      #expect(References.checksum(block.channel(0)) == golden.checksums[channel], "\(golden.names[channel])")
    }
    let events = try reader.events()
    #expect(events.map(\.label) == golden.markers.map { $0[0] })
    #expect(events.map(\.onset) == golden.markers.map { Double($0[1])! / golden.rate })
    #expect((info.start?.iso8601.prefix(19)).map(String.init) == golden.start)
  }

  @Test func `the tables of two recorders become words on filters`() throws {
    let folder = "formats/brainvision/"
    guard let old = References.recording(folder + "test_old_layout_latin1_software_filter.vhdr"),
      let new = References.recording(folder + "test.vhdr")
    else {
      return
    }
    #expect(try Recording.open(path: old).recording.channels.allSatisfy { $0.prefilter == "HP:0.1768Hz LP:50Hz N:50Hz" })
    #expect(try Recording.open(path: new).recording.channels.allSatisfy { $0.prefilter == "HP:DC LP:250Hz" })
  }
}
