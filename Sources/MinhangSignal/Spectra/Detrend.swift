import CMinhangKernels

/// What is taken off each window before its spectrum is computed.
public enum Detrend: String, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case none
  /// The mean.
  case constant
  /// The straight line of least squares.
  case linear
}

extension Detrend {
  /// The line to subtract from `count` values: `level + slope · i`.
  func line(through values: UnsafePointer<Double>, count: Int) -> (level: Double, slope: Double) {
    guard self != .none else { return (0, 0) }
    let mean = minhang_sum(values, count) / Double(count)
    guard self == .linear, count > 1 else { return (mean, 0) }
    // Least squares around the middle, where level and slope do not depend on each other: Σ (i − middle)² = n (n² − 1) / 12.
    let n = Double(count)
    let middle = (n - 1) / 2
    let slope = minhang_moment(values, count, middle, mean) / (n * (n * n - 1) / 12)
    return (mean - slope * middle, slope)
  }
}
