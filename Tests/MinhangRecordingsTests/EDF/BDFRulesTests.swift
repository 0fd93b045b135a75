import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of BDF and of its status channel, one test each.
struct BDFRulesTests {
  /// A file with a status channel that holds these values.
  private func file(_ values: [Int: Int], rest: Int = 0x180000) -> SampleFile {
    var file = SampleFile(family: .bdf, signals: [.init("Fz", samples: 8), .init("Status", samples: 8)])
    file.signals[1].unit = "Boolean"
    (file.signals[1].physicalMinimum, file.signals[1].physicalMaximum) = ("-8388608", "8388607")
    file.signals[1].value = { rest | (values[$0] ?? 0) }
    return file
  }

  @Test func `version: byte 255 and BIOSEMI`() throws {
    #expect(try SampleFile(family: .bdf).open().recording.format.name == "BDF")
    var file = SampleFile(family: .bdf)
    file.version = [0xFF] + Array("BIO".utf8)
    #expect(file.error()?.code == .unsupported)
  }

  @Test func `records: numbers are 24 bits, little-endian two's complement`() throws {
    var file = SampleFile(family: .bdf)
    let numbers = [-8_388_608, 8_388_607, -1, 0, 1, 65536, -65536, 255]
    file.signals[0].value = { numbers[$0 % 8] }
    var reader = try file.open()
    #expect(try reader.readDigital(0..<8, of: 0) == numbers.map(Int32.init))
  }

  @Test func `status: values are unsigned, codes are the low 16 bits where they change to another than 0`() throws {
    var reader = try file([9: 5, 10: 5, 12: 7, 13: 5, 20: 0xFFFF]).open()
    #expect(
      try reader.events() == [
        Event(onset: 9 / 8, label: "5"), Event(onset: 12 / 8, label: "7"), Event(onset: 13 / 8, label: "5"),
        Event(onset: 20 / 8, label: "65535"),
      ])
    let status = reader.recording.channels[1]
    #expect(status.kind == .trigger && status.signalUnit == .boolean)
    #expect(try reader.read(9..<10, of: [1])[channel: 0, sample: 0] == Double(0x180005))
    #expect(reader.recording.warnings.isEmpty)
  }

  @Test func `status: bit 23 makes no code negative`() throws {
    var reader = try file([9: 5], rest: 0x980000).open()
    #expect(try reader.events().map(\.label) == ["5"])
    #expect(try reader.read(0..<1, of: [1])[channel: 0, sample: 0] == Double(0x980000))
    #expect(try reader.readDigital(0..<1, of: 1) == [0x980000])
  }

  @Test func `status: a new epoch, bit 16, is no code`() throws {
    #expect(try file([0: 1 << 16, 9: 1 << 16]).open().events().isEmpty)
  }

  @Test func `status: a low battery and CMS out of range are told`() throws {
    #expect(try file([3: 1 << 22]).open().recording.warningCodes == [.status])
    #expect(try file([3: 1 << 23], rest: 0).open().recording.warningCodes == [.status])
    // Without any flag the file is of another recorder.
    #expect(try file([3: 1], rest: 0).open().recording.warningCodes == [])
  }

  @Test func `status: a code that is an annotation too comes once`() throws {
    var file = file([9: 5, 17: 6])
    file.reserved = "BDF+C"
    file.addAnnotations(
      ["+0\u{14}\u{14}\0+1.125\u{14}5\u{14}\0", "+1\u{14}\u{14}\0", "+2\u{14}\u{14}\0", "+3\u{14}\u{14}\0"].map { Array($0.utf8) })
    #expect(try file.open().events() == [Event(onset: 1.125, label: "5"), Event(onset: 17 / 8, label: "6")])
  }

  @Test func `status: a channel of that name in EDF is an ordinary one`() throws {
    let recording = try SampleFile(signals: [.init("Status", samples: 8)]).open().recording
    #expect(recording.channels[0].unit == .microvolt && recording.channels[0].calibration?.digitalMaximum == 32767)
  }
}
