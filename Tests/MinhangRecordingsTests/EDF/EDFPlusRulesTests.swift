import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of EDF+ (2003), one test each; every one for BDF+ as well, which differs in widths only.
struct EDFPlusRulesTests {
  @Test(arguments: EDFFamily.allCases)
  func `reserved: the field names the variant`(family: EDFFamily) throws {
    #expect(try SampleFile.plus("+C", family: family).open().recording.format.name == family.rawValue + "+C")
    #expect(try SampleFile.plus("+D", family: family).open().recording.format.name == family.rawValue + "+D")
    var odd = SampleFile.plus("+C", family: family)
    odd.reserved = family.rawValue + "+X"
    #expect(try odd.open().recording.warningCodes == [.formatVariant])
  }

  @Test(arguments: EDFFamily.allCases)
  func `annotations: their signal is no channel`(family: EDFFamily) throws {
    let recording = try SampleFile.plus(family: family).open().recording
    #expect(recording.channels.map(\.name) == ["Fz", "Cz"])
    #expect(recording.warnings.isEmpty)
  }

  @Test(arguments: EDFFamily.allCases)
  func `events: onset, duration and several texts of a list`(family: EDFFamily) throws {
    let file = SampleFile.plus(family: family, lists: [nil, "+1.5\u{15}0.25\u{14}Start\u{14}\0+1.75\u{14}A\u{14}B\u{14}\0"])
    let events = try file.open().events()
    #expect(
      events == [
        Event(onset: 1.5, duration: 0.25, label: "Start"), Event(onset: 1.75, label: "A"), Event(onset: 1.75, label: "B"),
      ])
  }

  @Test func `events: sorted by onset, wherever they stand, before the start too`() throws {
    let file = SampleFile.plus(lists: ["+3\u{14}late\u{14}\0", "-0.5\u{14}before\u{14}\0", nil, "+3\u{14}later\u{14}\0"])
    #expect(try file.open().events().map(\.label) == ["before", "late", "later"])
  }

  @Test func `texts: UTF-8, with tabs and line breaks`() throws {
    let file = SampleFile.plus(lists: ["+1\u{14}Öffnung 漢字 µ\u{14}\0+2\u{14}line 1\r\n\tline 2\u{14}\0"])
    let reader = try file.open()
    #expect(try reader.events().map(\.label) == ["Öffnung 漢字 µ", "line 1\r\n\tline 2"])
    #expect(reader.recording.warnings.isEmpty)
  }

  @Test func `time: text may follow the empty text that tells a record's time`() throws {
    let file = SampleFile.plus(times: [
      "+0\u{14}\u{14}Recording starts\u{14}\0", "+1\u{14}\u{14}\0", "+2\u{14}\u{14}\0", "+3\u{14}\u{14}\0",
    ])
    #expect(try file.open().events() == [Event(onset: 0, label: "Recording starts")])
  }

  @Test func `time: a part of a second at the start belongs to the start, and events count from the first sample`() throws {
    let file = SampleFile.plus(lists: [nil, "+1.25\u{14}ev\u{14}\0"], times: (0..<4).map { "+\($0).25\u{14}\u{14}\0" })
    let reader = try file.open()
    #expect(reader.recording.start?.fraction == 0.25)
    #expect(reader.recording.start?.second == 12)
    #expect(try reader.events() == [Event(onset: 1, label: "ev")])
    #expect(reader.recording.spans == [TimeSpan(start: 0, duration: 4)])
    #expect(reader.recording.warnings.isEmpty)
  }

  @Test(arguments: EDFFamily.allCases)
  func `gaps: a jump of record times makes spans, which are told`(family: EDFFamily) throws {
    let file = SampleFile.plus("+D", family: family, times: ["+0", "+1", "+12.5", "+13.5"].map { $0 + "\u{14}\u{14}\0" })
    let recording = try file.open().recording
    #expect(recording.spans == [TimeSpan(start: 0, duration: 2), TimeSpan(start: 12.5, duration: 2)])
    #expect(recording.duration == 14.5)
    #expect(recording.timeline(of: 0).gaps == [Gap(sample: 16, time: 12.5, missing: 10.5)])
    #expect(recording.warningCodes == [.gap])
  }

  @Test func `gaps: half a sample is none`() throws {
    // 8 Hz: half a sample is 0.0625 s.
    let small = SampleFile.plus("+D", times: ["+0", "+1.06", "+2.06", "+3.06"].map { $0 + "\u{14}\u{14}\0" })
    #expect(try small.open().recording.spans.count == 1)
    let large = SampleFile.plus("+D", times: ["+0", "+1.07", "+2.07", "+3.07"].map { $0 + "\u{14}\u{14}\0" })
    #expect(try large.open().recording.spans.count == 2)
  }

  @Test func `gaps: records one after the other make one span, also in a file marked D`() throws {
    let recording = try SampleFile.plus("+D").open().recording
    #expect(recording.spans == [TimeSpan(start: 0, duration: 4)])
    #expect(recording.warnings.isEmpty)
  }

  @Test func `gaps: blocks never cross one`() throws {
    let file = SampleFile.plus("+D", times: ["+0", "+1", "+12.5", "+13.5"].map { $0 + "\u{14}\u{14}\0" })
    var reader = try file.open()
    var ranges: [Range<Int>] = []
    var segments: [Int] = []
    try reader.forEachBlock(of: [0, 1], blockSize: 10) { block in
      ranges.append(block.sampleRange)
      segments.append(block.segment)
    }
    #expect(ranges == [0..<10, 10..<16, 16..<26, 26..<32])
    #expect(segments == [0, 0, 1, 1])
  }

  @Test func `signals: several with annotations, the first one tells the time`() throws {
    var file = SampleFile.plus()
    file.addAnnotations((0..<4).map { Array("+\($0).5\u{14}second\u{14}\0".utf8) })
    let reader = try file.open()
    #expect(try reader.events().map(\.onset) == [0.5, 1.5, 2.5, 3.5])
    #expect(reader.recording.warnings.isEmpty)
  }

  @Test(arguments: EDFFamily.allCases)
  func `duration: 0 where there are only annotations`(family: EDFFamily) throws {
    var file = SampleFile(family: family, signals: [])
    file.reserved = family.rawValue + "+C"
    file.recordDuration = "0"
    file.records = 1
    file.addAnnotations([Array("+0\u{14}\u{14}\0+3\u{14}ev\u{14}\0".utf8)])
    let reader = try file.open()
    #expect(reader.recording.channels.isEmpty && reader.recording.spans.isEmpty && reader.recording.duration == 0)
    #expect(try reader.events() == [Event(onset: 3, label: "ev")])
  }

  @Test func `duration: 0 with channels is refused`() {
    var file = SampleFile()
    file.recordDuration = "0"
    #expect(file.error()?.message.contains("\"duration of a data record\" at byte 244 is \"0\"") == true)
  }

  @Test func `dates: the recording field has four digits of the year`() throws {
    var file = SampleFile.plus()
    file.startDate = "02.03.yy"
    file.recording = Array("Startdate 02-MAR-2099 X X X".utf8)
    let recording = try file.open().recording
    #expect(recording.start?.year == 2099)
    #expect(recording.warnings.isEmpty)
  }

  @Test func `ranges: a physical maximum below the minimum is a negative gain`() throws {
    var file = SampleFile.plus()
    (file.signals[0].physicalMinimum, file.signals[0].physicalMaximum) = ("3276.7", "-3276.8")
    file.signals[0].value = { _ in 32767 }
    var reader = try file.open()
    #expect(reader.recording.warnings.isEmpty)
    #expect(try reader.read(0..<1, of: [0])[channel: 0, sample: 0] == -3276.8)
  }

  @Test func `text: anything but ASCII is read and noted`() throws {
    var file = SampleFile.plus()
    file.patient = Array("X X X M".utf8) + [0xFC] + Array("ller".utf8)
    let recording = try file.open().recording
    #expect(recording.identity.patientName == "Müller")
    #expect(recording.notes.map(\.code) == [.headerText] && recording.warnings.isEmpty)
  }
}
