import Foundation
import MinhangBCI
import Testing

/// What a target cannot hold is said, once for each thing, and counts under `--strict`.
struct ConvertLossesTests {
  /// Writes a recording of two channels, two stretches and an event.
  private func write(
    _ path: String, names: [String] = ["C3", "C4"], start: RecordingDate? = nil, position: SensorPosition? = nil, value: Double = 1
  ) throws {
    let channels = names.enumerated().map { Channel(index: $0, name: $1, unit: .none, sampleRate: 10, sampleCount: 40, position: position) }
    let spans = [TimeSpan(start: 0, duration: 2), TimeSpan(start: 60, duration: 2)]
    let content = RecordingContent(
      channels: channels, streams: [RecordingStream(spans: spans)], events: [Event(onset: 61, label: "late", channel: 1)], start: start)
    let writer = try RecordingOutput(path: path)!.writer(of: content, to: WritingTarget(path: path))
    var block = SignalBlock(channelCount: names.count, sampleCount: 40)
    for channel in names.indices { for k in 0..<40 { block[channel: channel, sample: k] = value * Double(k - 20) } }
    try writer.write(block, to: Array(names.indices))
    try writer.finish()
  }

  @Test(arguments: ["edf", "bdf"]) func `positions, names, channels of events and small steps`(suffix: String) throws {
    let folder = try TemporaryFolder()
    try write(
      folder.path("a.npy"), names: ["LFP_RIGHT_ANTERIOR_01", "LFP_RIGHT_ANTERIOR_02"],
      position: SensorPosition(x: 0, y: 0, z: 1, unit: .headRadius), value: 1e-10)
    let outcome = try Tool.run("convert", "--strict", folder.path("a.npy"), folder.path("b.\(suffix)"))
    let lines = outcome.errors.split(separator: "\n").filter { $0.contains("cannot hold") }
    for word in ["names of 2 channels", "positions of 2", "channels of 1 events", "small steps of 2"] {
      #expect(lines.count { $0.contains(word) } == 1, "\(word): \(outcome.errors)")
    }
    #expect(outcome.status != 0 && lines.count == 4)
    let names = try Recording.open(path: folder.path("b.\(suffix)")).recording.channels.map(\.name)
    #expect(names == ["LFP_RIGHT_ANT_01", "LFP_RIGHT_ANT_02"])
  }

  @Test(arguments: ["csv", "tsv", "npy"]) func `who was recorded has no place in a table`(suffix: String) throws {
    let folder = try TemporaryFolder()
    try write(folder.path("a.npy"))
    #expect(try Tool.run("convert", folder.path("a.npy"), folder.path("b.edf")).status == 0)
    let nobody = try Tool.run("convert", folder.path("b.edf"), folder.path("nobody.\(suffix)"))
    #expect(nobody.status == 0 && !nobody.errors.contains("cannot hold"), "\(nobody.errors)")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("b.edf")))
    bytes.replaceSubrange(8..<16, with: Data("X F X Ann".utf8.prefix(8)))
    try bytes.write(to: URL(fileURLWithPath: folder.path("c.edf")))
    let outcome = try Tool.run("convert", folder.path("c.edf"), folder.path("d.\(suffix)"))
    #expect(outcome.status == 0 && outcome.errors.contains("cannot hold the identification"), "\(outcome.errors)")
  }

  @Test func `numbers near 0 keep their course, zeros stay zeros`() throws {
    let folder = try TemporaryFolder()
    for (name, value) in [("small", 1e-6), ("zero", 0)] {
      try write(folder.path("\(name).npy"), value: value)
      #expect(try Tool.run("convert", folder.path("\(name).npy"), folder.path("\(name).edf")).status == 0)
      var reader = try Recording.open(path: folder.path("\(name).edf"))
      let read = try reader.read(0..<40, of: [0])
      for k in 0..<40 { #expect(abs(read[channel: 0, sample: k] - value * Double(k - 20)) <= value / 100) }
    }
  }

  @Test func `hints fit what is wrong`() throws {
    let folder = try TemporaryFolder()
    try write(folder.path("a.npy"), value: 1e30)
    let range = try Tool.run("convert", folder.path("a.npy"), folder.path("b.edf"))
    #expect(range.status == 64 && range.errors.contains("physical range") && !range.errors.contains("--resample"), "\(range.errors)")
    let itself = try Tool.run("convert", "--force", folder.path("a.npy"), folder.path("a.npy"))
    #expect(itself.status == 73 && itself.errors.contains("is an input") && !itself.errors.contains("--force"), "\(itself.errors)")
    try write(folder.path("c.edf.npy"))
    #expect(try Tool.run("convert", folder.path("c.edf.npy"), folder.path("c.edf")).status == 0)
    let named = try Tool.run("anonymize", folder.path("c.edf"), folder.path("c.vhdr"))
    #expect(named.status == 64 && named.errors.contains("suffix"), "\(named.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("c.vhdr")))
  }

  @Test func `a dataset takes the format that keeps the gaps`() throws {
    let folder = try TemporaryFolder()
    try write(folder.path("undated.npy"))
    try write(folder.path("dated.npy"), start: RecordingDate(year: 2024, month: 5, day: 17, hour: 9, minute: 30, second: 12))
    for (name, words, suffix) in [("undated", [], "bdf"), ("dated", [], "vhdr"), ("dated", ["--anonymize", "--keep-annotations"], "bdf")] {
      let set = folder.path("\(name)\(words.count)")
      let made = try Tool.run(
        ["bids", folder.path("\(name).npy"), "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50"] + words)
      #expect(made.status == 0 && made.errors.contains("there are gaps") == (suffix == "bdf"), "\(made.errors)")
      let reader = try Recording.open(path: set + "/sub-1/eeg/sub-1_task-x_eeg.\(suffix)")
      #expect(try reader.recording.spans.map(\.start) == [0, 60] && reader.events().map(\.onset) == [61])
    }
  }
}
