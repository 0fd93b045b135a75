// Stored numbers of a data file to Double, without a check a sample: callers check the whole range once.

import MinhangCore

enum BrainVisionSampleDecoding {
  /// Converts numbers that lie `step` bytes apart.
  ///
  /// - Parameters:
  ///   - bytes: The first number.
  ///   - step: Bytes from one number to the next.
  ///   - scale: Factor from stored numbers to what is handed out.
  static func decode(
    _ coding: BrainVisionHeader.Coding, isBigEndian: Bool, from bytes: UnsafeRawPointer, step: Int, count: Int, scale: Double,
    into values: UnsafeMutablePointer<Double>
  ) {
    switch (coding, isBigEndian) {
    case (.int16, false): for i in 0..<count { values[i] = Double(Int16(littleEndian: load(bytes + i &* step))) * scale }
    case (.int16, true): for i in 0..<count { values[i] = Double(Int16(bigEndian: load(bytes + i &* step))) * scale }
    case (.uint16, false): for i in 0..<count { values[i] = Double(UInt16(littleEndian: load(bytes + i &* step))) * scale }
    case (.uint16, true): for i in 0..<count { values[i] = Double(UInt16(bigEndian: load(bytes + i &* step))) * scale }
    case (.int32, false): for i in 0..<count { values[i] = Double(Int32(littleEndian: load(bytes + i &* step))) * scale }
    case (.int32, true): for i in 0..<count { values[i] = Double(Int32(bigEndian: load(bytes + i &* step))) * scale }
    case (.float32, false):
      for i in 0..<count { values[i] = Double(Float(bitPattern: UInt32(littleEndian: load(bytes + i &* step)))) * scale }
    case (.float32, true): for i in 0..<count { values[i] = Double(Float(bitPattern: UInt32(bigEndian: load(bytes + i &* step)))) * scale }
    case (.float64, _): for i in 0..<count { values[i] = Double(bitPattern: UInt64(littleEndian: load(bytes + i &* step))) * scale }
    }
  }

  @inline(__always)
  private static func load<Number: BitwiseCopyable>(_ bytes: UnsafeRawPointer) -> Number { bytes.loadUnaligned(as: Number.self) }
}
