import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of EDF (1992), one test each.
struct EDFRulesTests {
  @Test func `version: a zero and seven spaces, nothing else`() throws {
    #expect(try SampleFile().open().recording.format.name == "EDF")
    for text in ["1", "", "-1", "EDF", "00000000"] {
      var file = SampleFile()
      file.version = Array(text.utf8)
      #expect(file.error()?.code == .unsupported, "\(text)")
    }
  }

  @Test func `fields: texts come out trimmed and stay with their signal`() throws {
    var file = SampleFile()
    file.signals[1].label = "EOG left"
    file.signals[1].transducer = "cup"
    file.signals[1].prefilter = "HP:1Hz"
    file.signals[1].unit = "mV"
    let channels = try file.open().recording.channels
    #expect(channels.map(\.label) == ["EEG Fz", "EOG left"])
    #expect(channels.map(\.name) == ["Fz", "EOG left"])
    #expect(channels.map(\.kind) == [.eeg, .eog])
    #expect(channels.map(\.transducer) == ["AgAgCl electrode", "cup"])
    #expect(channels.map(\.prefilter) == ["HP:0.1Hz LP:75Hz", "HP:1Hz"])
    #expect(channels.map(\.unit) == [.microvolt, .millivolt])
  }

  @Test func `records: numbers are little-endian two's complement, signal after signal in a record`() throws {
    var file = SampleFile()
    file.signals[0].value = { [-32768, 32767, -1, 0, 1, 256, -256, 2][$0 % 8] }
    file.signals[1].value = { $0 }
    var reader = try file.open()
    #expect(try reader.readDigital(0..<8, of: 0) == [-32768, 32767, -1, 0, 1, 256, -256, 2])
    #expect(try reader.readDigital(0..<32, of: 1) == (0..<32).map(Int32.init))
  }

  @Test func `values: physical minimum plus steps, in microvolts`() throws {
    var file = SampleFile()
    file.signals[0].unit = "mV"
    (file.signals[0].physicalMinimum, file.signals[0].physicalMaximum) = ("-1", "1")
    (file.signals[0].digitalMinimum, file.signals[0].digitalMaximum) = ("-2048", "2047")
    file.signals[0].value = { $0 * 100 - 1600 }
    var reader = try file.open()
    let block = try reader.read(0..<32, of: [0])
    for k in 0..<32 {
      let exact = (-1 + (Double(k * 100 - 1600) + 2048) * 2 / 4095) * 1000
      // A few roundings of numbers up to 2048 steps: 4 units in the last place of the range.
      #expect(abs(block[channel: 0, sample: k] - exact) <= 4 * 1000.0.ulp)
    }
  }

  @Test(
    arguments: [("1", 8.0), ("0.1", 80), ("2", 4), ("0.333333", 8_000_000.0 / 333_333), ("9.59375", 8 / 9.59375), ("0,5", 16)]
      as [(String, Double)])
  func `rate: samples by the exact decimal duration`(duration: String, rate: Double) throws {
    var file = SampleFile()
    file.recordDuration = duration
    #expect(try file.open().recording.channels[0].sampleRate == rate)
  }

  @Test(arguments: [("85", 1985), ("99", 1999), ("00", 2000), ("84", 2084)])
  func `date: two digits of the year are 1985 to 2084`(digits: String, year: Int) throws {
    var file = SampleFile()
    file.startDate = "02.03.\(digits)"
    let start = try #require(try file.open().recording.start)
    #expect(start == RecordingDate(year: year, month: 3, day: 2, hour: 10, minute: 11, second: 12))
  }

  @Test func `rates: channels of different rates keep their own and are not read together`() throws {
    var file = SampleFile(signals: [.init("EEG Fz", samples: 8), .init("Resp", samples: 2)])
    file.records = 3
    var reader = try file.open()
    #expect(reader.recording.channels.map(\.sampleRate) == [8, 2])
    #expect(reader.recording.channels.map(\.sampleCount) == [24, 6])
    #expect(throws: RecordingError.self) { try reader.read(0..<4, of: [0, 1]) }
  }

  @Test func `time: a plain file is one span`() throws {
    let recording = try SampleFile().open().recording
    #expect(recording.spans == [TimeSpan(start: 0, duration: 4)])
    #expect(recording.duration == 4)
    #expect(recording.timeline(of: 0) == Timeline(sampleRate: 8, sampleCount: 32))
  }

  @Test func `identity: kept apart, and in no message`() throws {
    var file = SampleFile()
    file.patient = Array("SECRETCODE M 01-JAN-1960 Secret_Name".utf8)
    file.startDate = "99.99.99"
    file.headerBytes = "0"
    let recording = try file.open().recording
    #expect(recording.identity.patientName == "Secret Name")
    #expect(recording.identity.patientCode == "SECRETCODE")
    #expect(recording.identity.sex == "M")
    #expect(recording.identity.birthdate == "01-JAN-1960")
    #expect(!(recording.warnings + recording.notes).contains { $0.message.lowercased().contains("secret") })
  }
}
