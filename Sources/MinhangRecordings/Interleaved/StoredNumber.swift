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

  /// Reads `count` numbers that lie `stride` bytes apart: `(number + offset) · gain`.
  func decode(
    _ bytes: UnsafeRawPointer, stride: Int, count: Int, gain: Double, offset: Double, into values: UnsafeMutablePointer<Double>
  ) {
    @inline(__always)
    func each(_ number: (UnsafeRawPointer) -> Double) {
      if offset == 0 {
        for i in 0..<count { values[i] = number(bytes + i * stride) * gain }
      } else {
        for i in 0..<count { values[i] = (number(bytes + i * stride) + offset) * gain }
      }
    }
    let swap = isBigEndian
    switch kind {
    case .int16: each { Double(Int16(bitPattern: Self.bits($0, swap: swap))) }
    case .uint16: each { Double(Self.bits($0, swap: swap) as UInt16) }
    case .int32: each { Double(Int32(bitPattern: Self.bits($0, swap: swap))) }
    case .float32: each { Double(Float(bitPattern: Self.bits($0, swap: swap))) }
    case .float64: each { Double(bitPattern: Self.bits($0, swap: swap)) }
    }
  }

  @inline(__always)
  private static func bits<Bits: FixedWidthInteger>(_ place: UnsafeRawPointer, swap: Bool) -> Bits {
    let bits = place.loadUnaligned(as: Bits.self)
    return swap ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }
}
