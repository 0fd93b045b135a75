import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damage: nothing may trap or go on for ever; what is read is read to the end.
struct HDF5DamageTests {
  private func attempt(_ bytes: [UInt8]) throws -> (info: RecordingInfo?, message: String) {
    do {
      var reader = try EEGLABReaderTests.open([("a.set", bytes)])
      let info = reader.recording
      _ = try reader.events()
      for channel in info.channels.indices.prefix(64) { _ = try reader.read(0..<info.channels[channel].sampleCount, of: [channel]) }
      return (info, info.warnings.map(\.message).joined(separator: "; "))
    } catch let error as RecordingError {
      #expect(!error.message.contains("\n"))
      return (nil, error.message)
    }
  }

  private func made(_ change: (inout SampleEEGLAB) -> Void = { _ in }) -> [UInt8] {
    var made = SampleEEGLAB()
    made.points = 10
    made.hierarchy = SampleHDF5(chunk: [4, 2], filters: [.shuffle(byteCount: 4), .deflate, .fletcher])
    change(&made)
    return made.bytes
  }

  @Test(arguments: [false, true])
  func `a file cut anywhere is refused, or read with a warning`(isModern: Bool) throws {
    let bytes = made { $0.hierarchy?.isModern = isModern }
    for length in stride(from: 1, to: bytes.count, by: 17) {
      guard let info = try attempt(Array(bytes[..<length])).info else { continue }
      #expect(!info.warnings.isEmpty, "cut at \(length)")
    }
  }

  @Test(arguments: [false, true])
  func `numbers that cannot be`(isModern: Bool) throws {
    let bytes = made { $0.hierarchy?.isModern = isModern }
    let words: [UInt64] = [0, .max, 0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF, 512]
    for (turn, place) in stride(from: 512, to: bytes.count - 8, by: 4).enumerated() {
      // The words in turn.
      var damaged = bytes
      let width = place % 8 == 0 ? 8 : 4
      withUnsafeBytes(of: words[turn % words.count].littleEndian) {
        damaged.replaceSubrange(place..<place + width, with: $0.prefix(width))
      }
      _ = try attempt(damaged)
    }
  }

  /// The place of a text in the file.
  private func place(of text: String, in bytes: [UInt8], from start: Int = 512) -> Int {
    let text = Array(text.utf8)
    return (start..<bytes.count).first { bytes[$0...].starts(with: text) } ?? 0
  }

  @Test func `a B-tree that leads to itself`() throws {
    var bytes = made { $0.isFlat = true }
    // The last tree of the file is the root group's: a node above itself.
    var tree = 0
    for k in 512..<bytes.count where bytes[k...].starts(with: Array("TREE".utf8)) { tree = k }
    bytes[tree + 5] = 1
    withUnsafeBytes(of: UInt64(tree - 512).littleEndian) { bytes.replaceSubrange(tree + 32..<tree + 40, with: $0) }
    let (info, message) = try attempt(bytes)
    #expect(info == nil && message.contains("type and level are 0 and 1; expected 0 and 0"))
  }

  @Test func `an object header that goes on with itself`() throws {
    var file = SampleHDF5()
    _ = file.append([UInt8](repeating: 0, count: 96))
    let start = file.bytes.count
    // A continuation that leads to its own block.
    let root = file.header([(16, file.number(UInt64(start + 16)) + file.number(UInt64(24))), (0, [])])
    let (info, message) = try attempt(file.finished(root: root))
    #expect(info == nil && message.contains("is met again in the object header at byte \(512 + start); expected each once"))
  }

  @Test func `cells that hold themselves, many times over`() throws {
    var file = SampleHDF5()
    _ = file.append([UInt8](repeating: 0, count: 96))
    // A thousand references, each to the cell array itself.
    let place = file.bytes.count + 8000
    let data = file.append((0..<1000).flatMap { _ in file.number(UInt64(place)) })
    let cells = file.header([
      (1, file.space([1000, 1])), (3, file.reference), (8, [3, 1] + file.number(UInt64(data)) + file.number(UInt64(8000))),
      file.classAttribute("cell"),
    ])
    #expect(cells == place)
    let links = [("event", cells), ("srate", file.object(.number(250))), ("data", file.object(.single([1, 2], shape: [1, 2])))]
    let root = file.group(links, [])
    let bytes = file.finished(root: root)
    var message = ""
    let took = try ContinuousClock().measure { message = try attempt(bytes).message }
    #expect(message.contains("refer to one another without end") && took < .seconds(10))
  }

  @Test func `a damaged chunk is named when it is read`() throws {
    var bytes = made { $0.hierarchy?.filters = [.fletcher] }
    let info = try attempt(bytes)
    #expect(info.info?.warnings.isEmpty == true)
    // The number of channel 2 in the first sample: 993.
    let number = withUnsafeBytes(of: Float(993).bitPattern.littleEndian) { Array($0) }
    let place = try #require((512..<bytes.count).first { bytes[$0...].starts(with: number) })
    bytes[place] ^= 1
    let (read, message) = try attempt(bytes)
    #expect(read == nil && message.contains("its check sum (Fletcher-32) contradicts its bytes"))
  }

  @Test func `chunks that were never stored`() throws {
    // The tree's first entry is gone: its offset is that of no chunk.
    var bytes = made { $0.hierarchy?.filters = [] }
    let node: [UInt8] = Array("TREE".utf8) + [1, 0, 6]
    let tree = try #require((512..<bytes.count).first { bytes[$0...].starts(with: node) })
    bytes[tree + 24 + 8] = 1
    let (info, message) = try attempt(bytes)
    #expect(info?.channels[0].sampleCount == 10)
    #expect(message.contains("5 of its 6 chunks are stored; the others hold the fill value"))
    // Only the first two are left, which hold four samples.
    bytes[tree + 24 + 8] = 0
    for k in 2..<6 { bytes[tree + 24 + k * 40 + 8] = 1 }
    let second = try attempt(bytes)
    #expect(second.info?.channels[0].sampleCount == 4)
    #expect(second.message.contains("2 of its 6 chunks are stored; what comes from chunk 3 on is not read"))
  }

  @Test func `filters and types that are not read are named`() throws {
    var bytes = made { $0.hierarchy?.filters = [.fletcher] }
    let filter: [UInt8] = [1, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]
    for place in 512..<bytes.count where bytes[place...].starts(with: filter) { bytes[place + 9] = 125 }
    let message = try attempt(bytes).message
    #expect(message.contains("a filter has the number 32003; expected 1 (deflate), 2 (shuffle) or 3 (Fletcher-32)"))
  }

  @Test func `check sums of the newer form`() throws {
    // The name of the last link of the root group.
    var damaged = made { $0.hierarchy?.isModern = true }
    let name = place(of: "#refs#", in: damaged)
    damaged[name + 1] = UInt8(ascii: "x")
    let (info, message) = try attempt(damaged)
    #expect(info != nil && message.contains("check sum contradicts its bytes"))
  }
}
