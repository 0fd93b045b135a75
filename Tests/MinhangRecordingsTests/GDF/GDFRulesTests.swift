import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of GDF, each kept by a file of its own; none of these files may give a warning.
struct GDFRulesTests {
  private static let events = [
    SampleGDF.Entry(position: 9, type: 769, channel: 2, duration: 4), SampleGDF.Entry(position: 1, type: 770),
  ]

  @Test(arguments: ["1.25", "2.20"], [1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 279, 535])
  func `every data type is read, in both layouts`(version: String, type: Int) throws {
    var file = SampleGDF(version: version)
    let isUnsigned = [2, 4, 6, 8, 535].contains(type)
    for k in 0..<2 {
      file.signals[k].type = type
      file.signals[k].physical = (-100, 100)
      file.signals[k].digital = (-200, 200)
      file.signals[k].value = isUnsigned ? { $0 * 7 % 100 } : { $0 * 7 % 100 - 50 }
    }
    var reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty)
    let block = try reader.read(0..<32, of: [1])
    #expect(block.channel(0).elementsEqual((0..<32).map { Double(file.signals[1].value($0)) / 2 }))
  }

  @Test func `types may differ between channels, and so may rates`() throws {
    var file = SampleGDF()
    file.signals = [
      .init(label: "Fz", type: 3), .init(label: "X", type: 279, samples: 16), .init(label: "Cz", type: 17, samples: 1),
      .init(label: "Pz", type: 16),
    ]
    for k in 0..<4 {
      file.signals[k].physical = (-10, 10)
      file.signals[k].digital = (-10, 10)
    }
    var reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels.map(\.sampleRate) == [8, 16, 1, 8])
    for c in 0..<4 {
      let count = file.signals[c].samples * 4
      let whole = (0..<count).map { Double(file.signals[c].value($0)) }
      for size in [1, 3, 7, count] {
        for first in stride(from: 0, to: count, by: size) {
          let range = first..<min(count, first + size)
          #expect(try reader.read(range, of: [c]).channel(0).elementsEqual(whole[range]))
        }
      }
    }
    #expect(try reader.read(2..<9, of: [3, 0]).channel(1).elementsEqual((2..<9).map { Double(file.signals[0].value($0)) }))
    #expect(throws: RecordingError.self) { try reader.read(0..<1, of: [0, 1]) }
  }

  @Test(arguments: ["1.25", "1.91", "2.20"])
  func `events have seconds, codes, durations and channels`(version: String) throws {
    // Between 1.90 and 1.93 the header is the new one and the event table the old one.
    var file = SampleGDF(version: version)
    file.events = Self.events
    if version == "1.91" {
      file.mode = nil
      var bytes = file.bytes
      bytes += [3] + SampleGDF.little(8, 3) + SampleGDF.little(1, 4) + SampleGDF.little(9, 4) + SampleGDF.little(769, 2)
      bytes += SampleGDF.little(2, 2) + SampleGDF.little(4, 4)
      let reader = try read(bytes)
      #expect(try reader.events() == [Event(onset: 1, duration: 0.5, label: "769", channel: 1)])
      return
    }
    let reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty)
    #expect(
      try reader.events() == [Event(onset: 0, duration: 0, label: "770"), Event(onset: 1, duration: 0.5, label: "769", channel: 1)])
  }

  @Test(arguments: [1, 3, 5, 7]) func `all modes of the event table`(mode: Int) throws {
    var file = SampleGDF(mode: mode)
    file.events = Self.events
    let reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty)
    let events = try reader.events()
    #expect(events.map(\.label) == ["770", "769"] && events.map(\.onset) == [0, 1])
    #expect(events.map(\.duration) == (mode & 2 == 0 ? [nil, nil] : [0, 0.5]))
  }

  @Test func `the event table may be absent, or leave its rate to the signals`() throws {
    #expect(try SampleGDF(mode: nil).reader().events().isEmpty)
    let reader = try SampleGDF(eventRate: 0, events: Self.events).reader()
    #expect(try reader.events().map(\.onset) == [0, 1] && reader.recording.warnings.isEmpty)
  }

  @Test(arguments: [("2.10", false), ("2.20", false), ("2.21", true), ("2.51", true), ("3.00", true)])
  func `up to 2.20 a duration is a fraction, from 2.21 on a float`(version: String, isFloat: Bool) throws {
    let fraction = SampleGDF.little(1, 4) + SampleGDF.little(2, 4)
    let float = SampleGDF.little(0.5)
    for (bytes, isRight) in [(fraction, !isFloat), (float, isFloat)] {
      let info = try SampleGDF(version: version, duration: bytes).reader().recording
      #expect(info.channels[0].sampleRate == 16 && info.duration == 2)
      #expect(info.warnings.isEmpty == isRight, "\(info.warnings)")
    }
  }

  @Test func `header 3 is skipped by the length of the header`() throws {
    var file = SampleGDF(headerThree: [UInt8](repeating: 0x55, count: 512), events: Self.events)
    file.signals[0].physical = (-32768, 32767)
    var reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty && reader.recording.channels[0].sampleCount == 32)
    #expect(try reader.read(0..<32, of: [0]).channel(0).elementsEqual((0..<32).map { Double(file.signals[0].value($0)) }))
    #expect(try reader.events().count == 2)
  }

  @Test func `an unknown number of records comes from the size`() throws {
    let reader = try SampleGDF(statedRecords: -1, mode: nil).reader()
    #expect(reader.recording.channels[0].sampleCount == 32)
    #expect(reader.recording.warnings.isEmpty && reader.recording.notes.map(\.code) == [.recordCount])
  }

  @Test func `a sparse channel has its values in the event table`() throws {
    var file = SampleGDF()
    file.signals.append(.init(label: "Temp", type: 3, samples: 0, unit: "", code: 6048, physical: (0, 50), digital: (0, 500)))
    file.events = [.init(position: 17, type: 0x7FFF, channel: 3, duration: 366), .init(position: 1, type: 769)]
    let reader = try file.reader()
    #expect(reader.recording.channels.map(\.name) == ["Fz", "Cz"] && reader.recording.warnings.isEmpty)
    #expect(try reader.events() == [Event(onset: 0, duration: 0, label: "769"), Event(onset: 2, label: "Temp=36.6")])
  }

  @Test(arguments: [(4275, "\u{B5}V"), (4274, "mV"), (4256, "V"), (512, ""), (0, "uV"), (6048, "\u{B0}C"), (65535, "code 65535")])
  func `units come from their codes`(code: Int, symbol: String) throws {
    var file = SampleGDF()
    file.signals[0].code = code
    #expect(try file.reader().recording.channels[0].unit == PhysicalUnit(symbol))
  }

  @Test func `millivolts are handed out in microvolts`() throws {
    var file = SampleGDF()
    file.signals[0].code = 4274
    file.signals[0].physical = (-32.768, 32.767)
    var reader = try file.reader()
    let value = try reader.read(3..<4, of: [0])[channel: 0, sample: 0]
    #expect(abs(value - Double(file.signals[0].value(3))) < 1e-11)
  }

  @Test func `start, identity, position and filters`() throws {
    var file = SampleGDF(sexByte: 2)
    file.signals[1].position = (1, 2, 3)
    let info = try file.reader().recording
    // Day 733000 and a half of the fixed point, as MNE has it.
    #expect(info.start == RecordingDate(year: 2006, month: 11, day: 19, hour: 12, minute: 0, second: 0))
    #expect(info.identity.patientField == "P01 F X Doe_John" && info.identity.recordingField == "Startdate X Session_1 X X")
    #expect(info.channels.map(\.position) == [nil, SensorPosition(x: 1, y: 2, z: 3, unit: .unknown)])
    #expect(info.channels[0].prefilter == "HP:0.1Hz LP:75.0Hz N:50.0Hz")
    let old = try SampleGDF(version: "1.25").reader().recording
    #expect(old.start == RecordingDate(year: 2002, month: 3, day: 2, hour: 10, minute: 11, second: 12, fraction: 0.5))
    let unknown = try SampleGDF(version: "1.25", startField: SampleGDF.text("", 16)).reader().recording
    #expect(unknown.start == nil && unknown.warnings.isEmpty)
  }

  private func read(_ bytes: [UInt8]) throws -> GDFReader { try GDFDamageTests.read(bytes) }
}
