// The one place of this reader with unsafe code: stored little-endian values to Double, without a check a sample. The caller has the whole
// stretch in its window; the precondition here compares it once.

import MinhangCore

enum XDFSampleDecoding {
  /// Converts values that lie `step` bytes apart.
  ///
  /// Whole numbers of 64 bits beyond 2^53 are rounded.
  ///
  /// - Parameters:
  ///   - bytes: The window's bytes.
  ///   - first: Place of the first value.
  ///   - factor: Multiplies; 1 leaves the bits as they are.
  static func decode(
    _ format: XDFSampleFormat, _ bytes: UnsafeRawBufferPointer, first: Int, step: Int, count: Int, factor: Double,
    into values: UnsafeMutablePointer<Double>
  ) {
    guard count > 0, let base = bytes.baseAddress else { return }
    precondition(
      first >= 0 && step > 0 && first + (count - 1) * step + format.byteCount <= bytes.count,
      "\(count) values at \(first) of \(bytes.count) bytes")
    let start = base + first
    switch format {
    case .float32:
      for i in 0..<count {
        values[i] = factor * Double(Float(bitPattern: UInt32(littleEndian: start.loadUnaligned(fromByteOffset: i * step, as: UInt32.self))))
      }
    case .double64:
      for i in 0..<count {
        values[i] = factor * Double(bitPattern: UInt64(littleEndian: start.loadUnaligned(fromByteOffset: i * step, as: UInt64.self)))
      }
    case .int8: whole(Int8.self, start, step, count, factor, values)
    case .int16: whole(Int16.self, start, step, count, factor, values)
    case .int32: whole(Int32.self, start, step, count, factor, values)
    case .int64: whole(Int64.self, start, step, count, factor, values)
    case .string: break
    }
  }

  @inline(__always)
  private static func whole<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, _ start: UnsafeRawPointer, _ step: Int, _ count: Int, _ factor: Double, _ values: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { values[i] = factor * Double(Number(littleEndian: start.loadUnaligned(fromByteOffset: i * step, as: Number.self))) }
  }

  /// One stored number as a text: whole ones without a point.
  static func text(_ format: XDFSampleFormat, _ bytes: ArraySlice<UInt8>) -> String {
    var bits: UInt64 = 0
    for (k, byte) in bytes.prefix(8).enumerated() { bits |= UInt64(byte) << UInt64(8 * k) }
    switch format {
    case .int8: return String(Int8(truncatingIfNeeded: bits))
    case .int16: return String(Int16(truncatingIfNeeded: bits))
    case .int32: return String(Int32(truncatingIfNeeded: bits))
    case .int64: return String(Int64(bitPattern: bits))
    case .float32:
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      return Int32(exactly: value).map { String($0) } ?? "\(value)"
    case .double64:
      let value = Double(bitPattern: bits)
      return Int64(exactly: value).map { String($0) } ?? "\(value)"
    case .string: return ""
    }
  }
}
