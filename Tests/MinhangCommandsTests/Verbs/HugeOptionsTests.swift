import Foundation
import Testing

@testable import MinhangCommands

/// Times and rates that are numbers, but not of any recording: a line and a status, never a trap.
struct HugeOptionsTests {
  @Test(arguments: [
    ["connectivity", "--window", "1000000"], ["bandpower", "--window", "1e12", "--step", "1e12"],
    ["bandpower", "--window", "2", "--step", "1e18"],
    ["tfr", "--events", "rest", "--epoch", "0:1e9"], ["tfr", "--events", "rest", "--method", "stft", "--window", "10000"],
    ["psd", "--window", "1e300"], ["spikes", "--learn", "1e300"], ["spikes", "--refractory", "1e15"],
    ["tfr", "--events", "rest", "--epoch", "0:0.0001", "--time-step", "1000000"],
  ])
  func `huge options`(words: [String]) throws {
    let folder = try TemporaryFolder()
    let description = #"{"sampling_rate": 1e9, "channels": 2, "dtype": "int16", "gain_uv": 1}"#
    try Data(description.utf8).write(to: URL(fileURLWithPath: folder.path("a.bin.json")))
    try Data((0..<8000).map { UInt8($0 % 7) }).write(to: URL(fileURLWithPath: folder.path("a.bin")))
    var words = words
    words.insert(folder.path("a.bin"), at: 1)
    let outcome = try Tool.run(words + ["--quiet"])
    #expect([64, 65].contains(outcome.status), "\(outcome.errors)")
    #expect(outcome.errorLines.contains { $0.contains("error: ") })
  }

  @Test func `a block has a bounded number of bytes`() {
    #expect(
      [1, 64, 512, 1024, 4096, 65_536, 8_000_000].map { OpenedRecording.blockSize(channelCount: $0) } == [
        524_288, 8192, 1024, 1024, 1024, 64, 1,
      ])
  }
}
