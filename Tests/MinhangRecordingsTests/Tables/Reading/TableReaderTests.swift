import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct TableReaderTests {
  private func open(_ text: String, suffix: String = "csv", options: OpeningOptions = .none) throws -> any RecordingReader {
    let path = temporaryPath(suffix)
    defer { unlink(path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try Recording.open(path: path, options: options)
  }

  private func values(_ reader: any RecordingReader, _ channel: Int) throws -> [Double] {
    var reader = reader
    return Array(try reader.read(0..<reader.recording.channels[channel].sampleCount, of: [channel]).channel(0))
  }

  /// Rows at 100 Hz: time, then the row's number and its negative half.
  private func rows(_ range: Range<Int>, delimiter: String = ",") -> String {
    range.map { ["\(Double($0) / 100)", "\($0)", "\(Double(-$0) / 2)"].joined(separator: delimiter) + "\n" }.joined()
  }

  @Test(arguments: [",", ";", "\t", "|", " "])
  func `any delimiter, any line end, quotes and a byte order mark`(delimiter: String) throws {
    let names = ["time", "\"C3 (uV)\"", "Acc[g]"].joined(separator: delimiter)
    let quoted = delimiter == " " ? names.replacingOccurrences(of: " (uV)", with: "(uV)") : names
    let text = "\u{FEFF}" + quoted + "\n" + rows(0..<50, delimiter: delimiter)
    for ended in [
      text, text.replacingOccurrences(of: "\n", with: "\r\n"), text.replacingOccurrences(of: "\n", with: "\r"), String(text.dropLast()),
    ] {
      let reader = try open(ended)
      #expect(reader.recording.channels.map(\.name) == ["C3", "Acc"])
      #expect(reader.recording.channels.map(\.unit.symbol) == ["µV", "g"])
      #expect(reader.recording.channels.map(\.kind) == [.eeg, .misc])
      #expect(reader.recording.channels.map(\.sampleRate) == [100, 100])
      #expect(reader.recording.warnings.isEmpty)
      #expect(try values(reader, 0) == (0..<50).map(Double.init))
      #expect(try values(reader, 1) == (0..<50).map { Double(-$0) / 2 })
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `a field in quotes goes over several lines; a quote that is never closed spoils its own row`(lineEnd: String) throws {
    var lines = ["time,C3 (uV),note"] + (0..<300).map { "\(Double($0) / 100),\($0)," }
    lines[11] += "\"two\nlines\""
    lines[51] += "\"a, \"\"b\"\"\n\nc\""
    func opened() throws -> any RecordingReader {
      try open(lines.joined(separator: "\n").replacingOccurrences(of: "\n", with: lineEnd))
    }
    let reader = try opened()
    #expect(reader.recording.warnings.isEmpty && reader.recording.notes.map(\.code).contains(.formatVariant))
    #expect(try values(reader, 0) == (0..<300).map(Double.init))
    #expect(try reader.events().map(\.onset) == [0.1, 0.5])
    let text = try #require(try reader.events().first?.label)
    #expect(text.hasPrefix("two") && text.hasSuffix("lines"))
    // Warnings count lines as an editor does.
    lines[101] = "1,x,"
    let later = try opened().recording.warnings
    #expect(later.count == 1 && later[0].message.contains("line 105"), "\(later)")
    // Rows on their own with a quote each stay rows, and do not cost more than their bytes.
    lines = ["time,C3 (uV),note"] + (0..<20_000).map { "\(Double($0) / 100),\($0),\($0 % 10 == 0 ? "\"" : "")" }
    #expect(try values(try opened(), 0) == (0..<20_000).map(Double.init))
    lines = ["time,C3 (uV),note"] + (0..<300).map { "\(Double($0) / 100),\($0)," }
    lines[11] += "\"two\nlines\""
    lines[51] += "\"a, \"\"b\"\"\n\nc\""
    lines[101] = "1,100,\"open"
    lines[103] += "\"closed\""
    let damaged = try opened()
    #expect(try values(damaged, 0) == (0..<300).map(Double.init))
    #expect(try damaged.events().map(\.onset) == [0.1, 0.5, 1, 1.02])
  }

  @Test func `decimal commas between semicolons`() throws {
    let text = "time;C3 (mV)\n0,00;1,5\n0,25;-2,25\n0,50;3\n"
    let reader = try open(text)
    #expect(try values(reader, 0) == [1500, -2250, 3000])
    #expect(reader.recording.channels[0].sampleRate == 4)
  }

  @Test func `any stretch, in any order, of a table of many rows`() throws {
    let count = 5000
    let reader = try open("time,a (uV),b (uV)\n" + rows(0..<count))
    var generator = SeededGenerator(seed: 9)
    var random = reader
    for _ in 0..<100 {
      let first = generator.nextInteger(below: count)
      let range = first..<(first + generator.nextInteger(below: min(300, count - first) + 1))
      let block = try random.read(range, of: [1, 0, 1])
      #expect(block.channel(1).elementsEqual(range.map(Double.init)))
      #expect(block.channel(0).elementsEqual(range.map { Double(-$0) / 2 }) && block.channel(2).elementsEqual(block.channel(0)))
    }
  }

  @Test func `jumps of the time are gaps, and markers events`() throws {
    let text =
      "time,C3 (uV),Marker,note\n"
      + [(0, 0, ""), (1, 1, ""), (2, 1, "a"), (3, 0, "a"), (10, 2, "b"), (11, 3, "")].map { tick, code, note in
        "\(Double(tick) / 10),\(tick),\(code),\(note)\n"
      }.joined()
    let reader = try open(text)
    #expect(reader.recording.spans == [TimeSpan(start: 0, duration: 0.4), TimeSpan(start: 1, duration: 0.2)])
    #expect(reader.recording.warnings.map(\.code) == [.gap])
    let events = try reader.events()
    #expect(events.map(\.label) == ["1", "a", "2", "b", "3"])
    #expect(events.map(\.onset) == [0.1, 0.2, 1, 1, 1.1])
    #expect(reader.recording.channels.map(\.kind) == [.eeg, .trigger])
    var copy = reader
    #expect(try copy.read(4..<5, of: [0]).segment == 1)
  }

  @Test func `clocks: milliseconds, Unix time, decimals of a step, a clock that measures`() throws {
    #expect(try open("time (ms),a (uV)\n" + (0..<9).map { "\($0 * 4),1\n" }.joined()).recording.channels[0].sampleRate == 250)
    #expect(
      try open("t,a (uV)\n" + (0..<900).map { "\(String(format: "%.3f", Double($0) / 128)),1\n" }.joined()).recording.channels[0].sampleRate
        == 128)
    let unix = try open("timestamps,a (uV)\n" + (0..<300).map { "\(1_486_664_799.25 + Double($0) / 64),1\n" }.joined())
    #expect(unix.recording.start?.iso8601 == "2017-02-09T18:26:39.25" && unix.recording.channels[0].sampleRate == 64)
    let measured = try open("time,a (uV)\n" + (0..<1000).map { "\(Double($0) / 255.917),1\n" }.joined())
    #expect(measured.recording.channels[0].sampleRate == 256)
    #expect(abs((measured.recording.timeline(of: 0).segments[0].measuredRate ?? 0) - 255.917) < 1e-9)
  }

  @Test func `without times the rate must be stated`() throws {
    let text = "C3,C4\n" + (0..<9).map { "\($0),1\n" }.joined()
    let error = #expect(throws: RecordingError.self) { try open(text) }
    #expect(error?.message.contains("--input-rate") == true)
    let reader = try open(text, options: OpeningOptions(sampleRate: 50, unit: .millivolt))
    #expect(reader.recording.warnings.isEmpty && reader.recording.duration == 9.0 / 50)
    #expect(try values(reader, 0) == (0..<9).map { Double($0) * 1000 })
    let unknown = try open(text, options: OpeningOptions(sampleRate: 50))
    #expect(unknown.recording.warnings.map(\.code) == [.unit] && unknown.recording.channels.allSatisfy { $0.unit == .none })
    #expect(unknown.recording.channels.map(\.kind) == [.eeg, .eeg])
  }

  @Test func `OpenBCI: lost samples from the index, rate and unit from the comments`() throws {
    let header =
      "%OpenBCI Raw EEG Data\n%Number of channels = 2\n%Sample Rate = 250.0 Hz\n%First Column = SampleIndex\n%Last Column = Timestamp\n"
    let ticks = Array(0..<300) + Array(310..<700)
    let text = header + ticks.map { "\($0 % 256), \($0).5, -1.25, 0.1, \(1_595_426_899.0 + Double($0) / 250)\n" }.joined()
    let reader = try open(text, suffix: "txt")
    #expect(reader.recording.format.name == "OpenBCI text")
    #expect(reader.recording.channels.prefix(2).map(\.name) == ["EXG Channel 0", "EXG Channel 1"])
    #expect(reader.recording.channels.prefix(2).allSatisfy { $0.unit == .microvolt && $0.sampleRate == 250 })
    #expect(reader.recording.spans == [TimeSpan(start: 0, duration: 1.2), TimeSpan(start: 1.24, duration: 1.56)])
    #expect(reader.recording.start?.year == 2020)
    #expect(try values(reader, 0).prefix(2) == [0.5, 1.5])
  }

  @Test func `damage is told and read around`() throws {
    func damaged(_ row: String) throws -> any RecordingReader {
      try open("time,a (uV),b (uV)\n" + rows(0..<20) + row + "\n" + rows(21..<40))
    }
    for row in ["0.2,1", "0.2,1,2,3", "0.2,abc,def", "0.2,,", "0.2,NA,n/a", "0.2,\"x,7", "0.2,0x1F,1 234"] {
      let reader = try damaged(row)
      #expect(!reader.recording.warnings.isEmpty, "\(row)")
      let block = try values(reader, 0)
      #expect(block.count == 40 && block[20].isNaN && block[19] == 19 && block[21] == 21, "\(row)")
    }
    let cut = try open("time,a (uV),b (uV)\n" + rows(0..<20) + "0.2,5")
    #expect(cut.recording.channels[0].sampleCount == 20 && cut.recording.warnings.map(\.code) == [.cutRecord])
    let infinite = try damaged("0.2,1e999,-inf")
    #expect(try values(infinite, 0)[20] == .infinity && values(infinite, 1)[20] == -.infinity)
    let back = try open("time,a (uV),b (uV)\n" + rows(0..<20) + rows(5..<25))
    #expect(back.recording.spans.count == 2 && back.recording.warnings.map(\.code) == [.gap, .overlap])
  }

  @Test func `rows wider than the piece that is looked at`() throws {
    let count = 50_000
    let text =
      (0..<count).map { "c\($0)" }.joined(separator: ",") + "\n"
      + String(repeating: String(repeating: "1,", count: count - 1) + "2\n", count: 3)
    var reader = try open(text, options: OpeningOptions(sampleRate: 100, unit: .microvolt))
    #expect(reader.recording.channels.count == count && reader.recording.warnings.allSatisfy { $0.code == .label })
    #expect(Array(try reader.read(0..<3, of: [count - 1]).channel(0)) == [2, 2, 2])
  }

  @Test func `what is no table is refused in a line`() throws {
    for text in [
      "{\"a\": [1,2,3]}", "<html><body>404 Not Found</body></html>\n", "\n\n\n",
      "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
    ] {
      #expect(throws: RecordingError.self, "\(text)") { try open(text) }
      #expect(throws: RecordingError.self, "\(text)") { try open(text, options: OpeningOptions(sampleRate: 100)) }
    }
    #expect(throws: RecordingError.self) { try open("1," + String(repeating: "1,", count: 4_000_000)) }
    let path = temporaryPath("csv")
    defer { unlink(path) }
    try "time,a\n0,1\n".data(using: .utf16)?.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: RecordingError.self) { try Recording.open(path: path) }
    #expect(error?.message.contains("UTF-16") == true)
  }

  @Test func `a real table: Muse, stamps by a host's clock`() throws {
    guard let path = References.recording("erp/muse-p300.csv") else { return }
    var reader = try Recording.open(path: path, options: OpeningOptions(unit: .microvolt))
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels.map(\.name) == ["TP9", "AF7", "AF8", "TP10", "Right AUX", "Marker"])
    #expect(reader.recording.channels.map(\.sampleRate) == [Double](repeating: 256, count: 6))
    #expect(reader.recording.start?.iso8601 == "2017-02-09T18:26:39.048")
    let events = try reader.events()
    #expect(events.count { $0.label == "1" } == 161 && events.count { $0.label == "2" } == 30)
    #expect(Array(try reader.read(0..<2, of: [1, 4]).channel(1)) == [-59.082, -17.090])
    #expect(reader.recording.channels[0].sampleCount == 30744)
  }
}
