import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Files of chunks made here, whole and damaged.
struct XDFDamageTests {
  static let rate = 100.0

  static func header(_ id: UInt32 = 1, count: String = "2", rate: String = "100", format: String = "int16", extra: String = "") -> [UInt8] {
    let text =
      "<info><name>S\(id)</name><type>EEG</type><channel_count>\(count)</channel_count><nominal_srate>\(rate)</nominal_srate><channel_format>\(format)</channel_format>\(extra)</info>"
    return XDFChunkBytes.chunk(2, stream: id, Array(text.utf8))
  }

  /// One second of two channels: sample k is (k, −k); the first carries its stamp.
  static func second(_ number: Int, id: UInt32 = 1, stated: Int = 100, shift: Double = 0) -> [UInt8] {
    var bytes: [UInt8] = [1, UInt8(stated)]
    for k in 0..<100 {
      let sample = number * 100 + k
      bytes += k == 0 ? [8] + XDFChunkBytes.little(50 + Double(number) + shift) : [0]
      bytes += XDFChunkBytes.little(Int16(sample)) + XDFChunkBytes.little(Int16(-sample))
    }
    return XDFChunkBytes.chunk(3, stream: id, bytes)
  }

  static let start = Array("XDF:".utf8) + XDFChunkBytes.chunk(1, Array("<info><version>1.0</version></info>".utf8))

  private func read(_ bytes: [UInt8]) throws -> XDFReader {
    let path = temporaryPath("xdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try XDFReader(path: path)
  }

  @Test func `a sound file gives no warning, and any cut of a read gives the same values`() throws {
    var reader = try read(Self.start + Self.header() + (0..<10).flatMap { Self.second($0) } + XDFChunkBytes.boundary)
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels.map(\.sampleCount) == [1000, 1000])
    #expect(reader.recording.channels.map(\.sampleRate) == [100, 100])
    let whole = try reader.read(0..<1000, of: [0, 1])
    #expect(Array(whole.channel(0)) == (0..<1000).map(Double.init) && Array(whole.channel(1)) == (0..<1000).map { -Double($0) })
    for size in [1, 7, 99, 100, 101] {
      for first in stride(from: 0, to: 1000, by: size) {
        let block = try reader.read(first..<min(1000, first + size), of: [1])
        #expect(
          block.channel(0).elementsEqual(
            whole.channel(1)[whole.channel(1).startIndex + first..<whole.channel(1).startIndex + min(1000, first + size)]))
      }
    }
  }

  @Test func `a break of more than a second makes two segments`() throws {
    let bytes = Self.start + Self.header() + (0..<4).flatMap { Self.second($0, shift: $0 < 2 ? 0 : 20) }
    let info = try read(bytes).recording
    #expect(info.spans.count == 2 && info.warnings.isEmpty)
    #expect(abs((info.spans.last?.start ?? 0) - 22) < 1e-9)
  }

  @Test func `garbage is skipped to the next boundary, wherever that lies`() throws {
    // A boundary across the edge of what is read at once must not be missed: 7 bytes of its chunk come before it.
    let before = (Self.start + Self.header() + Self.second(0)).count + 7
    for length in [37, XDFWindow.capacity - before - 15, XDFWindow.capacity - before - 8, XDFWindow.capacity - before - 1] {
      let garbage = [UInt8](repeating: 7, count: length) + XDFChunkBytes.boundary
      let bytes = Self.start + Self.header() + Self.second(0) + garbage + Self.second(1)
      let info = try read(bytes).recording
      #expect(info.channels.first?.sampleCount == 200)
      #expect(info.warnings.map(\.code) == [.chunk])
    }
  }

  @Test func `a file that ends anywhere is read up to there`() throws {
    let whole = Self.start + Self.header() + (0..<3).flatMap { Self.second($0) }
    let first = (Self.start + Self.header()).count
    for end in stride(from: first + 30, to: whole.count, by: 41) {
      let info = try read(Array(whole[..<end])).recording
      #expect(!info.warnings.isEmpty || (end - first) % Self.second(0).count == 0)
      #expect((info.channels.first?.sampleCount ?? 0) >= (end - first) / Self.second(0).count * 100)
    }
  }

  @Test func `bytes changed at random never trap`() throws {
    let whole = Self.start + Self.header() + (0..<5).flatMap { Self.second($0) + XDFChunkBytes.boundary }
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<3 { bytes[4 + generator.nextInteger(below: bytes.count - 4)] = UInt8(generator.nextInteger(below: 256)) }
      guard var reader = try? read(bytes) else { continue }
      for channel in reader.recording.channels { _ = try? reader.read(0..<channel.sampleCount, of: [channel.index]) }
    }
  }

  @Test(arguments: ["2021-11-25T15:13:51-0700", "2021-11-25T15:13:51Z", "2021-11-25T15:13:51+0100", "2021-11-25T15:13:51"])
  func `the start is the wall clock of the file header`(text: String) {
    #expect(XDFScan.wallClock(text) == RecordingDate(year: 2021, month: 11, day: 25, hour: 15, minute: 13, second: 51))
    #expect(XDFScan.wallClock("T") == nil && XDFScan.wallClock("yesterday") == nil)
  }

  @Test func `offsets that are no times are ignored with a warning`() throws {
    let offset = XDFChunkBytes.chunk(4, stream: 1, XDFChunkBytes.little(1.0) + XDFChunkBytes.little(Double.nan))
    let info = try read(Self.start + Self.header() + Self.second(0) + offset).recording
    #expect(info.warnings.map(\.code) == [.clockOffset])
  }
}
