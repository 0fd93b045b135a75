import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct TablesTests {
  private func text(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test func `CSV: times and shortest decimals, names quoted where they must be`() throws {
    let path = temporaryPath("csv")
    defer { unlink(path) }
    let channels = ["Fz", "a,b\"c"].enumerated().map { Channel(index: $0.offset, name: $0.element, sampleRate: 8, sampleCount: 3) }
    let spans = [TimeSpan(start: 0, duration: 0.25), TimeSpan(start: 5, duration: 0.125)]
    let content = RecordingContent(channels: channels, streams: [RecordingStream(spans: spans)])
    let writer = try CSVWriter(WritingTarget(path: path), content: content)
    try writer.write(SignalBlock(contiguous: [0.1, 2, -3.5, 1e-7], channelCount: 2), to: [0, 1])
    #expect(throws: RecordingError.self) { try writer.finish() }
    #expect(throws: RecordingError.self) { try writer.write(SignalBlock(contiguous: [1, 2], channelCount: 2), to: [0, 1]) }
    try writer.write(SignalBlock(contiguous: [.nan, 1.0 / 3], channelCount: 2, firstSample: 2, segment: 1), to: [0, 1])
    try writer.finish()
    #expect(try text(of: path) == "time,Fz,\"a,b\"\"c\"\n0,0.1,-3.5\n0.125,2,1e-07\n5,n/a,0.3333333333333333\n")
  }

  @Test func `events: BIDS columns; labels make neither columns nor rows`() throws {
    let table = EventsTable(timeline: Timeline(sampleRate: 100, sampleCount: 1000))
    let text = table.text([
      Event(onset: 1.257, duration: 0.5, label: "T1"), Event(onset: -1, label: "before"), Event(onset: 3, label: "a\tb\nc\u{1B}[2J"),
      Event(onset: 4, label: ""),
    ])
    #expect(
      text == """
        onset\tduration\ttrial_type\tsample
        1.257\t0.5\tT1\t126
        -1\tn/a\tbefore\tn/a
        3\tn/a\ta\\tb\\nc\\u{1B}[2J\t300
        4\tn/a\tn/a\t400

        """)
    let path = temporaryPath("tsv")
    defer { unlink(path) }
    try table.write([Event(onset: 0, label: "x")], to: path)
    #expect(try self.text(of: path) == "onset\tduration\ttrial_type\tsample\n0\tn/a\tx\t0\n")
  }
}
