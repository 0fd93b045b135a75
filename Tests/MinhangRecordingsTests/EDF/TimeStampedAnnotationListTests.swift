import Testing

@testable import MinhangRecordings

/// The grammar of EDF+'s annotations.
struct TimeStampedAnnotationListTests {
  typealias List = TimeStampedAnnotationList

  private func list(_ text: String) throws -> List { try List(Array(text.utf8)[...]) }

  @Test func `a list is an onset, an optional duration, and texts`() throws {
    let full = try list("+180\u{15}0.5\u{14}Lights off\u{14}Close door\u{14}")
    #expect(full.onset == 180 && full.duration == 0.5 && full.texts == ["Lights off", "Close door"] && full.defects.isEmpty)
    let bare = try list("-0.75\u{14}x\u{14}")
    #expect(bare.onset == -0.75 && bare.duration == nil && bare.texts == ["x"] && bare.defects.isEmpty)
    #expect(try list("+567\u{14}\u{14}").texts == [""])
  }

  @Test(arguments: ["1.5", "+", "+1e0", "+nan", "+inf", "+1.5.5", "+ 1.5", "--1", "+1.5x", "+0x10", "", " +1", "+1 ", "+\u{661}"])
  func `an onset is a sign and digits, with a point between digits`(onset: String) {
    #expect(throws: List.Failure.badOnset(onset.trimmingSpaces == onset ? onset : onset.trimmingSpaces)) {
      try list("\(onset)\u{14}x\u{14}")
    }
  }

  @Test func `an onset of a clear meaning is read and told`() throws {
    #expect(try list("+1,5\u{14}x\u{14}").defects == [.commaInOnset("+1,5")])
    #expect(try list("+1,5\u{14}x\u{14}").onset == 1.5)
    #expect(try list("+1.\u{14}x\u{14}").onset == 1)
    #expect(try list("+.5\u{14}x\u{14}").onset == 0.5)
    #expect(try list("-.5\u{14}x\u{14}").defects == [.incompleteOnset("-.5")])
  }

  @Test func `an onset of sixty digits is damage`() {
    #expect(throws: List.Failure.self) { try list("+\(String(repeating: "9", count: 60))\u{14}x\u{14}") }
  }

  @Test(arguments: ["-1", "", "+1", "abc", "1\u{15}2", String(repeating: "9", count: 50), "1e3", "nan"])
  func `a duration is digits without a sign; else the event is kept without`(duration: String) throws {
    let list = try list("+1.5\u{15}\(duration)\u{14}x\u{14}")
    #expect(list.onset == 1.5 && list.duration == nil && list.texts == ["x"] && list.defects == [.badDuration(duration)])
  }

  @Test func `a list without a text is none`() {
    #expect(throws: List.Failure.noText) { try list("+1.5") }
    #expect(throws: List.Failure.badOnset("")) { try list("\u{14}\u{14}\u{14}") }
  }

  @Test func `a list that does not end is read and told`() throws {
    let list = try list("+1.5\u{14}x")
    #expect(list.texts == ["x"] && list.defects == [.unterminated])
  }

  @Test(arguments: [[0x4D, 0xFC], [0xC3, 0x28], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF]] as [[UInt8]])
  func `a text that is not UTF-8 keeps its event`(bytes: [UInt8]) throws {
    let list = try List((Array("+1\u{14}".utf8) + bytes + [0x14])[...])
    #expect(list.onset == 1 && list.texts.count == 1 && list.defects == [.invalidText])
    #expect(list.texts[0].contains("\u{FFFD}"))
  }

  @Test func `control characters in a text are told`() throws {
    #expect(try list("+1\u{14}\u{1B}[2J\u{14}").defects == [.controlCharacters])
    #expect(try list("+1\u{14}a\tb\r\nc\u{14}").defects.isEmpty)
  }

  @Test func `a list keeps together over pieces of any size, and never over records`() {
    let text = Array("+0\u{14}\u{14}\0+1\u{14}one\u{14}\0\0\0+2\u{14}two\u{14}three\u{14}\0".utf8)
    for size in 1...text.count {
      var annotations = EDFAnnotations()
      var log = WarningLog()
      annotations.begin(record: 0, isTimekeeper: true)
      for start in stride(from: 0, to: text.count, by: size) {
        annotations.feed(text[start..<min(text.count, start + size)], log: &log)
      }
      annotations.end(log: &log)
      #expect(annotations.events.map(\.label) == ["one", "two", "three"])
      #expect(annotations.recordTime?.value == 0)
      #expect(log.warnings.isEmpty)
    }
  }

  @Test func `a list that runs over into the next record is left out and told`() throws {
    let file = SampleFile.plus(
      lists: [nil, nil, "+2.5\u{14}" + String(repeating: "A", count: 60), nil],
      times: ["+0\u{14}\u{14}\0", "+1\u{14}\u{14}\0", "+2\u{14}\u{14}\0", "BBBB\u{14}\0+3\u{14}\u{14}\0"])
    let reader = try file.open()
    #expect(try reader.events().isEmpty)
    #expect(reader.recording.warnings.contains { $0.message.contains("record 3 runs over into record 4") })
  }

  @Test func `a list longer than a mebibyte is left out, and the memory stays bounded`() {
    var annotations = EDFAnnotations()
    var log = WarningLog()
    annotations.begin(record: 0, isTimekeeper: true)
    let piece = [UInt8](repeating: 0x41, count: 1 << 18)
    for _ in 0..<8 { annotations.feed(piece[...], log: &log) }
    annotations.end(log: &log)
    #expect(annotations.events.isEmpty)
    #expect(log.warnings.map(\.code) == [.annotation])
  }
}
