import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct EEGLABReaderTests {
  /// A folder of its own with files in it.
  static func folder(_ files: [(String, [UInt8])]) throws -> String {
    let folder = temporaryPath("d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    return folder
  }

  static func open(_ files: [(String, [UInt8])], options: OpeningOptions = .none) throws -> any RecordingReader {
    let folder = try folder(files)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try Recording.open(path: folder + "/" + files[0].0, options: options)
  }

  static func open(_ made: SampleEEGLAB) throws -> any RecordingReader { try open([("a.set", made.bytes)]) }

  static func expectSamples(_ reader: inout any RecordingReader, _ made: SampleEEGLAB) throws {
    let count = reader.recording.channels[0].sampleCount
    for range in [0..<count, 7..<min(9, count)] {
      let block = try reader.read(range, of: [2, 0])
      #expect(Array(block.channel(0)) == range.map { Double(made.value(2, $0)) })
      #expect(Array(block.channel(1)) == range.map { Double(made.value(0, $0)) })
    }
  }

  @Test(arguments: [false, true], [false, true])
  func `samples, channels and events, as a structure and as variables, packed and not`(isFlat: Bool, isCompressed: Bool) throws {
    for isBigEndian in [false, true] {
      var made = SampleEEGLAB()
      made.isFlat = isFlat
      made.format = SampleMATLAB(isBigEndian: isBigEndian, isCompressed: isCompressed)
      try Self.expectAll(made)
    }
  }

  /// A data set as it is made is what is read.
  static func expectAll(_ made: SampleEEGLAB) throws {
    var reader = try Self.open(made)
    let info = reader.recording
    #expect(info.format.name == "EEGLAB" && info.warnings.isEmpty && info.duration == 0.4)
    #expect(info.channels.map(\.name) == ["Fp1", "Cz", "EOG1"] && info.channels.map(\.kind) == [.eeg, .eeg, .eog])
    #expect(info.channels.allSatisfy { $0.unit == .microvolt && $0.sampleRate == 250 && $0.sampleCount == 100 })
    // X is towards the nose, Y to the left.
    #expect(info.channels[2].position == SensorPosition(x: -2, y: 3, z: -3, unit: .unknown))
    #expect(info.identity.patientCode == "S 7")
    let expected = [Event(onset: 0, label: "go"), Event(onset: 0.042, duration: 0.02, label: "7")]
    #expect(try reader.events() == expected)
    try Self.expectSamples(&reader, made)
  }

  @Test func `numbers of other types`() throws {
    var made = SampleEEGLAB()
    made.data = .double(made.numbers.map(Double.init), shape: [3, 100])
    var reader = try Self.open(made)
    try Self.expectSamples(&reader, made)
    made.data = .small((0..<300).map { Int16($0) - 150 }, shape: [3, 100])
    reader = try Self.open(made)
    #expect(Array(try reader.read(2..<4, of: [1]).channel(0)) == [-143, -140])
  }

  @Test func `a boundary is a gap of the samples that are missing`() throws {
    var made = SampleEEGLAB()
    made.events = [
      (.text("boundary"), 0.5, 30), (.text("a"), 40, nil), (.text("boundary"), 40.5, 25), (.text("b"), 41, nil),
      (.text("boundary"), 80.5, .nan),
      (.text("c"), 81.25, nil),
    ]
    let reader = try Self.open(made)
    let spans = reader.recording.spans
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.timeline(of: 0).segments.map(\.sampleRange) == [0..<40, 40..<80, 80..<100])
    #expect(spans.map(\.start) == [0, 0.26, 0.42])
    let onsets = Dictionary(grouping: try reader.events(), by: \.label).mapValues { $0.map(\.onset) }
    #expect(onsets["a"] == [0.156] && onsets["b"] == [0.26])
    let last = try #require(onsets["c"]?.first)
    #expect(abs(last - 0.421) < 1e-12)
    #expect(onsets["boundary"]?[1] == 0.158)
  }

  @Test func `the type -99 is a boundary where all types are numbers`() throws {
    var made = SampleEEGLAB()
    made.events = [(.number(7), 10, nil), (.number(-99), 40.5, 25)]
    let info = try Self.open(made).recording
    #expect(info.timeline(of: 0).segments.map(\.sampleRange) == [0..<40, 40..<100])
    #expect(info.notes.contains { $0.message.contains("-99") } && info.warnings.isEmpty)
    made.events.append((.text("a"), 50, nil))
    #expect(try Self.open(made).recording.spans.count == 1)
  }

  @Test func `each epoch is a segment`() throws {
    var made = SampleEEGLAB()
    (made.points, made.trials) = (20, 5)
    made.events = [(.text("x"), 11, nil), (.text("x"), 31, nil)]
    var reader = try Self.open(made)
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.timeline(of: 0).segments.map(\.firstSample) == [0, 20, 40, 60, 80])
    #expect(try reader.events().map(\.onset) == [0.04, 0.12])
    try Self.expectSamples(&reader, made)
  }

  @Test func `fields that are missing or contradict the data`() throws {
    var made = SampleEEGLAB()
    made.replaced = ["pnts": .number(90), "nbchan": .number(4)]
    var reader = try Self.open(made)
    #expect(reader.recording.warnings.map(\.code) == [.recordCount, .recordCount])
    try Self.expectSamples(&reader, made)
    for (field, value) in [("srate", -1.0), ("srate", .nan), ("pnts", 0.5), ("trials", .infinity), ("nbchan", 1e300)] {
      made.replaced = [field: .number(value)]
      #expect(throws: RecordingError.self) { try Self.open(made) }
    }
    made.replaced = ["srate": .empty]
    do {
      _ = try Self.open(made)
      Issue.record("read without a rate")
    } catch let error as RecordingError {
      #expect(error.message == "field srate is missing; expected the sampling rate in Hz")
    }
    // More trials than samples: no epoch has a length.
    made.replaced = ["trials": .number(1e9), "pnts": .empty]
    #expect(try Self.open(made).recording.warnings.map(\.code) == [.recordCount])
  }

  @Test func `a unit that the file does not state is noted, or said by the caller`() throws {
    var made = SampleEEGLAB()
    let notes = try Self.open(made).recording.notes.filter { $0.code == .unit }
    #expect(notes.count == 1 && notes[0].message.contains("by the convention of EEGLAB (--input-unit"))
    var reader = try Self.open([("a.set", made.bytes)], options: OpeningOptions(unit: .volt))
    #expect(reader.recording.notes.allSatisfy { $0.code != .unit } && reader.recording.channels.allSatisfy { $0.unit == .volt })
    #expect(try reader.read(4..<5, of: [0])[channel: 0, sample: 0] == -6e6)
    let places = ["Fp1", "Cz", "EOG1"].map { [SampleMATLAB.Value.text($0), .text("mV")] }
    made.replaced = ["chanlocs": .structures(["labels", "unit"], places)]
    reader = try Self.open(made)
    #expect(reader.recording.notes.allSatisfy { $0.code != .unit })
    #expect(try reader.read(4..<5, of: [0])[channel: 0, sample: 0] == -6000)
  }

  @Test func `labels that are not unique, or not there`() throws {
    var made = SampleEEGLAB()
    made.labels = ["A", "a", "B"]
    #expect(try Self.open(made).recording.warnings.map(\.code) == [.label])
    made.labels = nil
    let info = try Self.open(made).recording
    #expect(info.channels.map(\.name) == ["ch1", "ch2", "ch3"] && info.warnings.isEmpty)
  }

  @Test func `events that are no events`() throws {
    var made = SampleEEGLAB()
    made.events = [(.text("a"), .nan, nil), (.text("b"), .infinity, nil), (.text("c"), 5, -3), (.text("d"), 5000, nil)]
    let reader = try Self.open(made)
    #expect(try reader.events().map(\.label) == ["c", "d"])
    #expect(reader.recording.warnings.map(\.code) == [.annotation, .annotation, .annotation, .annotation])
  }

  @Test func `many events are read in no time`() throws {
    var made = SampleEEGLAB()
    made.events = (0..<20_000).map { (.text("e"), Double($0 % 100), nil) }
    let clock = ContinuousClock()
    let first = made.bytes
    let short = try clock.measure { _ = try Self.open([("a.set", first)]).events() }
    made.events = (0..<80_000).map { (.text("e"), Double($0 % 100), nil) }
    // Four times as many: not sixteen times as long.
    let second = made.bytes
    let long = try clock.measure { _ = try Self.open([("a.set", second)]).events() }
    #expect(long < short * 10)
  }

  @Test func `a MATLAB file of something else`() throws {
    do {
      _ = try Self.open([("a.mat", SampleMATLAB().file([("weights", .number(3))]))])
      Issue.record("read")
    } catch let error as RecordingError {
      #expect(error.code == .unsupported && error.message.contains("\"weights\""))
    }
  }
}
