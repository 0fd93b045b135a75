import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Real recordings, compared with what MNE reads: `Goldens/gdf_files.json`, made by `Goldens/make_gdf_files.py`.
struct GDFRealFilesTests {
  struct Golden: Decodable {
    struct Probe: Decodable {
      var channel: Int
      var sample: Int
      var value: Double

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        channel = try container.decode(Int.self)
        sample = try container.decode(Int.self)
        value = try container.decode(Double.self)
      }
    }

    var channels: [String]
    var rate: Double
    var samples: Int
    var scale: [Double]
    var probes: [Probe]
    var events: [GoldenMark]
  }

  private static let goldens: [String: Golden] = References.goldens("gdf_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 4) }

  @Test(arguments: goldens.keys.sorted())
  func `values and events are those of MNE`(name: String) throws {
    guard let path = References.recording(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try Recording.open(path: path)
    let info = reader.recording
    #expect(info.channels.map(\.label) == golden.channels)
    #expect(info.channels.allSatisfy { $0.sampleRate == golden.rate && $0.sampleCount == golden.samples })
    for probe in golden.probes {
      let value = try reader.read(probe.sample..<probe.sample + 1, of: [probe.channel])[channel: 0, sample: 0]
      // One in 10^12 of the channel's largest value: both add offset and gain in another order.
      #expect(abs(value - probe.value) <= 1e-12 * golden.scale[probe.channel])
    }
    // MNE drops events after the last sample.
    let events = try reader.events().filter { $0.onset < info.duration }
    #expect(events.map(\.label) == golden.events.map(\.label))
    #expect(zip(events, golden.events).allSatisfy { abs($0.onset - $1.time) <= 1e-9 })
  }
}
