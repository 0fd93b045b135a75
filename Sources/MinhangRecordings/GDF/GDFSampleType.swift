/// How a sample lies in a GDF file.
///
/// **Source:** Schlögl, "GDF - A general dataformat for biosignals", arXiv:cs/0608052, table of data types.
enum GDFSampleType: Sendable, Hashable {
  /// A whole number of 1…8 bytes.
  case integer(byteCount: Int, isSigned: Bool)
  case float32
  case float64
  case float128

  /// A type by its code; nil where the code is none, or the type's samples do not end on a byte.
  init?(code: Int) {
    switch code {
    case 1...8: self = .integer(byteCount: 1 << ((code - 1) / 2), isSigned: code % 2 == 1)
    case 16: self = .float32
    case 17: self = .float64
    case 18: self = .float128
    case 256...319 where (code - 255) % 8 == 0: self = .integer(byteCount: (code - 255) / 8, isSigned: true)
    case 512...575 where (code - 511) % 8 == 0: self = .integer(byteCount: (code - 511) / 8, isSigned: false)
    default: return nil
    }
  }

  /// Bytes of a sample.
  var byteCount: Int {
    switch self {
    case .integer(let count, _): count
    case .float32: 4
    case .float64: 8
    case .float128: 16
    }
  }

  /// Whether the samples are whole numbers that a calibration of whole numbers describes.
  var isInteger: Bool { if case .integer = self { true } else { false } }

  /// Converts samples that lie `stride` bytes apart; the caller has checked the range.
  func decode(from bytes: UnsafeRawPointer, stride: Int, count: Int, scale: SampleScale, into values: UnsafeMutablePointer<Double>) {
    @inline(__always)
    func convert(_ load: (UnsafeRawPointer) -> Double) {
      for i in 0..<count { values[i] = (load(bytes + i * stride) + scale.offset) * scale.gain * scale.factor }
    }
    switch self {
    case .integer(1, true): convert { Double($0.loadUnaligned(as: Int8.self)) }
    case .integer(1, false): convert { Double($0.loadUnaligned(as: UInt8.self)) }
    case .integer(2, true): convert { Double(Int16(littleEndian: $0.loadUnaligned(as: Int16.self))) }
    case .integer(2, false): convert { Double(UInt16(littleEndian: $0.loadUnaligned(as: UInt16.self))) }
    case .integer(4, true): convert { Double(Int32(littleEndian: $0.loadUnaligned(as: Int32.self))) }
    case .integer(4, false): convert { Double(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
    case .integer(let size, let isSigned): convert { Self.integer($0, size, isSigned) }
    case .float32: convert { Double(Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))) }
    case .float64: convert { Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
    case .float128: convert(Self.quadruple)
    }
  }

  private static func integer(_ bytes: UnsafeRawPointer, _ size: Int, _ isSigned: Bool) -> Double {
    var value: UInt64 = 0
    for i in 0..<size { value |= UInt64(bytes.load(fromByteOffset: i, as: UInt8.self)) << UInt64(8 * i) }
    guard isSigned else { return Double(value) }
    let shift = UInt64(64 - 8 * size)
    return Double(Int64(bitPattern: value << shift) >> Int64(shift))
  }

  /// The nearest Double below a number of IEEE 754 binary128: 15 bits of exponent, 112 of fraction.
  private static func quadruple(_ bytes: UnsafeRawPointer) -> Double {
    let low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let sign: Double = high >> 63 == 1 ? -1 : 1
    let exponent = Int(high >> 48 & 0x7FFF)
    let fraction = (high & 0xFFFF_FFFF_FFFF) << 4 | low >> 60
    if exponent == 0x7FFF { return fraction == 0 && low == 0 ? sign * .infinity : .nan }
    guard exponent > 15360 else { return sign * 0 }
    guard exponent < 17407 else { return sign * .infinity }
    return sign * Double(bitPattern: UInt64(exponent - 15360) << 52 | fraction)
  }
}
