import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// What is written comes back, or a loss says why not.
struct BrainVisionWriterTests {
  private static let start = RecordingDate(year: 2024, month: 12, day: 31, hour: 23, minute: 59, second: 59, fraction: 0.25)

  private func channels(_ calibration: Calibration?, count: Int = 3, samples: Int = 500, rate: Double = 250) -> [Channel] {
    (0..<count).map { Channel(index: $0, name: "E\($0)", sampleRate: rate, sampleCount: samples, calibration: calibration) }
  }

  private func content(_ channels: [Channel], spans: [TimeSpan]? = nil, events: [Event] = [], start: RecordingDate? = start)
    -> RecordingContent
  {
    let length = channels.first.map { Double($0.sampleCount) / $0.sampleRate } ?? 0
    return RecordingContent(
      channels: channels, streams: [RecordingStream(spans: spans ?? [TimeSpan(start: 0, duration: length)])], events: events, start: start)
  }

  /// Writes samples, all channels together or one after the other, and reads them back.
  private func roundTrip(
    _ content: RecordingContent, together: Bool = true, blockSize: Int = 64, value: (Int, Int) -> Double
  ) throws -> (reader: BrainVisionReader, report: WritingReport, header: String) {
    let folder = temporaryPath("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/written.vhdr"
    let writer = try BrainVisionWriter(WritingTarget(path: path), content: content)
    let all = Array(content.channels.indices)
    for group in together ? [all] : all.map({ [$0] }).reversed() {
      for first in stride(from: 0, to: content.channels[0].sampleCount, by: blockSize) {
        let count = min(blockSize, content.channels[0].sampleCount - first)
        var block = SignalBlock(channelCount: group.count, sampleCount: count, firstSample: first)
        for (row, channel) in group.enumerated() { for k in 0..<count { block[channel: row, sample: k] = value(channel, first + k) } }
        try writer.write(block, to: group)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    let report = try writer.finish()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["written.eeg", "written.vhdr", "written.vmrk"])
    return (try BrainVisionReader(path: path), report, try String(contentsOfFile: path, encoding: .utf8))
  }

  @Test(arguments: [1e300, 1e-300, 1e10, .infinity])
  func `a sampling rate that no reader takes is refused`(rate: Double) throws {
    let path = try SampleFolder().path + "/a.vhdr"
    let error = #expect(throws: RecordingError.self) {
      try BrainVisionWriter(WritingTarget(path: path), content: content(channels(nil, rate: rate), spans: []))
    }
    #expect(error?.code == .notRepresentable && error?.message.contains(SamplingRate.expected) == true)
  }

  @Test(arguments: [1e-6, 1e9, 0.3, 250])
  func `every sampling rate that a reader takes is read again`(rate: Double) throws {
    let (reader, _, _) = try roundTrip(content(channels(nil, samples: 5, rate: rate), start: nil)) { Double($0 + $1) }
    #expect(reader.recording.channels[0].sampleRate == rate)
  }

  private func check(_ reader: BrainVisionReader, _ value: (Int, Int) -> Double) throws {
    var reader = reader
    let count = reader.recording.channels[0].sampleCount
    let block = try reader.read(0..<count, of: Array(reader.recording.channels.indices))
    for channel in 0..<block.channelCount {
      for k in 0..<count { #expect(block[channel: channel, sample: k] == value(channel, k)) }
    }
    #expect(reader.recording.warnings == [])
  }

  @Test(arguments: [true, false]) func `16-bit numbers are kept where the calibration has no offset`(together: Bool) throws {
    let calibration = Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -16384, physicalMaximum: 16383.5)
    let value = { (channel: Int, sample: Int) in Double((channel * 7919 + sample * 131) % 65536 - 32768) * 0.5 }
    let (reader, report, header) = try roundTrip(content(channels(calibration)), together: together, value: value)
    #expect(header.contains("BinaryFormat=INT_16") && report.losses == [] && report.largestQuantizationStep == 0.5)
    #expect(reader.recording.start == Self.start)
    try check(reader, value)
  }

  @Test(arguments: [true, false]) func `24-bit numbers are kept in floats`(together: Bool) throws {
    let calibration = Calibration(
      digitalMinimum: -8_388_608, digitalMaximum: 8_388_607, physicalMinimum: -262_144, physicalMaximum: 262_143.96875)
    let value = { (channel: Int, sample: Int) in Double((channel * 7919 + sample * 104_729) % 16_777_216 - 8_388_608) / 32 }
    let (reader, report, header) = try roundTrip(content(channels(calibration)), together: together, value: value)
    #expect(header.contains("BinaryFormat=IEEE_FLOAT_32") && report.losses == [])
    try check(reader, value)
  }

  @Test func `floats keep their bits in the steps in which they were stored`() throws {
    var channels = channels(nil)
    (channels[0].storedStep, channels[1].storedStep, channels[2].storedStep) = (0.1, 0.0488281, 0.0007)
    channels[2].unit = .millivolt
    let value = { (channel: Int, sample: Int) in
      Double(Float(sample * 131 + channel) * 1.1) * (channel == 2 ? 0.0007 * 1000 : channel == 1 ? 0.0488281 : 0.1)
    }
    let (reader, report, _) = try roundTrip(content(channels), value: value)
    #expect(report.losses == [] && reader.recording.channels.map(\.storedStep) == [0.1, 0.0488281, 0.0007])
    try check(reader, value)
  }

  @Test func `floats lose precision and say so`() throws {
    let (reader, report, _) = try roundTrip(content(channels(nil))) { _, sample in Double(sample) + 0.1 }
    #expect(report.losses.count == 1 && report.losses[0].contains("precision") && report.losses[0].hasSuffix("µV"))
    try check(reader) { _, sample in Double(Float(Double(sample) + 0.1)) }
  }

  @Test func `numbers that do not fit are counted`() throws {
    let calibration = Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -32768, physicalMaximum: 32767)
    let values = [40000, -40000, Double.nan, .infinity, 1]
    let (reader, report, _) = try roundTrip(content(channels(calibration, count: 1, samples: 5))) { _, sample in values[sample] }
    #expect(report.clippedSamples == 2 && report.nonFiniteSamples == 2)
    try check(reader) { _, sample in [32767, -32768, 0, 32767, 1][sample] }
  }

  @Test func `gaps, events, channels and durations come back`() throws {
    let spans = [TimeSpan(start: 0, duration: 1), TimeSpan(start: 2.5, duration: 0.6), TimeSpan(start: 3.1, duration: 0.4)]
    let events = [
      Event(onset: 0.5, label: "T1"), Event(onset: 0.6, duration: 0.2, label: "Stimulus/S  1", channel: 2),
      Event(onset: 2.5, duration: 0.004, label: "a, b/c"), Event(onset: 2.6, label: "New Segment/"), Event(onset: 2.7, label: "/x"),
    ]
    let (reader, report, _) = try roundTrip(content(channels(nil), spans: spans, events: events)) { _, _ in 0 }
    #expect(report.losses == [])
    #expect(reader.recording.timeline(of: 0).segments.map(\.sampleCount) == [250, 150, 100])
    #expect(zip(reader.recording.spans, spans).allSatisfy { abs($0.start - $1.start) < 1e-12 })
    let back = try reader.events()
    #expect(back.map(\.label) == events.map(\.label) && back.map(\.channel) == events.map(\.channel))
    for (a, b) in zip(back, events) { #expect(abs(a.onset - b.onset) < 1e-9 && abs((a.duration ?? 0) - (b.duration ?? 0)) < 1e-9) }
    #expect(reader.recording.warnings == [])
  }

  @Test func `what cannot be held is said`() throws {
    let spans = [TimeSpan(start: 0, duration: 1), TimeSpan(start: 2, duration: 1)]
    var channels = channels(nil, rate: 250)
    channels[0].prefilter = "HP:0.1Hz"
    channels[1].position = SensorPosition(x: 0, y: 0, z: 0.1, unit: .metre)
    let events = [
      Event(onset: 0.0015, label: "between"), Event(onset: -1, label: "early"), Event(onset: 0.1, duration: 0.0001, label: "short"),
    ]
    var content = content(channels, spans: spans, events: events, start: nil)
    content.identity = RecordingIdentity(patientField: "X F X Somebody", recordingField: "Startdate X X X X")
    let (_, report, _) = try roundTrip(content) { _, _ in 0 }
    let words = ["positions", "filters", "identification", "length of gaps", "between samples", "before the first", "durations"]
    for word in words { #expect(report.losses.contains { $0.contains(word) }, "\(word)") }
    #expect(!report.losses.joined().contains("Somebody"))
  }

  @Test func `positions, units and commas come back`() throws {
    var channels = channels(nil)
    channels[0].position = SensorPosition(x: 0.6, y: -0.48, z: 0.64, unit: .headRadius)
    channels[1].label = "A, B"
    channels[1].name = "A, B"
    channels[1].unit = .none
    channels[2].unit = PhysicalUnit("°C")
    let (reader, _, _) = try roundTrip(content(channels)) { _, _ in 1 }
    let back = reader.recording.channels
    let position = try #require(back[0].position)
    #expect(abs(position.x - 0.6) < 1e-15 && abs(position.y + 0.48) < 1e-15 && abs(position.z - 0.64) < 1e-15)
    #expect(back.map(\.name) == ["E0", "A, B", "E2"] && back.map(\.unit) == [.microvolt, .none, PhysicalUnit("°C")])
  }

  @Test(arguments: [128.0, 160, 256, 300, 512, 1000.0 / 3, 30_000, 44_100]) func `sampling rates come back`(rate: Double) throws {
    let (reader, report, _) = try roundTrip(content(channels(nil, rate: rate))) { _, _ in 0 }
    #expect(abs(reader.recording.channels[0].sampleRate - rate) <= rate.ulp)
    #expect(reader.recording.channels[0].sampleRate == rate || report.losses.contains { $0.contains("sampling rate") })
  }

  @Test func `existing files stay`() throws {
    let path = temporaryPath("vhdr")
    let data = String(path.dropLast(5)) + ".eeg"
    defer { try? FileManager.default.removeItem(atPath: data) }
    try Data([1]).write(to: URL(fileURLWithPath: data))
    let error = #expect(throws: RecordingError.self) {
      _ = try BrainVisionWriter(WritingTarget(path: path), content: content(channels(nil)))
    }
    #expect(error?.code == .wouldOverwrite)
    let other = #expect(throws: RecordingError.self) {
      _ = try BrainVisionWriter(WritingTarget(path: path, isReplacing: true, inputs: [data]), content: content(channels(nil)))
    }
    #expect(other?.code == .wouldOverwriteInput)
  }

  @Test func `missing samples are noticed`() throws {
    let path = temporaryPath("vhdr")
    let writer = try BrainVisionWriter(WritingTarget(path: path), content: content(channels(nil)))
    #expect(throws: RecordingError.self) { try writer.finish() }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
