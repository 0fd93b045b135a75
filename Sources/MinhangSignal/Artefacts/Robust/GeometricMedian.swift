import MinhangAlgebra

/// The point whose distances to given points have the smallest weighted sum; half of the weight may lie anywhere without moving it far.
///
/// A search in memory that is taken once: `find` allocates nothing, for the live path.
///
/// **Source:** Weiszfeld's iteration with the correction for an estimate that falls on a point: Vardi & Zhang 2000, "The multivariate L1-median
/// and associated data depth", PNAS 97:1423, equations 2.3–2.6.
struct GeometricMedian: Sendable, Hashable {
  /// The median, as many coordinates as the points have.
  private(set) var point: [Double]
  /// Whether the last step was shorter than the tolerance.
  private(set) var converged = false
  /// Number of steps made.
  private(set) var steps = 0

  private var next: [Double]

  /// Takes the memory for points of a dimension.
  init(dimension: Int) {
    point = [Double](repeating: 0, count: dimension)
    next = point
  }

  /// Finds the median of points in the rows of a matrix; see `find`.
  init(ofRows points: Matrix, weights: [Double]? = nil, tolerance: Double = 1e-5, stepLimit: Int = 500) {
    self.init(dimension: points.columns)
    let weights = weights ?? [Double](repeating: 1, count: points.rows)
    find(amongRows: points, weights: weights, tolerance: tolerance, stepLimit: stepLimit)
  }

  /// Finds the median from the weighted mean on.
  ///
  /// O(points × coordinates) a step; sums run in the order of the points.
  ///
  /// - Parameters:
  ///   - points: `[points × coordinates]`, at least as many as there are weights.
  ///   - first: The row that comes first; the others follow it, and row 0 the last of as many rows as there are weights.
  ///   - weights: One positive weight a point, at least one, in the order of the points.
  ///   - tolerance: The iteration ends with a step shorter than this, in the points' unit.
  ///   - stepLimit: Most steps.
  mutating func find(
    amongRows points: Matrix, first: Int = 0, weights: [Double], tolerance: Double = 1e-5, stepLimit: Int = 500
  ) {
    let (count, dimension) = (weights.count, point.count)
    precondition(count > 0, "the geometric median of no point")
    precondition(
      points.columns == dimension && points.rows >= count, "\(count) points of \(dimension) in \(points.rows) × \(points.columns)")
    steps = 0
    converged = false
    points.withUnsafeValues { points in
      guard let base = points.baseAddress else { return }
      point.withUnsafeMutableBufferPointer { estimate in
        next.withUnsafeMutableBufferPointer { next in
          func row(_ i: Int) -> UnsafePointer<Double> { base + (first + i) % count * dimension }
          estimate.update(repeating: 0)
          for i in 0..<count { Self.add(row(i), times: weights[i], to: estimate) }
          let total = weights.reduce(0, +)
          for i in 0..<dimension { estimate[i] /= total }
          while steps < stepLimit, !converged {
            steps += 1
            next.update(repeating: 0)
            var inverses = 0.0
            var coincident = 0.0
            for i in 0..<count {
              let distance = Self.distance(row(i), estimate)
              if distance == 0 {
                coincident += weights[i]
              } else {
                inverses += weights[i] / distance
                Self.add(row(i), times: weights[i] / distance, to: next)
              }
            }
            guard inverses > 0 else {
              converged = true  // every point is the estimate
              break
            }
            for i in 0..<dimension { next[i] /= inverses }
            if coincident > 0 {
              // Eq. 2.6: part of the step, by the weight that lies on the estimate.
              let pull = inverses * Self.distance(next.baseAddress!, estimate)
              let held = pull == 0 ? 0 : coincident / pull
              for i in 0..<dimension { next[i] = max(0, 1 - held) * next[i] + min(1, held) * estimate[i] }
            }
            converged = Self.distance(next.baseAddress!, estimate) < tolerance
            _ = estimate.update(fromContentsOf: next)
          }
        }
      }
    }
  }

  private static func add(_ point: UnsafePointer<Double>, times weight: Double, to sum: UnsafeMutableBufferPointer<Double>) {
    for i in sum.indices { sum[i] += weight * point[i] }
  }

  private static func distance(_ a: UnsafePointer<Double>, _ b: UnsafeMutableBufferPointer<Double>) -> Double {
    var sum = SIMD8<Double>.zero
    let whole = b.count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      let start = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Double>.self)
      let end = UnsafeRawPointer(b.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
      sum += (start - end) * (start - end)
    }
    var rest = 0.0
    for i in whole..<b.count { rest += (a[i] - b[i]) * (a[i] - b[i]) }
    return (sum.sum() + rest).squareRoot()
  }
}
