/// Memory for doubles that begins on a cache line, so that no vector of eight lies across two.
///
/// A plain value. The line is found when the memory is taken; a copy may lie elsewhere, which costs time but changes nothing else.
struct AlignedStorage: Sendable {
  /// Values in a cache line.
  private static let line = 8
  /// Number of values.
  let count: Int
  private var values: [Double]
  private let offset: Int

  /// Takes memory for `count` zeros.
  init(count: Int) {
    self.count = count
    values = [Double](repeating: 0, count: count + Self.line - 1)
    let misplaced = values.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) / MemoryLayout<Double>.stride % Self.line }
    offset = misplaced == 0 ? 0 : Self.line - misplaced
  }

  subscript(index: Int) -> Double {
    get {
      precondition(index >= 0 && index < count, "value \(index) of \(count)")
      return values[offset + index]
    }
    set {
      precondition(index >= 0 && index < count, "value \(index) of \(count)")
      values[offset + index] = newValue
    }
  }

  /// Calls `body` with the first of the values.
  mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<Double>) -> Result) -> Result {
    let offset = offset
    return values.withUnsafeMutableBufferPointer { body($0.baseAddress! + offset) }
  }
}
