import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct NPYWriterTests {
  private func content(_ channels: Int, _ samples: Int) -> RecordingContent {
    let span = TimeSpan(start: 0, duration: Double(samples) / 100)
    return RecordingContent(
      channels: (0..<channels).map { Channel(index: $0, name: "C\($0)", sampleRate: 100, sampleCount: samples) },
      streams: [RecordingStream(spans: [span])])
  }

  @Test func `an array of version 1.0, whatever the order of the blocks`() throws {
    let path = temporaryPath("npy")
    defer {
      unlink(path)
      unlink(path + ".json")
    }
    let writer = try NPYWriter(WritingTarget(path: path), content: content(2, 5))
    try writer.write(SignalBlock(contiguous: [3, 4, 30, 40], channelCount: 2, firstSample: 3), to: [0, 1])
    try writer.write(SignalBlock(contiguous: [10, 11, 12], channelCount: 1), to: [1])
    try writer.write(SignalBlock(contiguous: [0, 1, 2], channelCount: 1), to: [0])
    try writer.finish()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(Array(bytes.prefix(8)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(bytes[8]) + Int(bytes[9]) << 8
    #expect((10 + length).isMultiple(of: 64) && bytes[9 + length] == 0x0A)
    #expect(
      String(decoding: bytes[10..<(10 + length)], as: UTF8.self).hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 5), }"))
    let values = stride(from: 10 + length, to: bytes.count, by: 8).map { place in
      Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) })
    }
    #expect(values == [0, 1, 2, 3, 4, 10, 11, 12, 30, 40])
  }

  @Test func `values that never came are told`() throws {
    let path = temporaryPath("npy")
    let writer = try NPYWriter(WritingTarget(path: path), content: content(2, 5))
    try writer.write(SignalBlock(channelCount: 1, sampleCount: 5), to: [0])
    let error = #expect(throws: RecordingError.self) { try writer.finish() }
    #expect(error?.message == "the array got 5 of 10 values; expected all of them once")
    #expect(throws: RecordingError.self) { try NPYWriter(WritingTarget(path: path), content: content(16, 1 << 60)) }
  }
}
