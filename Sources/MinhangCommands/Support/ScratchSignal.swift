import Foundation
import MinhangBCI

/// A signal on disk, `[channels × samples]` of Double, for work that needs a whole channel at a time.
///
/// Memory stays bounded by a few channels however long the recording (law 6). The file has no name and is gone with the process.
final class ScratchSignal: Sendable {
  let channelCount: Int
  let sampleCount: Int
  private let path: String
  private let descriptor: Int32

  /// Makes room.
  ///
  /// - Parameter path: The recording for which it is made, for messages.
  init(channelCount: Int, sampleCount: Int, for path: String) throws {
    self.channelCount = channelCount
    self.sampleCount = sampleCount
    self.path = path
    descriptor = try ScratchFile.nameless(for: path)
  }

  deinit { close(descriptor) }

  /// Writes a block's samples to their place; sample 0 is the scratch's first.
  func write(_ block: SignalBlock, at sample: Int, firstChannel: Int = 0) throws {
    try block.withUnsafeStorage { rows, stride in
      for c in 0..<block.channelCount {
        let bytes = UnsafeRawBufferPointer(start: rows + c * stride, count: block.sampleCount * 8)
        try transfer(bytes.count, at: ((firstChannel + c) * sampleCount + sample) * 8, "written") { done, offset in
          pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, offset)
        }
      }
    }
  }

  /// Reads samples of some channels into a block of that shape.
  func read(_ samples: Range<Int>, channels: Range<Int>, into block: inout SignalBlock) throws {
    block.resize(channelCount: channels.count, sampleCount: samples.count)
    try block.withUnsafeMutableStorage { rows, stride in
      for (row, c) in channels.enumerated() {
        let bytes = UnsafeMutableRawBufferPointer(start: rows + row * stride, count: samples.count * 8)
        try transfer(bytes.count, at: (c * sampleCount + samples.lowerBound) * 8, "read") { done, offset in
          pread(descriptor, bytes.baseAddress! + done, bytes.count - done, offset)
        }
      }
    }
  }

  private func transfer(_ count: Int, at start: Int, _ verb: String, _ step: (_ done: Int, _ offset: off_t) -> Int) throws {
    var done = 0
    while done < count {
      let moved = step(done, off_t(start + done))
      if moved > 0 {
        done += moved
      } else if moved == 0 || errno != EINTR {
        let reason = moved == 0 ? "it ends early" : String(cString: strerror(errno))
        throw CommandFailure(.inputOutput, "\(path): its temporary file cannot be \(verb): \(reason)")
      }
    }
  }
}
