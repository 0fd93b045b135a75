import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of the BCI2000 file format, one by one.
struct BCI2000RulesTests {
  @Test func `a plain file of version 1 is read without a word`() throws {
    var reader = try SampleBCI2000().reader()
    let info = reader.recording
    #expect(info.format.name == "BCI2000 1.0" && info.warnings.isEmpty && info.notes.isEmpty)
    #expect(info.channels.map(\.name) == ["Fz", "Left Hand"] && info.channels.map(\.sampleRate) == [8, 8])
    #expect(info.channels.map(\.unit) == [.microvolt, .millivolt] && info.channels.allSatisfy(\.isCalibrated))
    #expect(info.duration == 2 && info.start?.iso8601 == "2009-08-12T16:15:00")
    #expect(info.identity.patientCode == "Jane Doe" && info.identity.investigationCode == "S002")
    let block = try reader.read(0..<16, of: [0, 1])
    #expect(Array(block.channel(0)) == (0..<16).map { Double($0 - 4) * 0.5 })
    for (sample, value) in block.channel(1).enumerated() { #expect(abs(value - Double(86 + sample)) < 1e-12 * 86) }
  }

  @Test func `states become events from their change to the next`() throws {
    let events = try SampleBCI2000().reader().events()
    #expect(
      events == [
        Event(onset: 0.5, duration: 0.5, label: "StimulusCode=17"), Event(onset: 1.5, duration: 0.5, label: "StimulusCode=3"),
      ])
  }

  @Test(arguments: 1...64) func `a state of any width lies at any bit`(width: Int) throws {
    for bit in 0...7 {
      let most = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
      let states = [
        SampleBCI2000.State(name: "Low", width: max(1, bit), byte: 0, bit: 0) { _ in bit == 0 ? 0 : 1 },
        SampleBCI2000.State(name: "Wide", width: width, byte: 0, bit: bit) { $0 == 2 ? most : $0 == 3 ? 1 << UInt64(width - 1) : 0 },
        SampleBCI2000.State(name: "High", width: 3, byte: 10, bit: 5) { $0 == 1 ? 5 : 0 },
      ]
      let file = SampleBCI2000(vectorBytes: 11, samples: 4, states: bit == 0 ? Array(states[1...]) : states)
      let wide = try file.reader().events().filter { $0.label != "Low=1" }
      var expected = [Event(onset: 0.125, duration: 0.125, label: "High=5"), Event(onset: 0.25, duration: 0.125, label: "Wide=\(most)")]
      if width == 1 {
        expected[1].duration = 0.25
      } else {
        expected.append(Event(onset: 0.375, duration: 0.125, label: "Wide=\(UInt64(1) << UInt64(width - 1))"))
      }
      #expect(wide == expected)
    }
  }

  @Test(arguments: ["int16", "int32", "float32"]) func `every data format is read`(format: String) throws {
    var file = SampleBCI2000(version: "1.1", format: format)
    file.value = { channel, sample in Double(3 * sample - 20 + channel) }
    var reader = try file.reader()
    #expect(reader.recording.warnings.isEmpty && reader.recording.format.name == "BCI2000 1.1")
    #expect(reader.recording.channels.allSatisfy { ($0.calibration == nil) == (format == "float32") })
    #expect(Array(try reader.read(5..<9, of: [0]).channel(0)) == (5..<9).map { Double(3 * $0 - 20) * 0.5 })
  }

  @Test func `any cut into blocks gives the same`() throws {
    var file = SampleBCI2000(samples: 400)
    file.value = { channel, sample in Double((sample * 7919 + channel * 104_729) % 6000 - 3000) }
    var reader = try file.reader()
    let whole = try reader.read(0..<400, of: [1, 0])
    for size in [1, 7, 399] {
      try reader.forEachBlock(of: [1, 0], blockSize: size) { block in
        for row in 0..<2 {
          let piece = Array(whole.channel(row))[block.firstSample..<(block.firstSample + block.sampleCount)]
          #expect(Array(block.channel(row)) == Array(piece))
        }
      }
    }
  }

  @Test func `clocks and signals among the states give no events but a note`() throws {
    var file = SampleBCI2000(vectorBytes: 8, samples: 4000)
    file.states.append(.init(name: "PacketTime", width: 16, byte: 3, bit: 0) { UInt64($0 / 4 * 40 % 65_536) })
    file.states.append(.init(name: "Analog", width: 8, byte: 5, bit: 0) { UInt64($0 * 97 % 251) })
    let reader = try file.reader()
    #expect(Set(try reader.events().map(\.label)) == ["StimulusCode=17", "StimulusCode=3"])
    #expect(
      reader.recording.notes.map(\.message) == [
        "2 states change as a clock or a signal does and give no events: \"PacketTime\", \"Analog\""
      ])
    #expect(reader.recording.warnings.isEmpty)
  }

  @Test func `a counter is no clock because the header makes blocks long`() throws {
    for size in [1_000_000, 2000] {
      var file = SampleBCI2000(vectorBytes: 8, samples: 4000)
      file.parameters.removeAll { $0.contains("SampleBlockSize") }
      file.parameters.append("Source intlist SampleBlockSize= 1 \(size)")
      file.states.append(.init(name: "Count", width: 8, byte: 3, bit: 0) { UInt64($0 / 20) })
      let reader = try file.reader()
      #expect(try reader.events().count { $0.label.hasPrefix("Count=") } == 199)
    }
  }

  @Test func `two hundred thousand changes take no time`() throws {
    var file = SampleBCI2000(channelCount: 1, vectorBytes: 4, samples: 0)
    file.parameters.removeAll { $0.contains("ChannelNames") || $0.contains("SourceChOffset") || $0.contains("SourceChGain") }
    file.parameters += ["S list ChannelNames= 1 Cz", "S floatlist SourceChOffset= 1 0", "S floatlist SourceChGain= 1 1"]
    var bytes = file.header
    for sample in 0..<800_000 {
      // Every fourth sample is a change, in an order that no clock has.
      let code = UInt8(sample / 4 * 11 % 31 + 1) << 1
      bytes += [0, 0, 0, 0, code, 0]
    }
    var reader: BCI2000Reader?
    let time = try ContinuousClock().measure { reader = try SampleBCI2000.read(bytes) }
    #expect(try reader?.events().count == 200_000)
    // Debug code takes a tenth of a microsecond for each byte; built for release it is below 0.1 s.
    #expect(time < .seconds(5))
  }

  @Test func `a large file is searched for events when they are asked for`() throws {
    var file = SampleBCI2000(channelCount: 64, samples: 2)
    file.parameters.removeAll { $0.contains("ChannelNames") || $0.contains("SourceChOffset") || $0.contains("SourceChGain") }
    file.states[2].value = { $0 == 1 ? 9 : 0 }
    let path = temporaryPath("dat")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    let frames = (65 << 20) / 132
    #expect(truncate(path, off_t(file.header.count + 132 * frames)) == 0)
    let reader = try Recording.open(path: path)
    #expect(reader.bytesReadForEvents == reader.recording.byteCount && reader.recording.channels[0].sampleCount == frames)
    #expect(try reader.events() == [Event(onset: 0.125, duration: 0.125, label: "StimulusCode=9")])
    #expect(try SampleBCI2000().reader().bytesReadForEvents == 0)
  }

  @Test func `a time without a date is legal and no start`() throws {
    var file = SampleBCI2000()
    file.parameters = file.parameters.map { $0.contains("StorageTime") ? "Storage string StorageTime= 16:15 Time a z // time" : $0 }
    let info = try file.reader().recording
    #expect(info.start == nil && info.warnings.isEmpty && info.notes.map(\.code) == [.startDate])
  }

  @Test func `it is known by its content`() throws {
    let path = temporaryPath("csv")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(SampleBCI2000(version: "1.1", format: "int32").bytes).write(to: URL(fileURLWithPath: path))
    let reader = try Recording.open(path: path)
    #expect(reader is BCI2000Reader && reader.recording.warnings.map(\.code) == [.formatVariant])
  }

  @Test func `words are decoded`() {
    func decoded(_ text: String) -> String { BCI2000Parameters.decoded(Array(text.utf8)[...]) }
    #expect(decoded("%") == "" && decoded("a%20b") == "a b" && decoded("50%%") == "50%" && decoded("%4") == "%4" && decoded("%zz") == "%zz")
    func quantity(_ text: String) -> String { BCI2000Parameters.quantity(text).map { "\($0.value) \($0.unit)" } ?? "nil" }
    #expect(
      quantity("250Hz") == "250.0 Hz" && quantity("1e-3muV") == "0.001 muV" && quantity("-.5") == "-0.5 " && quantity("2eV") == "2.0 eV")
    #expect(quantity("muV") == "nil" && quantity("") == "nil" && quantity("nan") == "nil" && quantity("1e") == "1.0 e")
  }

  @Test func `dates are read in both ways of writing`() {
    #expect(BCI2000Date.date("Wed Aug 2 16:15:00 2009")?.iso8601 == "2009-08-02T16:15:00")
    #expect(BCI2000Date.date("2016-03-26T22:42:42")?.iso8601 == "2016-03-26T22:42:42")
    #expect(BCI2000Date.date("2016-03-26T22:42:42.25")?.iso8601 == "2016-03-26T22:42:42.25")
    for text in ["16:15", "", "2016-13-26T22:42:42", "Wed Abc 2 16:15:00 2009", "2016-03-26T", "T", "x y z 1:2 5", "2016-02-30T00:00:00"] {
      #expect(BCI2000Date.date(text) == nil)
    }
  }
}
