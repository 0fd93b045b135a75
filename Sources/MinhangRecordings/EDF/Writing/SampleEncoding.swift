// The one place of the writers with unsafe code: Double to stored little-endian numbers.

import MinhangCore

/// How a channel's values become stored numbers: `round(value / factor / gain − offset)`, the inverse of `SampleScale`.
struct SampleQuantizer: Sendable {
  var scale: SampleScale
  /// The numbers that can be stored.
  var range: ClosedRange<Int>
  var coding: SampleCoding
  /// Bits to keep of a trigger channel's value; nil for an ordinary channel.
  var mask: Int?

  /// Values that had to be moved to be stored.
  struct Losses: Sendable, Hashable {
    var clipped = 0
    var nonFinite = 0
  }

  /// Stores `count` values.
  ///
  /// - Returns: The last number stored.
  func encode(
    _ values: UnsafePointer<Double>, count: Int, into bytes: UnsafeMutableRawPointer, losses: inout Losses
  ) -> Int {
    let low = Double(range.lowerBound)
    let high = Double(range.upperBound)
    var last = 0
    for i in 0..<count {
      var value = values[i]
      if let mask, let code = Int(exactly: value.rounded()) { value = Double(code & mask) }
      var number = (value / scale.factor / scale.gain - scale.offset).rounded(.toNearestOrEven)
      if !(number >= low && number <= high) {
        if number.isNaN || values[i].isInfinite {
          losses.nonFinite += 1
          number = number.isNaN ? min(max((-scale.offset).rounded(), low), high) : (number < low ? low : high)
        } else {
          losses.clipped += 1
          number = number < low ? low : high
        }
      }
      last = Int(number)
      store(last, i, into: bytes)
    }
    return last
  }

  /// Stores one number `count` times.
  func fill(_ number: Int, count: Int, into bytes: UnsafeMutableRawPointer) {
    for i in 0..<count { store(number, i, into: bytes) }
  }

  @inline(__always)
  private func store(_ number: Int, _ i: Int, into bytes: UnsafeMutableRawPointer) {
    if coding == .int16 {
      bytes.storeBytes(of: Int16(truncatingIfNeeded: number).littleEndian, toByteOffset: 2 * i, as: Int16.self)
    } else {
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: number), toByteOffset: 3 * i, as: UInt8.self)
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: number >> 8), toByteOffset: 3 * i + 1, as: UInt8.self)
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: number >> 16), toByteOffset: 3 * i + 2, as: UInt8.self)
    }
  }
}
