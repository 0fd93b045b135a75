#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The point whose distances to given points have the smallest weighted sum; half of the weight may lie anywhere without moving it far.
///
/// **Source:** Weiszfeld's iteration with the correction for an estimate that falls on a point: Vardi & Zhang 2000, "The multivariate L1-median
/// and associated data depth", PNAS 97:1423, equations 2.3–2.6.
struct GeometricMedian: Sendable, Hashable {
  /// The median, as many coordinates as the points have.
  let point: [Double]
  /// Whether the last step was shorter than the tolerance.
  let converged: Bool
  /// Number of steps made.
  let steps: Int

  /// Finds the median from the weighted mean on.
  ///
  /// O(points × coordinates) a step; sums run in the order of the points.
  ///
  /// - Parameters:
  ///   - points: At least one; all of one length.
  ///   - weights: One positive weight a point; nil: equal ones.
  ///   - tolerance: The iteration ends with a step shorter than this, in the points' unit.
  ///   - stepLimit: Most steps.
  init(of points: [[Double]], weights: [Double]? = nil, tolerance: Double = 1e-5, stepLimit: Int = 500) {
    precondition(!points.isEmpty, "the geometric median of no point")
    let weights = weights ?? [Double](repeating: 1, count: points.count)
    precondition(weights.count == points.count, "\(weights.count) weights for \(points.count) points")
    let dimension = points[0].count
    var estimate = [Double](repeating: 0, count: dimension)
    for (point, weight) in zip(points, weights) { Self.add(point, times: weight, to: &estimate) }
    let total = weights.reduce(0, +)
    for i in 0..<dimension { estimate[i] /= total }

    var steps = 0
    var converged = false
    while steps < stepLimit, !converged {
      steps += 1
      var next = [Double](repeating: 0, count: dimension)
      var inverses = 0.0
      var coincident = 0.0
      for (point, weight) in zip(points, weights) {
        let distance = Self.distance(point, estimate)
        if distance == 0 {
          coincident += weight
        } else {
          inverses += weight / distance
          Self.add(point, times: weight / distance, to: &next)
        }
      }
      guard inverses > 0 else {
        converged = true  // every point is the estimate
        break
      }
      for i in 0..<dimension { next[i] /= inverses }
      if coincident > 0 {
        // Eq. 2.6: part of the step, by the weight that lies on the estimate.
        let pull = inverses * Self.distance(next, estimate)
        let held = pull == 0 ? 0 : coincident / pull
        for i in 0..<dimension { next[i] = max(0, 1 - held) * next[i] + min(1, held) * estimate[i] }
      }
      converged = Self.distance(next, estimate) < tolerance
      estimate = next
    }
    self.point = estimate
    self.converged = converged
    self.steps = steps
  }

  private static func add(_ point: [Double], times weight: Double, to sum: inout [Double]) {
    precondition(point.count == sum.count, "points of \(point.count) and \(sum.count) coordinates")
    for i in point.indices { sum[i] += weight * point[i] }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = SIMD8<Double>.zero
    let whole = a.count / 8 * 8
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for i in stride(from: 0, to: whole, by: 8) {
          let start = UnsafeRawPointer(a.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
          let end = UnsafeRawPointer(b.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
          sum += (start - end) * (start - end)
        }
        var rest = 0.0
        for i in whole..<a.count { rest += (a[i] - b[i]) * (a[i] - b[i]) }
        return (sum.sum() + rest).squareRoot()
      }
    }
  }
}
