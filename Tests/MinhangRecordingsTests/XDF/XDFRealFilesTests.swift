import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Real recordings, compared with what pyxdf reads: `Goldens/xdf_files.json`, made by `Goldens/make_xdf_files.py`.
struct XDFRealFilesTests {
  struct Golden: Decodable {
    struct Signal: Decodable {
      var name: String
      var rate: Double
      var nominal: Double
      var count: Int
      var segments: [[Int]]
      var stamps: [[Double]]
      var checksums: [String]
    }

    var signals: [Signal]
    var events: [GoldenMark]
  }

  private static let goldens: [String: Golden] = References.goldens("xdf_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 6) }

  @Test(arguments: goldens.keys.sorted())
  func `values, times, rates, segments and events are those of pyxdf`(name: String) throws {
    guard let path = References.recording(name) else { return }
    let golden = try #require(Self.goldens[name])
    var reader = try XDFReader(path: path)
    let info = reader.recording
    #expect(info.streams.map(\.name) == golden.signals.map(\.name))
    let origin = reader.originTimeStamp
    for (place, signal) in golden.signals.enumerated() {
      let stream = info.streams[place]
      let channels = info.channels.filter { $0.stream == place }
      #expect(channels.count == signal.checksums.count)
      #expect(stream.nominalRate == signal.nominal)
      #expect(abs((stream.measuredRate ?? 0) - signal.rate) <= 1e-9 * signal.rate)
      let stamps = reader.timeStamps(ofStream: place)
      #expect(stamps.count == signal.count)
      let worst = signal.stamps.map { abs(stamps[Int($0[0])] - $0[1]) }.max() ?? 0
      // A stamp of 1.2e6 s has steps of 2.3e-10 s, and least squares in the reference is off by a few of them.
      let tolerance = max(1e-9, 8 * origin.ulp)
      #expect(worst <= tolerance, "\(worst) s")
      let timeline = info.timeline(of: channels[0].index)
      #expect(timeline.segments.map { [$0.firstSample, $0.sampleRange.upperBound - 1] } == signal.segments)
      let drift = signal.stamps.map { abs(timeline.time(ofSample: Int($0[0])) - ($0[1] - origin)) }.max() ?? 0
      #expect(drift <= tolerance, "\(drift) s")
      for (channel, expected) in zip(channels, signal.checksums) {
        let values = try reader.read(0..<channel.sampleCount, of: [channel.index])
        #expect(References.checksum(values.channel(0)) == expected)
      }
      let block = try reader.read(0..<signal.count, of: channels.map(\.index))
      #expect((0..<channels.count).map { References.checksum(block.channel($0)) } == signal.checksums)
    }
    let events = try reader.events()
    #expect(events.map(\.label) == golden.events.map(\.label))
    for (event, marker) in zip(events, golden.events) { #expect(abs(event.onset + origin - marker.time) <= 1e-9) }
  }

  @Test func `a clock that was reset gives two segments and a measured rate`() throws {
    guard let path = References.recording("formats/xdf/clock_resets.xdf") else { return }
    let info = try Recording.open(path: path).recording
    #expect(info.streams.count == 1 && info.spans.count == 2)
    #expect(info.channels.allSatisfy { abs($0.sampleRate - 92.934) < 1e-3 })
    #expect(info.warnings.map(\.code) == [.sampleRate])
  }
}
