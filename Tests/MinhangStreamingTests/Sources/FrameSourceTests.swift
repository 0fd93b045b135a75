import Foundation
import MinhangCore
import MinhangStreaming
import Testing

struct FrameSourceTests {
  /// All samples of a source, read to its end.
  private func samples(_ source: inout FrameSource, channels: Int) async throws -> [[Double]] {
    var all = [[Double]](repeating: [], count: channels)
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    while let time = try await source.next(into: &block) {
      #expect(block.firstSample == all[0].count)
      #expect(time == Double(all[0].count) / source.sampleRate)
      for c in 0..<channels { all[c] += block.channel(c) }
    }
    return all
  }

  /// A pipe whose writer hands over the bytes in pieces of one size and closes.
  private func pipe(_ bytes: Data, pieces: Int) -> FileHandle {
    let pipe = Pipe()
    let writer = pipe.fileHandleForWriting
    Thread.detachNewThread {
      for start in stride(from: 0, to: bytes.count, by: pieces) { writer.write(bytes[start..<min(start + pieces, bytes.count)]) }
      try? writer.close()
    }
    return pipe.fileHandleForReading
  }

  @Test(arguments: FrameFormat.SampleType.allCases, [1, 3, 64, 1000])
  func `every type is read exactly, whatever pieces the bytes come in`(type: FrameFormat.SampleType, pieces: Int) async throws {
    var generator = SeededGenerator(seed: 9)
    var bytes = Data()
    var expected: [[Double]] = [[], [], []]
    for i in 0..<300 {
      let raw = generator.next()
      let value: Double
      switch type {
      case .int16:
        let number = Int16(truncatingIfNeeded: raw)
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        value = Double(number)
      case .int24:
        let number = Int32(truncatingIfNeeded: raw) >> 8
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0.prefix(3)) }
        value = Double(number)
      case .int32:
        let number = Int32(truncatingIfNeeded: raw)
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        value = Double(number)
      case .float32:
        let number = Float(generator.nextNormal())
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        value = Double(number)
      case .float64:
        value = generator.nextNormal()
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
      expected[i % 3].append(value * 1000 * 0.5)
    }
    let format = try FrameFormat(sampleType: type, channels: ["a", "b", "c"], sampleRate: 50, unit: .millivolt, scale: 0.5)
    bytes.append(contentsOf: [1, 2])
    let handle = pipe(bytes, pieces: pieces)
    var source = FrameSource(descriptor: handle.fileDescriptor, format: format, channels: [2, 0], blockSize: 16)
    let got = try await samples(&source, channels: 2)
    // Half a millivolt a step: 500 is a whole number, so the product is one rounding away from value · 500.
    for (row, channel) in [2, 0].enumerated() {
      #expect(zip(got[row], expected[channel]).allSatisfy { abs($0 - $1) <= abs($1) * 2 * .ulpOfOne })
      #expect(got[row].count == 100)
    }
    #expect(source.trailingBytes == 2)
  }

  @Test func `a description names what is wrong with it`() throws {
    let good = try FrameFormat(json: Data(#"{"sampling_rate":250,"channels":["C3","C4"],"format":"int16","unit":"mV","scale":2}"#.utf8))
    #expect(good.gain == 2000)
    #expect(good.byteCount == 4)
    for (text, word) in [
      (#"{"sampling_rate":0,"channels":["C3"]}"#, "sampling rate of 0"), (#"{"sampling_rate":250,"channels":[]}"#, "0 channels"),
      (#"{"sampling_rate":250,"channels":["C3"],"format":"int8"}"#, "int8"), ("\u{1B}[2J", "\\u{1B}"),
      (#"{"sampling_rate":250,"channels":["C3"],"scale":0}"#, "scale of 0"),
    ] {
      do {
        _ = try FrameFormat(json: Data(text.utf8))
        Issue.record("\(text) was taken")
      } catch {
        #expect(error.description.contains(word), "\(error.description)")
        #expect(error.description.contains("expected"))
      }
    }
  }
}
