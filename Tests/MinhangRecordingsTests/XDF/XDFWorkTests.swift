import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// What a file costs to open is bounded by its size, whatever stands in it.
struct XDFWorkTests {
  /// Processor time of this thread: other tests run beside this one.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let start = now()
    try body()
    return now() - start
  }

  /// Writes bytes and zeros behind them, up to a size.
  private func file(_ bytes: [UInt8], size: Int? = nil) throws -> String {
    let path = temporaryPath("xdf")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    if let size {
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: UInt64(size))
      try handle.close()
    }
    return path
  }

  @Test func `chunks of an unknown kind do not each search the file`() throws {
    let times = try [2, 100].map { count in
      let path = try file(Array("XDF:".utf8) + (0..<count).flatMap { _ in XDFChunkBytes.chunk(99, [1]) }, size: 66 << 20)
      defer { try? FileManager.default.removeItem(atPath: path) }
      return Self.seconds { #expect(throws: RecordingError.self) { try XDFReader(path: path) } }
    }
    #expect(times[1] < 10 * times[0], "\(times) s")
  }

  @Test func `a boundary is found from every place, in whatever order chunks ask`() throws {
    let marks = [40, 900, 901 + 16, 5000]
    var bytes = [UInt8](repeating: 7, count: 6000)
    for mark in marks { bytes.replaceSubrange(mark..<(mark + 16), with: XDFWindow.boundary) }
    let path = try file(bytes)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var generator = SeededGenerator(seed: 12)
    for round in 0..<50 {
      var scan = XDFScan(try RandomAccessFile(path: path))
      scan.goodChunks = round % 2
      var place = 0
      for _ in 0..<60 {
        place = max(0, place + generator.nextInteger(below: 300) - 40)
        #expect(try scan.boundary(from: place) == marks.first { $0 >= place })
      }
    }
  }

  @Test func `damaged chunks of samples are not each read to the end of the file`() throws {
    let size = 1 << 20
    var bytes = XDFDamageTests.start + XDFDamageTests.header(count: "1", format: "int8")
    for _ in 0..<50 {
      var chunk = XDFChunkBytes.chunk(3, stream: 1, [4] + XDFChunkBytes.little(UInt32.max))
      chunk.replaceSubrange(1..<5, with: XDFChunkBytes.little(UInt32(size - bytes.count - 99)))
      bytes += chunk + XDFChunkBytes.boundary
    }
    let path = try file(bytes, size: size)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var scan = XDFScan(try RandomAccessFile(path: path))
    scan.vainBytes = XDFScan.mostVainBytes + 1
    try scan.run()
    // Up to its boundary each, and the last to the end.
    #expect(scan.vainBytes - XDFScan.mostVainBytes < size + bytes.count)
    #expect(scan.log.warnings.count > 1)
  }

  @Test func `all streams together have a limited number of channels`() throws {
    func stream(_ id: UInt32, _ channels: Int) -> [UInt8] {
      XDFDamageTests.header(id, count: "\(channels)", format: "int8")
        + XDFChunkBytes.chunk(3, stream: id, [1, 1, 8] + XDFChunkBytes.little(1.0) + [UInt8](repeating: 0, count: channels))
    }
    let path = try file(XDFDamageTests.start + (1...4).flatMap { stream($0, 20_000) } + stream(5, 5536) + stream(6, 1))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let info = try XDFReader(path: path).recording
    #expect(info.channels.count == 65_536)
    #expect(info.streams.map(\.name) == ["S1", "S2", "S3", "S5"])
    #expect(info.warnings.map(\.code) == [.leftOutStream, .leftOutStream])
    #expect(Set(info.channels.map(\.name)).count == 65_536)
  }

  @Test func `the lines of a file share its work, in however many stretches`() {
    #expect([1, 43_200, 100_000].map { HuberLine.steps(forPoints: $0) } == [1000, 1000, 1000])
    #expect(HuberLine.steps(forPoints: 400_000) == 250 && HuberLine.steps(forPoints: 1 << 40) == 10)
    let times = (0..<200).map { Double($0) * 5 }
    let values = times.map { 3 + 1e-5 * $0 + ($0 == 500 ? 2 : 0) }
    let few = HuberLine.fitted(times: times[...], values: values[...], steps: 10)
    let many = HuberLine.fitted(times: times[...], values: values[...], steps: 1000)
    #expect(few != many)
    #expect(abs((many?.slope ?? 0) - 1e-5) < 1e-8)
  }

  @Test func `stamps that are not stored are those that were`() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<200 {
      let interval = generator.nextUniform() / 100
      var stamps = XDFStamps(interval: interval)
      var plain: [Double] = []
      for _ in 0..<60 {
        switch generator.nextInteger(below: 4) {
        case 0:
          let time = 6e5 + generator.nextUniform() * 100
          stamps.append(time)
          plain.append(time)
        case 1, 2:
          for _ in 0..<generator.nextInteger(below: 9) {
            stamps.appendImplied()
            plain.append((plain.last ?? 0) + interval)
          }
        default:
          let number = generator.nextInteger(below: min(12, plain.count + 1))
          stamps.removeLast(number)
          plain.removeLast(number)
        }
        #expect(stamps.count == plain.count)
      }
      #expect(Array(stamps) == plain)
      guard round % 2 == 0 else { continue }
      var end = 0
      for k in 0..<4 {
        let line = HuberLine(constant: generator.nextUniform(), slope: generator.nextUniform() / 1000)
        let first = end
        end = k == 3 ? plain.count : min(plain.count, end + generator.nextInteger(below: 20))
        stamps.synchronize(before: end, with: line)
        for i in first..<end { plain[i] += line.constant + line.slope * plain[i] }
      }
      #expect(Array(stamps) == plain)
    }
  }
}
