/// Memory that decoding uses again from window to window.
///
/// Make one for each task; it holds no result.
public struct DecoderWorkspace: Sendable {
  private var centered: [Double] = []

  /// Makes an empty workspace; it grows to what the first window needs.
  public init() {}

  /// Calls `body` with the rows copied and their means taken away, contiguous: `[count × length]`.
  ///
  /// The copy makes the bits independent of where the caller's memory lies.
  mutating func withCentered<Result>(
    _ rows: UnsafePointer<Double>, count: Int, length: Int, stride: Int, _ body: (UnsafePointer<Double>) -> Result
  ) -> Result {
    if centered.count < count * length { centered = [Double](repeating: 0, count: count * length) }
    return centered.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return body(rows) }
      for row in 0..<count { Self.center(rows + row * stride, into: base + row * length, length: length) }
      return body(base)
    }
  }

  /// Eight partial sums: a fixed order, fast, and more exact than one running sum.
  private static func center(_ source: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>, length: Int) {
    let whole = length & ~7
    let raw = UnsafeRawPointer(source)
    var sums = SIMD8<Double>.zero
    for i in stride(from: 0, to: whole, by: 8) {
      sums += raw.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self)
    }
    var sum = sums.treeSum
    for i in whole..<length { sum += source[i] }
    let mean = sum / Double(length)
    for i in 0..<length { target[i] = source[i] - mean }
  }
}

extension SIMD8<Double> {
  /// The sum of the lanes in a fixed order.
  var treeSum: Double { ((self[0] + self[1]) + (self[2] + self[3])) + ((self[4] + self[5]) + (self[6] + self[7])) }
}
