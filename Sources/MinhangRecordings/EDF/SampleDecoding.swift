// The one place of the readers with unsafe code: stored little-endian numbers to Double, without a check a sample. Callers check the whole
// range once (`precondition`); `RawSamples` in EDFReader hands out only bytes that were read.

import MinhangCore

/// The linear map of a calibration in the form in which it is computed: `(digital + offset) · gain · factor`.
///
/// The order of operations is that of edfio, so that µV come out with the same bits; `factor` brings other voltages to µV.
struct SampleScale: Sendable, Hashable {
  var offset: Double
  var gain: Double
  var factor: Double

  /// Stored numbers as they are.
  static let raw = SampleScale(offset: 0, gain: 1, factor: 1)

  init(offset: Double, gain: Double, factor: Double) {
    self.offset = offset
    self.gain = gain
    self.factor = factor
  }

  init(_ calibration: Calibration, factor: Double = 1) {
    gain =
      (calibration.physicalMaximum - calibration.physicalMinimum)
      / Double(calibration.digitalMaximum - calibration.digitalMinimum)
    offset = calibration.physicalMaximum / gain - Double(calibration.digitalMaximum)
    self.factor = factor
  }

  /// Whether every stored number gives a finite value.
  var isUsable: Bool { gain.isFinite && gain != 0 && offset.isFinite && (offset * gain).isFinite && factor.isFinite }
}

/// How the bytes of a sample are read.
enum SampleCoding: Sendable, Hashable {
  case int16
  case int24
  /// A status channel: 24 bits of flags, never negative.
  case unsigned24

  var byteCount: Int { self == .int16 ? 2 : 3 }
}

enum SampleDecoding {
  /// Bytes that must be readable after the last sample: 24-bit numbers are fetched four bytes at a time.
  static let slack = 1

  /// Converts `count` samples from `bytes` on into `values`.
  static func decode(
    _ coding: SampleCoding, from bytes: UnsafeRawPointer, count: Int, scale: SampleScale, into values: UnsafeMutablePointer<Double>
  ) {
    switch coding {
    case .int16:
      for i in 0..<count { values[i] = (Double(int16(bytes, i)) + scale.offset) * scale.gain * scale.factor }
    case .int24:
      for i in 0..<count { values[i] = (Double(int24(bytes, i)) + scale.offset) * scale.gain * scale.factor }
    case .unsigned24:
      for i in 0..<count { values[i] = Double(unsigned24(bytes, i)) }
    }
  }

  /// Copies `count` stored numbers.
  static func decode(_ coding: SampleCoding, from bytes: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Int32>) {
    switch coding {
    case .int16: for i in 0..<count { values[i] = Int32(int16(bytes, i)) }
    case .int24: for i in 0..<count { values[i] = int24(bytes, i) }
    case .unsigned24: for i in 0..<count { values[i] = unsigned24(bytes, i) }
    }
  }

  @inline(__always)
  private static func int16(_ bytes: UnsafeRawPointer, _ i: Int) -> Int16 {
    Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * i, as: Int16.self))
  }

  @inline(__always)
  private static func int24(_ bytes: UnsafeRawPointer, _ i: Int) -> Int32 {
    Int32(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 3 * i, as: UInt32.self)) << 8) >> 8
  }

  @inline(__always)
  private static func unsigned24(_ bytes: UnsafeRawPointer, _ i: Int) -> Int32 {
    Int32(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 3 * i, as: UInt32.self)) & 0xFF_FFFF)
  }
}
