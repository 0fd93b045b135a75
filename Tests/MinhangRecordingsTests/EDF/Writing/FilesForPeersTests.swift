import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Files for other programs to read: `Goldens/check_written.py` compares what MNE, edfio and pyEDFlib make of them with what was written.
struct FilesForPeersTests {
  private static let folder = ProcessInfo.processInfo.environment["MINHANG_WRITTEN"]

  @Test(.enabled(if: folder != nil, "MINHANG_WRITTEN names the folder to write to; Goldens/check_written.py sets it"))
  func `every kind of file, with its numbers beside it`() throws {
    let folder = try #require(Self.folder)
    for (index, made) in EDFWriterTests.cases.enumerated() {
      let suffix = made.family.rawValue.lowercased()
      let path = "\(folder)/case\(index).\(suffix)"
      try made.write(path, blockSize: 100)
      let description: [String: Any] = [
        "labels": made.channels.map(\.label), "rates": made.channels.map(\.sampleRate), "numbers": made.numbers,
        "physical": made.channels.map { Array(made.block([$0.index], 0..<$0.sampleCount).channel(0)) },
        "factors": made.channels.map { $0.unit.microvoltsPerUnit ?? 1 },
        "spans": made.spans.map { [$0.start, $0.duration] },
        "events": made.events.map { [$0.onset, $0.duration ?? -1, $0.label] as [Any] },
        "start": made.start?.iso8601 ?? "",
      ]
      try JSONSerialization.data(withJSONObject: description).write(to: URL(fileURLWithPath: path + ".json"))
    }
    let stages = (0..<300).map { Event(onset: Double($0) * 30, duration: 30, label: "Sleep stage \($0 % 5)") }
    try EDFWriter(path: folder + "/annotations.edf", family: .edf, channels: [], events: stages).finish()
  }

  @Test(.enabled(if: folder != nil, "MINHANG_WRITTEN names the folder to write to; Goldens/check_written.py sets it"))
  func `BrainVision, with its numbers beside it`() throws {
    let folder = try #require(Self.folder)
    let calibrations: [Calibration?] = [
      Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -16384, physicalMaximum: 16383.5),
      Calibration(digitalMinimum: -8_388_608, digitalMaximum: 8_388_607, physicalMinimum: -262_144, physicalMaximum: 262_143.96875), nil,
    ]
    for (index, calibration) in calibrations.enumerated() {
      var generator = SeededGenerator(seed: UInt64(index))
      var channels = (0..<5).map { Channel(index: $0, name: "E,\($0)", sampleRate: 250, sampleCount: 1000, calibration: calibration) }
      channels[0].position = SensorPosition(x: 0.6, y: -0.48, z: 0.64, unit: .headRadius)
      let spans = index == 1 ? [TimeSpan(start: 0, duration: 1), TimeSpan(start: 2.5, duration: 3)] : [TimeSpan(start: 0, duration: 4)]
      let events = [
        Event(onset: 0.1, duration: 0.2, label: "Stimulus/S  1"), Event(onset: 0.5, duration: 0.004, label: "Comment/a, b"),
        Event(onset: 3.1, duration: 0.1, label: "Öffnung/漢字"),
      ]
      let content = RecordingContent(
        channels: channels, streams: [RecordingStream(spans: spans)], events: events,
        start: RecordingDate(year: 2024, month: 5, day: 17, hour: 9, minute: 30, second: 12, fraction: 0.25))
      let path = "\(folder)/case\(index).vhdr"
      let writer = try BrainVisionWriter(WritingTarget(path: path), content: content)
      var block = SignalBlock(channelCount: 5, sampleCount: 1000)
      for channel in 0..<5 {
        for k in 0..<1000 {
          let number = Double(generator.nextInteger(below: 60_000) - 30_000)
          block[channel: channel, sample: k] = calibration.map { number * $0.gain } ?? Double(Float(number * 0.001))
        }
      }
      try writer.write(block, to: Array(0..<5))
      try writer.finish()
      let description: [String: Any] = [
        "labels": channels.map(\.label), "physical": (0..<5).map { Array(block.channel($0)) }, "rate": 250, "gap": index == 1 ? 1.5 : 0,
        "events": events.map { [$0.onset, $0.duration ?? 0, $0.label] as [Any] }, "position": [0.6, -0.48, 0.64],
        "start": "2024-05-17T09:30:12.250000+00:00",
      ]
      try JSONSerialization.data(withJSONObject: description).write(to: URL(fileURLWithPath: path + ".json"))
    }
  }
}
