import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// What may be opened, and what is said of the rest.
struct RecordingTests {
  private func error(_ path: String) -> RecordingError? {
    do { _ = try Recording.open(path: path) } catch { return error }
    return nil
  }

  @Test func `a missing file, a folder, a pipe, a device and an empty file are refused in one line each`() throws {
    #expect(error("/nonexistent/a.edf")?.code == .notFound)
    #expect(error(FileManager.default.temporaryDirectory.path)?.code == .notAFile)
    #expect(error("/dev/null")?.code == .notAFile)
    let pipe = temporaryPath("edf")
    defer { unlink(pipe) }
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(error(pipe)?.description == "\(pipe): is a pipe; expected a regular file")
    let empty = temporaryPath("edf")
    defer { unlink(empty) }
    try Data().write(to: URL(fileURLWithPath: empty))
    #expect(error(empty)?.code == .badData)
  }

  @Test func `a file of another kind is refused, its first bytes escaped`() throws {
    let path = temporaryPath("edf")
    defer { unlink(path) }
    try Data([0x1B, 0x5B, 0x32, 0x4A] + Array("hello hello".utf8)).write(to: URL(fileURLWithPath: path))
    let error = try #require(self.error(path))
    #expect(error.code == .unsupported && error.message.contains("\\u{1B}[2Jhell"))
  }

  @Test func `the content decides, and a name that promises otherwise is told`() throws {
    let reader = try SampleFile().open("csv")
    #expect(reader.recording.warningCodes == [.formatVariant])
    #expect(try SampleFile().open("rec").recording.warnings.isEmpty)
  }

  @Test func `a timeline takes the samples of its spans`() {
    let spans = [TimeSpan(start: 0, duration: 2), TimeSpan(start: 12.5, duration: 1)]
    let timeline = Timeline(sampleRate: 8, sampleCount: 24, spans: spans)
    #expect(
      timeline.segments == [Segment(firstSample: 0, sampleCount: 16, start: 0), Segment(firstSample: 16, sampleCount: 8, start: 12.5)])
    // Hostile spans do not trap, and never hold more samples than there are.
    for duration in [1e300, .nan, -5, .infinity] {
      let timeline = Timeline(sampleRate: 8, sampleCount: 24, spans: [TimeSpan(start: 0, duration: duration), spans[1]])
      #expect(timeline.sampleCount == 24)
    }
  }
}
