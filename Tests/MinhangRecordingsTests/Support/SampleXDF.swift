import Foundation

/// A small XDF file, made chunk by chunk.
struct SampleXDF {
  static let boundary: [UInt8] = [
    0x43, 0xA5, 0x46, 0xDC, 0xCB, 0xF5, 0x41, 0x0F, 0xB3, 0x0E, 0xD5, 0x46, 0x73, 0x83, 0xCB, 0xE4,
  ]

  static func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  static func little(_ value: Double) -> [UInt8] { little(Int(truncatingIfNeeded: value.bitPattern), 8) }

  /// A chunk with a length of four bytes, or of one where it fits and is asked for.
  static func chunk(_ tag: Int, stream: Int? = nil, _ content: [UInt8], lengthBytes: Int = 4) -> [UInt8] {
    let body = little(tag, 2) + (stream.map { little($0, 4) } ?? []) + content
    return [UInt8(lengthBytes)] + little(body.count, lengthBytes) + body
  }

  static func header(_ stream: Int, format: String, channels: Int, rate: Int, more: String = "") -> [UInt8] {
    let text =
      "<?xml version=\"1.0\"?><info><name>stream\(stream)</name><type>EEG</type><channel_count>\(channels)</channel_count>"
      + "<nominal_srate>\(rate)</nominal_srate><channel_format>\(format)</channel_format>\(more)</info>"
    return chunk(2, stream: stream, Array(text.utf8))
  }

  /// Samples of two channels of `int16`, the first one stamped.
  static func samples(_ stream: Int, from first: Int, count: Int) -> [UInt8] {
    var content: [UInt8] = [4] + little(count, 4)
    for k in first..<(first + count) {
      content += k == first ? [8] + little(Double(100 + k / 10)) : [0]
      content += little(k, 2) + little(-k, 2)
    }
    return chunk(3, stream: stream, content)
  }

  static func marker(_ stream: Int, _ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return chunk(3, stream: stream, [1, 1, 8] + little(101.0) + [1, UInt8(bytes.count)] + bytes)
  }

  static let boundaryChunk = chunk(5, boundary, lengthBytes: 1)
  static let clock = chunk(4, stream: 1, little(100.0) + little(-50.0))
}
