import MinhangCore

/// Bytes of chunks as they are written: every length takes four bytes.
enum XDFChunkBytes {
  /// A chunk without a stream.
  static func chunk(_ tag: UInt16, _ content: [UInt8]) -> [UInt8] {
    [4] + little(UInt32(content.count + 2)) + little(tag) + content
  }

  /// A chunk of a stream.
  static func chunk(_ tag: UInt16, stream: UInt32, _ content: [UInt8]) -> [UInt8] { chunk(tag, little(stream) + content) }

  /// A boundary chunk.
  static var boundary: [UInt8] { chunk(5, XDFWindow.boundary) }

  /// A measurement of the clock that finds nothing to add.
  static func clockOffset(stream: UInt32, time: Double) -> [UInt8] { chunk(4, stream: stream, little(time) + little(0.0)) }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  static func little(_ number: Double) -> [UInt8] { little(number.bitPattern) }

  /// An element with a text.
  static func element(_ name: String, _ text: String) -> String { "<\(name)>\(escaped(text))</\(name)>" }

  /// Text as XML holds it; characters that it may not hold become U+FFFD.
  static func escaped(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": shown += "&amp;"
      case "<": shown += "&lt;"
      case ">": shown += "&gt;"
      case "\t", "\n", "\r": shown.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: shown += "\u{FFFD}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
