/// How one number of a frame is stored.
struct StoredNumber: Sendable, Hashable {
  /// The types of numbers that flat files hold.
  enum Kind: String, Sendable, Hashable {
    case int16, uint16, int32, float32, float64

    /// Bytes of a number.
    var byteCount: Int {
      switch self {
      case .int16, .uint16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  var kind: Kind
  var isBigEndian = false

  /// Reads `count` numbers that lie `stride` bytes apart: `(number + offset) · gain`; the caller has checked that they are there.
  func decode(
    _ bytes: UnsafeRawPointer, stride: Int, count: Int, gain: Double, offset: Double, into values: UnsafeMutablePointer<Double>
  ) {
    // The pointer steps along: no product that could wrap. The order of bytes is decided outside of the loop.
    @inline(__always)
    func each(_ number: (UnsafeRawPointer) -> Double) {
      var place = bytes
      if offset == 0 {
        for i in 0..<count {
          values[i] = number(place) * gain
          place += stride
        }
      } else {
        for i in 0..<count {
          values[i] = (number(place) + offset) * gain
          place += stride
        }
      }
    }
    @inline(__always)
    func each<Bits: FixedWidthInteger>(_ number: (Bits) -> Double) {
      if isBigEndian {
        each { number(Bits(bigEndian: $0.loadUnaligned(as: Bits.self))) }
      } else {
        each { number(Bits(littleEndian: $0.loadUnaligned(as: Bits.self))) }
      }
    }
    switch kind {
    case .int16: each { (bits: Int16) in Double(bits) }
    case .uint16: each { (bits: UInt16) in Double(bits) }
    case .int32: each { (bits: Int32) in Double(bits) }
    case .float32: each { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case .float64: each { (bits: UInt64) in Double(bitPattern: bits) }
    }
  }

  /// Reads `count` numbers of each of four channels that lie side by side in frames `stride` bytes apart: `number · gain`.
  ///
  /// Four frames at a time are turned over, so that numbers that lie together go to memory together; the caller has checked that they are there.
  ///
  /// - Parameters:
  ///   - values: The first channel's; those of the others follow `rowStride` further each.
  func decodeFour(
    _ bytes: UnsafeRawPointer, stride: Int, count: Int, gains: SIMD4<Double>, into values: UnsafeMutablePointer<Double>, rowStride: Int
  ) {
    @inline(__always)
    func turned<Number: SIMDScalar>(_ widened: (SIMD4<Number>) -> SIMD4<Double>) -> Int {
      let whole = count - count % 4
      var place = bytes
      for i in Swift.stride(from: 0, to: whole, by: 4) {
        let a = place.loadUnaligned(as: SIMD4<Number>.self)
        let b = (place + stride).loadUnaligned(as: SIMD4<Number>.self)
        let c = (place + 2 * stride).loadUnaligned(as: SIMD4<Number>.self)
        let d = (place + 3 * stride).loadUnaligned(as: SIMD4<Number>.self)
        place += 4 * stride
        for row in 0..<4 {
          let numbers = widened(SIMD4(a[row], b[row], c[row], d[row])) * gains[row]
          UnsafeMutableRawPointer(values + (row * rowStride + i)).storeBytes(of: numbers, as: SIMD4<Double>.self)
        }
      }
      return whole
    }
    var done = 0
    switch kind {
    case .int16 where !isBigEndian: done = turned { (numbers: SIMD4<Int16>) in SIMD4<Double>(numbers) }
    case .float32 where !isBigEndian: done = turned { (numbers: SIMD4<Float>) in SIMD4<Double>(numbers) }
    default: break
    }
    for row in 0..<4 {
      decode(
        bytes + (done * stride + row * kind.byteCount), stride: stride, count: count - done, gain: gains[row], offset: 0,
        into: values + (row * rowStride + done))
    }
  }
}
