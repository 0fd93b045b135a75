import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// A real recording, compared with what MNE and scipy read: `Goldens/eeglab_files.json`, made by `Goldens/make_eeglab_files.py`.
struct EEGLABRealFilesTests {
  struct Golden: Decodable {
    var names: [String]
    var rate: Double
    var count: Int
    var checksums: [String]
    var onsets: [Double]
    var labels: [String]
    var positions: [[Double]?]
  }

  private static let goldens: [String: Golden] = References.goldens("eeglab_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 1) }

  @Test(arguments: goldens.keys.sorted())
  func `values, channels, positions and events are those of the reference`(name: String) throws {
    guard let path = References.recording(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try Recording.open(path: path)
    let channels = reader.recording.channels
    #expect(reader.recording.warnings.isEmpty)
    #expect(channels.map(\.label) == golden.names)
    #expect(channels.allSatisfy { $0.sampleRate == golden.rate && $0.sampleCount == golden.count })
    for channel in channels.indices {
      let block = try reader.read(0..<golden.count, of: [channel])
      #expect(References.checksum(block.channel(0)) == golden.checksums[channel])
    }
    for (channel, position) in zip(channels, golden.positions) {
      #expect(channel.position == position.map { SensorPosition(x: -$0[1], y: $0[0], z: $0[2], unit: .unknown) })
    }
    let events = try reader.events()
    #expect(events.map(\.label) == golden.labels)
    #expect(events.map(\.onset) == golden.onsets)
  }
}
