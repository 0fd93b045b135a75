import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Files as they are found: each defect is repaired and told, or refused in one line that names the field, its place, its value and what was expected.
struct EDFCornerCaseTests {
  // MARK: - The number of records and the size of the file

  @Test func `record count: unknown, −1, is taken from the size and noted`() throws {
    var file = SampleFile()
    file.recordCount = "-1"
    let recording = try file.open().recording
    #expect(recording.channels[0].sampleCount == 32)
    #expect(recording.warnings.isEmpty && recording.notes.map(\.code) == [.recordCount])
  }

  @Test(arguments: ["2", "0", "-2", "", "abc", "1.5", "1e7", "nan"])
  func `record count: what the file holds is read, and both numbers are told`(text: String) throws {
    var file = SampleFile()
    file.recordCount = text
    let recording = try file.open().recording
    #expect(recording.channels[0].sampleCount == 32)
    #expect(recording.warningCodes == [.recordCount])
    #expect(recording.warnings[0].message.contains("\"number of data records\" at byte 236 is \"\(text)\""))
    #expect(recording.warnings[0].message.contains("4"))
  }

  @Test(arguments: [1, 2, 16, 31])
  func `cut file: whole records are read, and the loss is told`(cut: Int) throws {
    let reader = try opened(SampleFile().bytes.dropLast(cut))
    #expect(reader.recording.channels[0].sampleCount == 24)
    #expect(reader.recording.warningCodes == [.cutRecord])
    #expect(reader.recording.warnings[0].message.contains("lost 1 of 4 records"))
  }

  @Test func `long file: records beyond the count are read, a rest is told`() throws {
    let bytes = SampleFile().bytes
    let more = try opened(bytes + [UInt8](repeating: 1, count: 32)).recording
    #expect(more.channels[0].sampleCount == 40 && more.warningCodes == [.recordCount])
    let rest = try opened(bytes + [1, 2, 3]).recording
    #expect(rest.channels[0].sampleCount == 32 && rest.warningCodes == [.cutRecord])
  }

  @Test func `no record: refused`() {
    let bytes = SampleFile().bytes
    #expect(throws: RecordingError.self) { try opened(Array(bytes.prefix(768))) }
    #expect(throws: RecordingError.self) { try opened(Array(bytes.prefix(768 + 31))) }
  }

  @Test func `huge numbers: compared with the file before anything is allocated`() {
    var file = SampleFile()
    file.recordCount = "99999999"
    for k in file.signals.indices { file.signals[k].samplesText = "99999999" }
    let error = file.error()
    #expect(error?.code == .badData)
    #expect(error?.message.contains("expected at least one data record of 399999996 bytes") == true)
  }

  // MARK: - The header's numbers

  @Test(arguments: ["0", "-1", "512", "769", "99999999", "1e3", "", "abc"])
  func `header bytes: 256 for each signal and 256 are used`(text: String) throws {
    var file = SampleFile()
    file.headerBytes = text
    var reader = try file.open()
    #expect(reader.recording.warningCodes == [.headerLength])
    #expect(try reader.readDigital(0..<3, of: 0) == [-500, -499, -498])
  }

  @Test(arguments: ["0", "-1", "3", "9999", "1e3", "abc", "", "+"])
  func `number of signals: must fit`(text: String) {
    var file = SampleFile()
    file.signalCount = text
    #expect(file.error()?.code == .badData)
  }

  @Test(arguments: ["abc", "nan", "inf", "1e999", "", "0x10", "1 2", "+"])
  func `physical range: what is no number leaves the channel with its stored numbers`(text: String) throws {
    var file = SampleFile()
    file.signals[1].physicalMinimum = text
    var reader = try file.open()
    #expect(reader.recording.warningCodes == [.calibration])
    let message = reader.recording.warnings[0].message
    #expect(message.hasPrefix("signal 2 \"EEG Cz\": header field \"physical minimum\" at byte 472 is \"\(text)\""))
    #expect(reader.recording.channels[0].calibration?.isUsable == true)
    #expect(reader.recording.channels[1].calibration?.isUsable == false)
    #expect(try reader.read(0..<2, of: [1]).channel(0).elementsEqual([-500, -499]))
  }

  @Test func `ranges: of nothing leave the channel with its stored numbers`() throws {
    var file = SampleFile()
    (file.signals[0].physicalMinimum, file.signals[0].physicalMaximum) = ("5", "5")
    (file.signals[1].digitalMinimum, file.signals[1].digitalMaximum) = ("5", "5")
    let recording = try file.open().recording
    #expect(recording.warningCodes == [.calibration, .calibration])
    #expect(recording.channels.allSatisfy { $0.calibration?.isUsable == false })
  }

  @Test func `ranges: digital upside down or out of the type is told`() throws {
    var file = SampleFile()
    (file.signals[0].digitalMinimum, file.signals[0].digitalMaximum) = ("32767", "-32768")
    file.signals[1].digitalMaximum = "99999999"
    #expect(try file.open().recording.warningCodes == [.range, .range])
  }

  @Test func `numbers: a decimal comma is a point, told once for each`() throws {
    var file = SampleFile()
    file.signals[0].physicalMinimum = "-3276,8"
    let recording = try file.open().recording
    #expect(recording.channels[0].calibration?.physicalMinimum == -3276.8)
    #expect(recording.warningCodes == [.numberStyle])
  }

  @Test(arguments: ["0", "-1", "abc", "", "nan", "inf", "1e308", "1e-300", "1 2"])
  func `record duration: must be seconds above 0`(text: String) {
    var file = SampleFile()
    file.recordDuration = text
    #expect(file.error()?.message.contains("at byte 244 is \"\(text)\"; expected") == true)
  }

  @Test func `samples in a record: 0 for one is left out where the size agrees, else refused`() throws {
    var file = SampleFile()
    file.signals[1].samples = 0
    let recording = try file.open().recording
    #expect(recording.channels.map(\.name) == ["Fz"] && recording.warningCodes == [.emptyChannel])
    var broken = SampleFile()
    broken.signals[1].samplesText = "0"
    #expect(broken.error()?.message.contains("signal 2 \"EEG Cz\" is 0") == true)
  }

  @Test(arguments: ["abc", "", "-1", "1.5"])
  func `samples in a record: must be a number`(text: String) {
    var file = SampleFile()
    file.signals[1].samplesText = text
    #expect(file.error()?.message.contains("\"samples in a data record\" at byte 696 is \"\(text)\"") == true)
  }

  @Test func `other family: a file that begins like EDF and is BDF is refused`() throws {
    var file = SampleFile(family: .bdf)
    file.version = [0x30]
    #expect(file.error()?.message.contains("4 records of BDF") == true)
    var other = SampleFile()
    other.version = [0xFF] + Array("BIOSEMI".utf8)
    #expect(other.error()?.message.contains("4 records of EDF") == true)
  }

  // MARK: - Text

  @Test(
    arguments: [
      ([0xB5, 0x56], "µV"), ([0xC2, 0xB5, 0x56], "µV"), ([0xCE, 0xBC, 0x56], "µV"), ([0x83, 0xCA, 0x56], "µV"),
      ([0x75, 0x56, 0, 0], "µV"), ([0x6D, 0x56], "mV"),
    ] as [([UInt8], String)])
  func `unit: micro in every writing`(bytes: [UInt8], symbol: String) {
    #expect(PhysicalUnit(HeaderText.decodedUnit(bytes[...])).symbol == symbol)
  }

  @Test func `labels: repeated and empty ones get names of their own`() throws {
    let signals = ["EEG Fz", "Fz", "", "", "Fz-2"].map { SampleFile.Signal($0, samples: 8) }
    let recording = try SampleFile(signals: signals).open().recording
    let names = recording.channels.map(\.name)
    #expect(Set(names.map { $0.lowercased() }).count == 5)
    #expect(names[0] == "Fz" && recording.channels[1].label == "Fz")
    #expect(recording.warningCodes.allSatisfy { $0 == .label } && recording.warnings.count == 4)
  }

  @Test func `messages: control characters of the file come out escaped`() throws {
    var file = SampleFile()
    file.signals[0].label = "\u{1B}[31mX\r\nerror:"
    file.signals[0].physicalMinimum = "abc"
    for warning in try file.open().recording.warnings {
      #expect(!warning.message.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  // MARK: - Dates

  @Test(arguments: ["31.02.20", "99.99.99", "aa.bb.cc", "", "02.03.yy", "2002-3-2", "00.00.00"])
  func `date: a day that does not exist is unknown, and the data are read`(text: String) throws {
    var file = SampleFile()
    file.startDate = text
    let recording = try file.open().recording
    #expect(recording.start == nil && recording.warningCodes == [.startDate])
    #expect(recording.channels[0].sampleCount == 32)
  }

  @Test(arguments: ["25.00.00", "10.61.61", "aa.bb.cc", "", "-1.-1.-1"])
  func `time of day: one that does not exist is unknown`(text: String) throws {
    var file = SampleFile()
    file.startTime = text
    let recording = try file.open().recording
    #expect(recording.start == nil && recording.warningCodes == [.startDate])
  }

  @Test func `date: EDF+ takes the recording field's where the two differ, and says so`() throws {
    var file = SampleFile.plus()
    file.startDate = "03.03.02"
    let recording = try file.open().recording
    #expect(recording.start?.day == 2 && recording.warningCodes == [.startDate])
  }

  @Test func `date: the anonymous one is unknown`() throws {
    var file = SampleFile.plus()
    file.startDate = "01.01.85"
    file.startTime = "00.00.00"
    file.recording = Array("Startdate X X X X".utf8)
    let recording = try file.open().recording
    #expect(recording.start == nil && recording.warnings.isEmpty)
  }

  // MARK: - EDF+

  @Test func `plus: without an annotation signal there are no times, which is told`() throws {
    var file = SampleFile()
    file.reserved = "EDF+D"
    #expect(try file.open().recording.warningCodes == [.formatVariant])
  }

  @Test func `plus: annotations in a plain file are read and told`() throws {
    var file = SampleFile.plus(lists: ["+0.5\u{14}ev\u{14}\0"])
    file.reserved = ""
    let reader = try file.open()
    #expect(try reader.events() == [Event(onset: 0.5, label: "ev")])
    #expect(reader.recording.warningCodes == [.formatVariant])
  }

  @Test func `times: missing ones follow the record before`() throws {
    let file = SampleFile.plus("+D", times: ["+0\u{14}\u{14}\0", "", "+2\u{14}\u{14}\0", ""])
    let recording = try file.open().recording
    #expect(recording.spans == [TimeSpan(start: 0, duration: 4)] && recording.warningCodes == [.recordTime])
    #expect(recording.warnings[0].message.hasPrefix("2 data records do not say when they start, the first is record 2"))
  }

  @Test func `times: a continuous file with a jump keeps the jump`() throws {
    let recording = try SampleFile.plus("+C", times: ["+0", "+1", "+12", "+13"].map { $0 + "\u{14}\u{14}\0" }).open().recording
    #expect(recording.spans.count == 2 && recording.warningCodes == [.gap])
    #expect(recording.warnings[0].message.contains("although the file says that it is continuous"))
  }

  @Test func `times: backwards and overlapping records are told`() throws {
    let backwards = try SampleFile.plus("+D", times: ["+3", "+2", "+1", "+0"].map { $0 + "\u{14}\u{14}\0" }).open().recording
    #expect(backwards.spans.map(\.start) == [0, -1, -2, -3])
    #expect(backwards.warningCodes.contains(.overlap))
  }

  @Test func `times: a slow drift is told`() throws {
    // 0.05 s a record is less than half a sample of 8 Hz, but adds up.
    let times = ["+0", "+1.05", "+2.1", "+3.15"].map { $0 + "\u{14}\u{14}\0" }
    #expect(try SampleFile.plus("+D", times: times).open().recording.warningCodes == [.drift])
  }

  @Test func `warnings: a thousand of a kind are a handful and a count`() throws {
    let list = String(repeating: "x\u{14}y\u{14}\0", count: 1000)
    let recording = try SampleFile.plus(lists: [list]).open().recording
    #expect(recording.warnings.count == 6)
    #expect(recording.warnings.last?.message == "995 more warnings of the kind annotation")
  }
}
