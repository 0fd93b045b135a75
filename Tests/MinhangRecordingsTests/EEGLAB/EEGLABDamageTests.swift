import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damage: nothing may trap; what is read is read to the end.
struct EEGLABDamageTests {
  private func attempt(_ bytes: [UInt8]) throws -> RecordingInfo? {
    do {
      var reader = try EEGLABReaderTests.open([("a.set", bytes)])
      let info = reader.recording
      _ = try reader.events()
      for channel in info.channels.indices.prefix(64) { _ = try reader.read(0..<info.channels[channel].sampleCount, of: [channel]) }
      return info
    } catch let error as RecordingError {
      #expect(!error.message.contains("\n"))
      return nil
    }
  }

  @Test(arguments: [false, true])
  func `a file cut anywhere is refused, or read with a warning`(isCompressed: Bool) throws {
    var made = SampleEEGLAB()
    made.format.isCompressed = isCompressed
    let bytes = made.bytes
    var read = 0
    for length in stride(from: 1, to: bytes.count, by: 13) {
      guard let info = try attempt(Array(bytes[..<length])) else { continue }
      read += 1
      // Only the padding of the last element may be missing unseen.
      #expect(!info.warnings.isEmpty || length > bytes.count - 8, "cut at \(length)")
    }
    // All that is cut behind the beginning of the samples: the better half.
    #expect(read > bytes.count / 13 / 3)
  }

  @Test(arguments: [false, true])
  func `sizes and types that cannot be`(isCompressed: Bool) throws {
    var made = SampleEEGLAB()
    made.format.isCompressed = isCompressed
    made.points = 10
    let bytes = made.bytes
    for place in stride(from: 124, to: bytes.count - 4, by: 4) {
      for word: UInt32 in [0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0, 15, 14, 0x0004_0009] {
        var damaged = bytes
        withUnsafeBytes(of: word.littleEndian) { damaged.replaceSubrange(place..<place + 4, with: $0) }
        _ = try attempt(damaged)
      }
    }
  }
}
