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
}
