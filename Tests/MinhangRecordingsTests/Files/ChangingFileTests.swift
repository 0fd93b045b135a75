import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// A recorder may still write a file, or something may cut it, while it is read.
struct ChangingFileTests {
  private func made() throws -> (path: String, bytes: [UInt8]) {
    var file = SampleFile()
    file.records = 50
    let path = temporaryPath("edf")
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    return (path, file.bytes)
  }

  @Test func `a file that becomes shorter is one clear error`() throws {
    let (path, bytes) = try made()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = try Recording.open(path: path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(bytes.count - 100))
    let error = #expect(throws: RecordingError.self) { try reader.read(0..<400, of: [0, 1]) }
    #expect(error?.code == .inputOutput)
    #expect(error?.message.contains("it had when opened") == true)
    #expect(error?.description.contains("\n") == false)
    // What is still there is read.
    #expect(throws: Never.self) { try reader.read(0..<100, of: [0, 1]) }
  }

  @Test func `a file that grows keeps the size it had when opened`() throws {
    let (path, _) = try made()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = try Recording.open(path: path)
    let before = try reader.read(0..<400, of: [0, 1])
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(repeating: 7, count: 4096))
    #expect(reader.recording.channels[0].sampleCount == 400)
    let after = try reader.read(0..<400, of: [0, 1])
    for sample in 0..<400 { #expect(after[channel: 0, sample: sample] == before[channel: 0, sample: sample]) }
  }
}
