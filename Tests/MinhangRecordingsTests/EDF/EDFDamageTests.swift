import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damage of every kind: a file is read or refused in one line; never a trap, never an endless loop.
struct EDFDamageTests {
  /// Opens, takes the events and reads all samples; any error must be one clean line.
  private func use(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    do {
      var reader = try EDFReader(path: path)
      _ = try reader.events()
      let recording = reader.recording
      for channel in recording.channels {
        let block = try reader.read(0..<min(channel.sampleCount, 64), of: [channel.index])
        #expect(!block.channel(0).contains { !$0.isFinite })
        #expect(recording.timeline(of: channel.index).sampleCount == channel.sampleCount)
      }
      for warning in recording.warnings + recording.notes { expectOneLine(warning.message) }
    } catch {
      expectOneLine(error.message)
    }
  }

  private func expectOneLine(_ text: String) {
    #expect(!text.isEmpty && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(text.debugDescription)")
  }

  @Test(arguments: EDFFamily.allCases)
  func `each byte of the header, overwritten by hostile values`(family: EDFFamily) throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let base = SampleFile.plus(family: family, lists: ["+0.5\u{15}1\u{14}ev\u{14}\0"])
    let bytes = base.bytes
    for place in 0..<base.header.count {
      for value: UInt8 in [0, 0x20, 0x2D, 0x39, 0xFF] where bytes[place] != value {
        // Texts of 80 bytes: the first and last bytes are as good as all.
        if (12..<164).contains(place) && !place.isMultiple(of: 16) { continue }
        var damaged = bytes
        damaged[place] = value
        try use(damaged, path)
      }
    }
  }

  @Test func `each number field, filled with hostile texts`() throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let base = SampleFile.plus()
    let bytes = base.bytes
    let count = base.signals.count
    var fields = [(184, 8), (236, 8), (244, 8), (252, 4)]
    for (before, width) in [(104, 8), (112, 8), (120, 8), (128, 8), (216, 8)] {
      for signal in 0..<count { fields.append((256 + before * count + width * signal, width)) }
    }
    let texts = [
      "99999999", "-9999999", "0", "-0", "1e308", "-1e308", "1e-308", "nan", "-inf", "0x7FFF", ".", "+", "1e", "1e99999",
      "9223372036854775807",
      "2147483648", "-2147483648", "\u{0}\u{0}", "１２",
    ]
    for (place, width) in fields {
      for text in texts {
        var damaged = bytes
        damaged.replaceSubrange(place..<(place + width), with: HeaderField.bytes(text, width: width))
        try use(damaged, path)
      }
    }
  }

  @Test func `each length`() throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = SampleFile.plus(lists: ["+0.5\u{14}ev\u{14}\0"]).bytes
    for length in 0..<bytes.count where length < 300 || length.isMultiple(of: 7) { try use(Array(bytes.prefix(length)), path) }
  }

  @Test(arguments: 0..<4)
  func `random mutations`(stream: Int) throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var generator = SeededGenerator(seed: 20, stream: UInt64(stream))
    let family = EDFFamily.allCases[stream % 2]
    let bytes = SampleFile.plus("+D", family: family, lists: ["+0.5\u{15}1\u{14}ev\u{14}\0", nil, "+7\u{14}a\u{14}b\u{14}\0"]).bytes
    let end = ContinuousClock.now + .milliseconds(500)
    var rounds = 0
    while ContinuousClock.now < end && rounds < 3000 {
      rounds += 1
      var damaged = bytes
      for _ in 0...generator.nextInteger(below: 6) {
        let place = generator.nextInteger(below: damaged.count)
        switch generator.nextInteger(below: 5) {
        case 0: damaged[place] ^= 1 << UInt8(generator.nextInteger(below: 8))
        case 1: damaged[place] = UInt8(generator.nextInteger(below: 256))
        case 2: damaged.removeSubrange(place..<min(damaged.count, place + generator.nextInteger(below: 40)))
        case 3: damaged.insert(contentsOf: [UInt8](repeating: 0x39, count: generator.nextInteger(below: 40)), at: place)
        default:
          let from = generator.nextInteger(below: damaged.count)
          for k in 0..<min(16, damaged.count - max(place, from)) { damaged[place + k] = damaged[from + k] }
        }
        if damaged.isEmpty { break }
      }
      try use(damaged, path)
    }
  }

  @Test func `a file that becomes shorter while it is open`() throws {
    let path = temporaryPath("edf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = SampleFile().bytes
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    var reader = try EDFReader(path: path)
    #expect(truncate(path, 800) == 0)
    let error = #expect(throws: RecordingError.self) { try reader.read(0..<32, of: [0]) }
    #expect(error?.code == .inputOutput)
    #expect(error?.message.contains("file end at byte 800 is too early") == true)
  }
}
