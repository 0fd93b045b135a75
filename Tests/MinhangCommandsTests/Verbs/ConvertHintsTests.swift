import Foundation
import MinhangBCI
import Testing

/// What `convert` advises where a target cannot hold the recording.
struct ConvertHintsTests {
  @Test(arguments: ["csv", "npy"]) func `events without signals go to formats that hold events`(suffix: String) throws {
    let folder = try TemporaryFolder()
    let content = RecordingContent(channels: [], streams: [RecordingStream(spans: [])], events: [Event(onset: 1, label: "T1")])
    try RecordingOutput.edf.writer(of: content, to: WritingTarget(path: folder.path("a.edf"))).finish()
    let outcome = try Tool.run("convert", folder.path("a.edf"), folder.path("b.\(suffix)"))
    #expect(outcome.status == 64 && outcome.errors.contains("no signals") && !outcome.errors.contains("--channels"))
    #expect(try Tool.run("convert", folder.path("a.edf"), folder.path("c.edf")).status == 0)
    #expect(try Tool.run("events", folder.path("c.edf")).output.contains("T1"))
  }
}
