import Foundation
import MinhangCore

/// Raw frames from a file descriptor: standard input, a pipe, a device.
///
/// Samples are handed out as soon as whole frames have come, at most `blockSize` at a time. The writer is slowed down by the pipe when the
/// decoder is slower; nothing is dropped. Bytes of an incomplete last frame are counted.
public struct FrameSource: SignalSource {
  /// How the frames are laid out.
  public let format: FrameFormat
  /// Bytes at the end that did not make a whole frame.
  public private(set) var trailingBytes = 0

  private let descriptor: Int32
  private let order: [Int]
  private var buffer: [UInt8]
  private var filled = 0
  private var position = 0
  private var isAtEnd = false

  /// Samples a second, Hz.
  public var sampleRate: Double { format.sampleRate }

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - descriptor: An open descriptor; it stays the caller's to close.
  ///   - format: How the frames are laid out.
  ///   - channels: Places in the frame of the channels to hand out.
  ///   - blockSize: Samples of a block at most, 1 or more.
  public init(descriptor: Int32, format: FrameFormat, channels: [Int], blockSize: Int) {
    precondition(
      blockSize > 0 && channels.allSatisfy { format.channels.indices.contains($0) }, "channels \(channels) of \(format.channels.count)")
    self.descriptor = descriptor
    self.format = format
    self.order = channels
    // However large the block wished for: four megabytes are read at a time.
    let size = min(blockSize, max(1, (1 << 22) / format.byteCount))
    self.buffer = [UInt8](repeating: 0, count: size * format.byteCount)
  }

  /// Waits for at least one frame.
  public mutating func next(into block: inout SignalBlock) async throws(StreamingError) -> Double? {
    while filled < format.byteCount && !isAtEnd {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
      if count > 0 {
        filled += count
      } else if count == 0 {
        isAtEnd = true
      } else if errno != EINTR {
        throw StreamingError(.inputOutput, "standard input cannot be read: \(String(cString: strerror(errno)))")
      }
    }
    let frames = filled / format.byteCount
    guard frames > 0 else {
      trailingBytes = filled
      return nil
    }
    block.resize(channelCount: order.count, sampleCount: frames)
    block.firstSample = position
    block.segment = 0
    fill(&block, frames: frames)
    let used = frames * format.byteCount
    buffer.withUnsafeMutableBytes { $0.baseAddress!.copyMemory(from: $0.baseAddress! + used, byteCount: filled - used) }
    filled -= used
    position += frames
    return Double(block.firstSample) / sampleRate
  }

  private func fill(_ block: inout SignalBlock, frames: Int) {
    let gain = format.gain
    let size = format.sampleType.byteCount
    let frameSize = format.byteCount
    buffer.withUnsafeBytes { bytes in
      block.withUnsafeMutableStorage { rows, stride in
        for (row, place) in order.enumerated() {
          for i in 0..<frames {
            rows[row * stride + i] = gain * Self.value(format.sampleType, bytes, at: i * frameSize + place * size)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func value(_ type: FrameFormat.SampleType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    switch type {
    case .int16: Double(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self)))
    case .int24:
      Double(Int32(bytes[offset]) | Int32(bytes[offset + 1]) << 8 | Int32(Int8(bitPattern: bytes[offset + 2])) << 16)
    case .int32: Double(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
    case .float32: Double(Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
    case .float64: Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
  }
}
