import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Writing and reading back gives the same recording.
struct EDFWriterTests {
  /// Recordings of every kind: one and mixed rates, with and without gaps, a part of a second at the start.
  static let cases: [MadeRecording] = EDFFamily.allCases.flatMap { family in
    [
      MadeRecording(family: family, rates: [160, 160, 160], spans: [TimeSpan(start: 0, duration: 4)], seed: 1),
      MadeRecording(family: family, rates: [512, 200, 1, 512], spans: [TimeSpan(start: 0, duration: 6)], fraction: 0.394531, seed: 2),
      MadeRecording(
        family: family, rates: [250, 250, 10],
        spans: [TimeSpan(start: 0, duration: 2), TimeSpan(start: 12.5, duration: 3.2), TimeSpan(start: 16.125, duration: 1)], seed: 3),
      MadeRecording(
        family: family, rates: [250, 250], spans: [TimeSpan(start: 0, duration: 2), TimeSpan(start: 12.5, duration: 3)], seed: 8),
      MadeRecording(family: family, rates: [499.5, 400], spans: [TimeSpan(start: 0, duration: 4)], eventCount: 0, seed: 4),
      MadeRecording(family: family, rates: [12.8], spans: [TimeSpan(start: 0, duration: 10)], eventCount: 300, seed: 5),
      MadeRecording(family: family, rates: [128.000128000128], spans: [TimeSpan(start: 0, duration: 2.999997)], seed: 6),
    ]
  }

  @Test(arguments: cases.indices, [1000, 37])
  func `what was written is read back equal`(index: Int, blockSize: Int) throws {
    let made = Self.cases[index]
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let writer = try made.write(path, blockSize: blockSize)
    var reader = try EDFReader(path: path)
    let recording = reader.recording
    #expect(recording.format.name == made.family.rawValue + (made.spans.count > 1 ? "+D" : "+C"))
    #expect(writer.paddedSamples.allSatisfy { $0 == 0 } && writer.clippedSamples.allSatisfy { $0 == 0 })
    #expect(recording.warningCodes.allSatisfy { $0 == .gap || $0 == .formatVariant })
    #expect(recording.spans.map(\.start) == made.spans.map(\.start))
    // Durations are decimal texts times counts: a unit in the last place.
    #expect(zip(recording.spans, made.spans).allSatisfy { abs($0.duration - $1.duration) <= $1.duration.ulp })
    #expect(recording.start == made.start)
    #expect(try reader.events() == made.events)
    for (channel, other) in zip(recording.channels, made.channels) {
      #expect(channel.name == other.name && channel.unit == other.unit && channel.calibration == other.calibration)
      #expect(channel.prefilter == other.prefilter && channel.transducer == other.transducer)
      // A rate is a quotient of decimal texts: 4 units in the last place.
      #expect(abs(channel.sampleRate - other.sampleRate) <= 4 * other.sampleRate.ulp && channel.sampleCount == other.sampleCount)
      #expect(try reader.readDigital(0..<channel.sampleCount, of: channel.index) == made.numbers[channel.index].map(Int32.init))
      #expect(
        try reader.read(0..<channel.sampleCount, of: [channel.index]).channel(0).elementsEqual(
          made.block([channel.index], 0..<channel.sampleCount).channel(0)))
    }
  }

  @Test(arguments: cases.indices)
  func `the bytes do not depend on the cutting`(index: Int) throws {
    let made = Self.cases[index]
    let paths = (0..<3).map { _ in temporaryPath("edf") }
    defer { for path in paths { unlink(path) } }
    try made.write(paths[0], blockSize: 100_000)
    try made.write(paths[1], blockSize: 13)
    try made.write(paths[2], blockSize: 777, together: false)
    let bytes = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
  }

  @Test func `stretches shorter than a sample of a slow channel, and such of one start, keep their samples in place`() throws {
    let spans = [(0, 1.0), (0, 0.5), (5, 0.2), (9, 1.0)].map { TimeSpan(start: $0.0, duration: $0.1) }
    let made = MadeRecording(family: .edf, rates: [100, 1], spans: spans, eventCount: 0, seed: 10)
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let writer = try made.write(path, blockSize: 33)
    #expect(writer.paddedSamples[0] > 0)
    var reader = try EDFReader(path: path)
    #expect(reader.recording.spans.map(\.start) == spans.map(\.start))
    let counts = reader.recording.timeline(of: 0).segments.map(\.firstSample)
    // Every stretch begins with its own first sample.
    for (segment, first) in zip(counts, [0, 100, 150, 170]) {
      #expect(try reader.readDigital(segment..<(segment + 20), of: 0) == made.numbers[0][first..<(first + 20)].map(Int32.init))
    }
  }

  @Test func `blocks in any order give the same file`() throws {
    let made = Self.cases[0]
    let paths = [temporaryPath("edf"), temporaryPath("edf")]
    defer { for path in paths { unlink(path) } }
    try made.write(paths[0], blockSize: 100_000)
    let writer = try made.writer(paths[1])
    var starts = Array(stride(from: 0, to: 640, by: 50))
    var generator = SeededGenerator(seed: 9)
    generator.shuffle(&starts)
    for start in starts { try writer.write(made.block([0, 1, 2], start..<min(640, start + 50)), to: [0, 1, 2]) }
    try writer.finish()
    #expect(try Data(contentsOf: URL(fileURLWithPath: paths[0])) == Data(contentsOf: URL(fileURLWithPath: paths[1])))
  }

  @Test func `lengths that no record divides: the last record repeats the last number, and the count is told`() throws {
    let made = MadeRecording(family: .edf, rates: [512, 512], spans: [TimeSpan(start: 0, duration: 1031.0 / 512)], seed: 7)
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let writer = try made.write(path, blockSize: 100)
    let padded = writer.paddedSamples[0]
    #expect(padded > 0 && padded < 512 / 10 && writer.paddedSamples[1] == padded)
    var reader = try EDFReader(path: path)
    #expect(reader.recording.channels[0].sampleCount == 1031 + padded)
    let numbers = try reader.readDigital(0..<(1031 + padded), of: 1)
    #expect(numbers.prefix(1031).elementsEqual(made.numbers[1].map(Int32.init)))
    #expect(numbers.dropFirst(1031).allSatisfy { $0 == numbers[1030] })
  }

  @Test func `values beyond the type are moved to its ends and counted; what is no number becomes 0 and is counted`() throws {
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let channel = Channel(
      index: 0, name: "Cz", sampleRate: 8, sampleCount: 8,
      calibration: Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -3276.8, physicalMaximum: 3276.7))
    let writer = try EDFWriter(path: path, family: .edf, channels: [channel])
    try writer.write(SignalBlock(contiguous: [0, 1, 1e9, -1e9, .nan, .infinity, -.infinity, 2], channelCount: 1), to: [0])
    try writer.finish()
    #expect(writer.clippedSamples == [2] && writer.nonFiniteSamples == [3])
    // The range over 65535 steps, to a few roundings.
    #expect(abs(writer.quantizationSteps[0] - 0.1) < 1e-12)
    var reader = try EDFReader(path: path)
    #expect(try reader.readDigital(0..<8, of: 0) == [0, 10, 32767, -32768, 0, 32767, -32768, 20])
  }

  @Test func `numbers beyond the stated digital range but within the type are kept`() throws {
    var file = SampleFile()
    (file.signals[0].digitalMinimum, file.signals[0].digitalMaximum) = ("-10", "10")
    var reader = try file.open()
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let writer = try EDFWriter(path: path, family: .edf, channels: reader.recording.channels)
    try reader.forEachBlock(of: [0, 1], blockSize: 5) { try writer.write($0, to: [0, 1]) }
    try writer.finish()
    var copy = try EDFReader(path: path)
    #expect(try copy.readDigital(0..<32, of: 0) == reader.readDigital(0..<32, of: 0))
  }

  @Test(arguments: EDFFamily.allCases)
  func `a status channel keeps its 24 bits in BDF and its codes in EDF`(family: EDFFamily) throws {
    var file = SampleFile(family: .bdf, signals: [.init("Fz", samples: 8), .init("Status", samples: 8)])
    file.signals[1].value = { 0x980000 | ($0 > 9 ? 5 : 0) }
    var reader = try file.open()
    let path = temporaryPath(family.rawValue.lowercased())
    defer { unlink(path) }
    let writer = try EDFWriter(
      path: path, family: family, channels: reader.recording.channels, events: try reader.events(), start: reader.recording.start)
    try reader.forEachBlock(of: [0, 1], blockSize: 5) { try writer.write($0, to: [0, 1]) }
    try writer.finish()
    #expect(writer.clippedSamples == [0, 0])
    var copy = try EDFReader(path: path)
    let mask = family == .bdf ? 0xFF_FFFF : 0xFFFF
    let expected = (0..<32).map { Double((0x980000 | ($0 > 9 ? 5 : 0)) & mask) }
    #expect(try copy.read(0..<32, of: [1]).channel(0).elementsEqual(expected))
    #expect(try copy.events() == reader.events())
  }

  @Test func `what the file cannot hold is said, and nothing else`() throws {
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let range = Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -1e-9, physicalMaximum: 1e-9)
    var channels = ["C1", "C2"].enumerated().map { Channel(index: $0, name: $1, sampleRate: 8, sampleCount: 8, calibration: range) }
    channels[0].calibration = Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -512, physicalMaximum: 512)
    channels[0].unit = PhysicalUnit("\u{B5}V/m\u{B2}")
    channels[1].name = "\u{540D}"
    channels[1].label = channels[1].name
    channels[1].unit = PhysicalUnit("\u{2103}")
    channels[1].position = SensorPosition(x: 0, y: 0, z: 1, unit: .headRadius)
    channels[1].quality = .bad
    channels[1].transducer = String(repeating: "x", count: 81)
    func losses(_ channels: [Channel], _ events: [Event], _ patient: String) throws -> [String] {
      let content = RecordingContent(
        channels: channels, streams: [RecordingStream(spans: [TimeSpan(start: 0, duration: 1)])], events: events,
        identity: RecordingIdentity(patientField: patient, recordingField: ""))
      let writer = try EDFWriter(WritingTarget(path: path, isReplacing: true), family: .edf, content: content)
      try writer.write(SignalBlock(channelCount: channels.count, sampleCount: 8), to: Array(channels.indices))
      return try writer.finish().losses
    }
    #expect(try losses([channels[0]], [Event(onset: 0.5, label: "T1\n")], "Subject 1").isEmpty)
    let said = try losses(
      channels, [Event(onset: 0, label: "a\u{14}b", channel: 0), Event(onset: 0, label: " ")], String(repeating: "Long ", count: 17))
    let words = [
      "names of 1", "units of 1", "small steps of 1", "filters", "positions of 1", "quality", "channels of 1 events", "without a text",
      "control characters", "identification",
    ]
    for word in words { #expect(said.contains { $0.contains(word) }, "\(word)") }
    #expect(said.count == words.count)
  }

  @Test func `only annotations: a file of no duration`() throws {
    let path = temporaryPath("edf")
    defer { unlink(path) }
    let events = (0..<1000).map { Event(onset: Double($0) * 30, duration: 30, label: "Sleep stage \($0 % 5)") }
    try EDFWriter(path: path, family: .edf, channels: [], events: events).finish()
    let reader = try EDFReader(path: path)
    #expect(try reader.events() == events)
    #expect(reader.recording.channels.isEmpty && reader.recording.warnings.isEmpty && reader.recording.start == nil)
  }

  @Test func `identity: anonymous unless given, and in the form of EDF+`() throws {
    #expect(HeaderField.patient("X X X X") == "X X X X")
    #expect(HeaderField.patient("S01 F 02-MAY-1951 Test_Subject") == "S01 F 02-MAY-1951 Test_Subject")
    #expect(HeaderField.patient("Subject 01") == "X X X Subject_01")
    #expect(HeaderField.patient("") == "X X X X")
    let start = RecordingDate(year: 2021, month: 7, day: 4, hour: 0, minute: 0, second: 0)
    #expect(HeaderField.recording("Startdate X X X X", start: start) == "Startdate 04-JUL-2021 X X X")
    #expect(HeaderField.recording("Startdate 01-JAN-2000 A B C D", start: nil) == "Startdate X A B C D")
    #expect(HeaderField.recording("Session 1", start: start) == "Startdate 04-JUL-2021 X X Session_1")
  }

  @Test func `header numbers: eight characters, exact where possible, else rounded outwards`() {
    #expect(HeaderField.number(-3276.8, up: false) == "-3276.8")
    #expect(HeaderField.number(1172.753, up: true) == "1172.753")
    #expect(HeaderField.number(500, up: true) == "500")
    #expect(HeaderField.number(1.0 / 3, up: true) == "0.333334")
    #expect(HeaderField.number(-1.0 / 3, up: false) == "-0.33334")
    #expect(HeaderField.number(12345.67891, up: true) == "12345.68")
    #expect(HeaderField.number(-1_234_567.5, up: false) == "-1234568")
    #expect(HeaderField.number(1e8, up: true) == nil && HeaderField.number(.nan, up: true) == nil)
  }

  @Test func `refusals: no range, no samples, samples that never came, an existing file`() throws {
    let path = temporaryPath("edf")
    defer { unlink(path) }
    var channel = Channel(index: 0, name: "Cz", sampleRate: 8, sampleCount: 8)
    func begin() -> RecordingError? {
      do { _ = try EDFWriter(path: path, family: .edf, channels: [channel]) } catch { return error }
      return nil
    }
    #expect(begin()?.code == .notRepresentable)
    channel.calibration = Calibration(digitalMinimum: -100, digitalMaximum: 100, physicalMinimum: -1, physicalMaximum: 1e30)
    #expect(begin()?.code == .notRepresentable)
    channel.calibration?.physicalMaximum = 1
    channel.sampleRate = 8.123456789123
    #expect(begin()?.code == .notRepresentable)
    channel.sampleRate = 8
    channel.sampleCount = 0
    #expect(begin()?.code == .notRepresentable)
    channel.sampleCount = 8
    let writer = try EDFWriter(path: path, family: .edf, channels: [channel])
    try writer.write(SignalBlock(channelCount: 1, sampleCount: 4), to: [0])
    let error = #expect(throws: RecordingError.self) { try writer.finish() }
    #expect(error?.message == "channel \"Cz\" got 4 of 8 samples; expected all of them once")
    #expect(!FileManager.default.fileExists(atPath: path))
    try Data([1]).write(to: URL(fileURLWithPath: path))
    #expect(begin()?.code == .wouldOverwrite)
  }
}
