import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Columns of dates with a time of day, by ISO 8601 and as tools write them.
struct TableDateTests {
  private func date(_ text: String) -> TableDate? {
    var text = text
    return text.withUTF8 { TableDate($0) }
  }

  private func open(_ text: String, options: OpeningOptions = OpeningOptions(unit: .microvolt)) throws -> RecordingInfo {
    let path = temporaryPath("csv")
    defer { unlink(path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try Recording.open(path: path, options: options).recording
  }

  @Test(arguments: [
    ("2024-05-06T07:08:09.123Z", "2024-05-06T07:08:09.123", 0, 3), ("2024-05-06 07:08:09,5", "2024-05-06T07:08:09.5", nil, 1),
    ("2024/05/06 07:08", "2024-05-06T07:08:00", nil, 0), ("20240506T070809.25+0130", "2024-05-06T07:08:09.25", 5400, 2),
    ("2024-05-06t07:08:09-08:00", "2024-05-06T07:08:09", -28_800, 0), ("2024-05-06  07:08:09 +02", "2024-05-06T07:08:09", 7200, 0),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00", 0, 0), ("20240506T0708Z", "2024-05-06T07:08:00", 0, 0),
  ])
  func `every way of writing a date`(text: String, shown: String, zone: Int?, decimals: Int) throws {
    let date = try #require(self.date(text))
    #expect(date.date.iso8601 == shown && date.zone == zone && date.decimals == decimals)
  }

  @Test(arguments: [
    "", "2024-05-06", "2024-05-06T", "2024-13-06T07:08:09", "2024-02-30T07:08:09", "2024-05-06T24:00:00", "2024-05-06T07:08:61",
    "06.05.2024 07:08:09",
    "2024-05/06T07:08:09", "2024-05-06T07:08:09.", "2024-05-06T07:08:09X", "2024-05-06T07:08:09+1", "2024-05-06T07:08:09+99",
    "2024-05-06T07:08:09+01:60",
    "12345678901234", "0000-01-01T00:00:00", "2024-05-06T07:08:09.1.2", "２０２４-05-06T07:08",
  ])
  func `what is no date`(text: String) { #expect(date(text) == nil) }

  @Test func `the column gives rate, gaps and start`() throws {
    func stamp(_ milliseconds: Int) -> String {
      let (second, rest) = (milliseconds / 1000, String(1000 + milliseconds % 1000).dropFirst())
      return "2024-12-31T23:59:\(50 + second).\(rest)"
    }
    // A hundredth of a second, then a gap of two.
    let rows = (0..<200).map { "\(stamp($0 * 10 + 123)),\($0)\n" } + (0..<100).map { "\(stamp(4123 + $0 * 10)),7\n" }
    let info = try open("datetime,C3\n" + rows.joined())
    #expect(info.start?.iso8601 == "2024-12-31T23:59:50.123" && info.channels.map(\.name) == ["C3"] && info.channels[0].sampleRate == 100)
    #expect(info.spans == [TimeSpan(start: 0, duration: 2), TimeSpan(start: 4, duration: 1)])
    #expect(info.warnings.map(\.code) == [.gap])
  }

  @Test(arguments: ["Z", "", "+02:00"], ["time", "Timestamp", "Date", ""]) func `over midnight, in any zone, under any name`(
    zone: String, name: String
  ) throws {
    let rows = (0..<2000).map { k -> String in
      let tick = 86_395_000 + k * 5
      let (day, rest) = (tick / 86_400_000, tick % 86_400_000)
      func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
      let clock = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(String(1000 + rest % 1000).dropFirst())"
      return "\(day == 0 ? "2024-02-28" : "2024-02-29") \(clock)\(zone),\(k)\n"
    }
    let info = try open((name.isEmpty ? "" : "\(name),Cz\n") + rows.joined())
    #expect(info.warnings.isEmpty && info.start?.iso8601 == "2024-02-28T23:59:55")
    #expect(info.channels.count == 1 && info.channels[0].sampleRate == 200 && info.duration == 10)
  }

  @Test func `a change of the zone is no gap`() throws {
    let rows = ["01:59:59.0+02:00", "01:59:59.5+02:00", "01:00:00.0+01:00", "01:00:00.5+01:00", "01:00:01.0+01:00"]
    let info = try open("time,C3\n" + rows.map { "2024-10-27T\($0),1\n" }.joined())
    #expect(info.warnings.isEmpty && info.channels[0].sampleRate == 2 && info.spans.count == 1)
  }

  @Test func `times as numbers go before dates`() throws {
    let rows = (0..<40).map { "\(Double($0) / 50),2024-05-06T07:08:09,\($0)\n" }.joined()
    let info = try open("time,clock,C3\n" + rows)
    #expect(info.channels.map(\.name) == ["C3"] && info.channels[0].sampleRate == 50 && info.warnings.isEmpty)
    #expect(info.notes.map(\.code) == [.recordTime])
  }

  @Test func `damaged dates are told`() throws {
    var rows = (0..<60).map { "2024-05-06T07:08:\(10 + $0 / 4).\(25 * ($0 % 4)),\($0)\n" }
    rows[30] = "2024-05-06T07:99:00,30\n"
    let info = try open("time,C3\n" + rows.joined())
    #expect(info.warnings.map(\.code) == [.recordTime] && info.channels[0].sampleRate == 4 && info.channels[0].sampleCount == 60)
  }
}
