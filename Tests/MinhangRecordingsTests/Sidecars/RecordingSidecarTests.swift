import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct RecordingSidecarTests {
  private static func content(_ seed: UInt64) -> (RecordingContent, SignalBlock) {
    var generator = SeededGenerator(seed: seed)
    let measured = seed.isMultiple(of: 2)
    let counts = [37, 50]
    let spans = [
      TimeSpan(start: 0, duration: measured ? 37 / 127.9 : 37.0 / 128, sampleCount: measured ? 37 : nil),
      TimeSpan(start: 1.1, duration: measured ? 50 / 128.3 : 50.0 / 128, sampleCount: measured ? 50 : nil),
    ]
    let names = ["C3", "time", "a,b\"c", "Marker"]
    let units: [PhysicalUnit] = [.microvolt, .none, PhysicalUnit("µS"), .millivolt]
    let channels = names.enumerated().map { index, name in
      Channel(
        index: index, name: name, label: "EEG " + name, kind: index == 0 ? .eog : .misc, unit: units[index], sampleRate: 128,
        sampleCount: counts.reduce(0, +), prefilter: index == 0 ? "HP:0.1Hz" : "", transducer: "cup",
        position: index == 0 ? SensorPosition(x: 0.1, y: 1.0 / 3, z: -0.02, unit: .metre) : nil)
    }
    let events = (0..<5).map {
      Event(onset: Double($0) / 7, duration: $0 == 1 ? 0.1 : nil, label: "T\"\($0)\n漢", channel: $0 == 2 ? 1 : nil)
    }
    let start = RecordingDate(year: 2021, month: 2, day: 3, hour: 4, minute: 5, second: 6, fraction: 1.0 / 3)
    var values = (0..<(4 * 87)).map { _ in Double(bitPattern: generator.next()) }
    for k in values.indices where !values[k].isFinite { values[k] = .infinity }
    values[5] = .nan
    values[6] = -.infinity
    values[7] = -0.0
    return (
      RecordingContent(
        channels: channels, streams: [RecordingStream(name: "amp", spans: spans, nominalRate: 128, measuredRate: measured ? 128.1 : nil)],
        events: events, start: start), SignalBlock(contiguous: values, channelCount: 4)
    )
  }

  @Test(arguments: [RecordingOutput.csv, .tsv, .npy], [1, 2, 3, 4] as [UInt64])
  func `what is written comes back to the last bit`(format: RecordingOutput, seed: UInt64) throws {
    let path = temporaryPath(format.rawValue)
    defer {
      unlink(path)
      unlink(path + ".json")
    }
    let (content, block) = Self.content(seed)
    let writer = try format.writer(of: content, to: WritingTarget(path: path))
    try writer.write(block, to: [0, 1, 2, 3])
    let report = try writer.finish()
    #expect(report.losses.isEmpty && report.companions == [path + ".json"])
    var reader = try Recording.open(path: path)
    let info = reader.recording
    #expect(info.warnings.isEmpty)
    #expect(info.timeline(of: 0) == content.timeline(of: 0))
    #expect(info.start == content.start)
    #expect(info.streams[0].name == "amp" && info.streams[0].nominalRate == 128)
    #expect(info.streams[0].measuredRate == content.streams[0].measuredRate)
    #expect(try reader.events() == content.events)
    for (channel, original) in zip(info.channels, content.channels) {
      var expected = original
      expected.unit = original.signalUnit
      #expect(channel == expected)
    }
    let read = try reader.read(0..<87, of: [0, 1, 2, 3])
    for channel in 0..<4 {
      for (value, original) in zip(read.channel(channel), block.channel(channel)) {
        #expect(value.bitPattern == original.bitPattern || value.isNaN && original.isNaN)
      }
    }
  }

  @Test func `a sidecar that does not fit is told and not used`() throws {
    let path = temporaryPath("csv")
    defer {
      unlink(path)
      unlink(path + ".json")
    }
    let text = "time,a\n0,1\n0.5,2\n1,3\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let whole =
      #"{"shape":[1,3],"sampling_rate":2,"channels":[{"name":"a","unit":"mV"}],"segments":[{"first_sample":0,"samples":3,"start":0}]}"#
    for (json, isUsed) in [
      (whole, true), (whole.replacingOccurrences(of: "[1,3]", with: "[1,4]"), false),
      (whole.replacingOccurrences(of: "\"a\"", with: "\"b\""), false),
      ("[1]", false), (whole.replacingOccurrences(of: ":2,", with: ":-2,"), false), (String(repeating: "[", count: 100_000), false),
      (whole.replacingOccurrences(of: "\"samples\":3", with: "\"samples\":9223372036854775807"), false),
    ] {
      try Data(json.utf8).write(to: URL(fileURLWithPath: path + ".json"))
      var reader = try Recording.open(path: path)
      #expect(reader.recording.channels.map(\.sampleRate) == [2])
      #expect(reader.recording.warnings.isEmpty == isUsed, "\(json.prefix(200)): \(reader.recording.warnings)")
      let factor = isUsed ? 1000.0 : 1
      #expect(Array(try reader.read(0..<3, of: [0]).channel(0)) == [factor, 2 * factor, 3 * factor])
    }
  }

  @Test func `JSON: numbers to the bit, texts with escapes, nothing else`() {
    let value: JSONValue = ["a": .numbers([0.1, 1e300, -2.5e-7]), "b": .string("\u{1F600}\n\"\\é"), "c": .null, "d": .bool(true)]
    #expect(JSONReader.value(Array(value.text.utf8)) == value && JSONReader.value(Array(value.prettyText.utf8)) == value)
    #expect(JSONReader.value(Array(#""\ud83d\ude00\u0041""#.utf8)) == .string("\u{1F600}A"))
    for text in ["", "{", "[1,]", "{\"a\":1,}", "nul", "1e999", "\"\\ud83d\"", "[1] 2", "\"a"] {
      #expect(JSONReader.value(Array(text.utf8)) == nil, "\(text)")
    }
  }
}
