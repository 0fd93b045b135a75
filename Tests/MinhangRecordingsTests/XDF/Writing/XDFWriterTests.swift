import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct XDFWriterTests {
  @Test func `what is written comes back: values, names, units, positions, rates, gaps and events`() throws {
    let spans = [TimeSpan(start: 0, duration: 20), TimeSpan(start: 20.75, duration: 10)]
    let position = SensorPosition(x: 0.01, y: -0.02, z: 0.09, unit: .metre)
    let channels = [
      Channel(index: 0, name: "C3", sampleRate: 128, sampleCount: 3840, position: position),
      Channel(index: 1, name: "C4 <&>", sampleRate: 128, sampleCount: 3840),
      Channel(index: 2, name: "Temp", kind: .misc, unit: PhysicalUnit("degreeC"), sampleRate: 2, sampleCount: 60),
    ]
    let events = [Event(onset: 0.5, label: "left"), Event(onset: 21, duration: 2, label: "Öffnung")]
    let content = RecordingContent(channels: channels, streams: [RecordingStream(spans: spans)], events: events)
    let path = temporaryPath("xdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = try XDFWriter(WritingTarget(path: path), content: content)
    for channel in channels {
      for first in stride(from: 0, to: channel.sampleCount, by: 1000).reversed() {
        var block = SignalBlock(channelCount: 1, sampleCount: min(1000, channel.sampleCount - first), firstSample: first)
        for k in 0..<block.sampleCount { block[channel: 0, sample: k] = Double(first + k) / 3 + Double(channel.index) }
        try writer.write(block, to: [channel.index])
      }
    }
    let report = try writer.finish()
    #expect(report.losses.count == 1)
    var reader = try XDFReader(path: path)
    let info = reader.recording
    #expect(info.warnings.isEmpty)
    #expect(info.channels.map(\.name) == channels.map(\.name))
    #expect(info.channels.map(\.unit) == channels.map(\.unit))
    #expect(info.channels.map(\.sampleRate) == [128, 128, 2])
    #expect(abs((info.channels[0].position?.y ?? 0) + 0.02) < 1e-15)
    #expect(info.spans.count == 2 && abs(info.spans[1].start - 20.75) < 1e-9)
    for channel in channels {
      let values = try reader.read(0..<channel.sampleCount, of: [channel.index]).channel(0)
      #expect(values.elementsEqual((0..<channel.sampleCount).map { Double($0) / 3 + Double(channel.index) }))
    }
    #expect(try reader.events().map(\.label) == ["left", "Öffnung"])
    #expect(try reader.events().map(\.onset) == [0.5, 21])
  }
}
