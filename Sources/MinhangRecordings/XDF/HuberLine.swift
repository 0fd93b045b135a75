// Purpose: a straight line through clock offsets of which some are far off.
//
// Source: Boyd, Parikh, Chu, Peleato, Eckstein 2011, "Distributed optimization and statistical learning via the alternating direction method of
// multipliers", section 6.1.1 (Huber fitting), with over-relaxation 1 and penalty 1; scaling and the 1000 steps are those of pyxdf, so that the
// lines agree with the reference to rounding. Offsets are taken from the first one here, which changes nothing but keeps digits: with offsets
// of 650 000 s the reference is up to 1e-8 s away from what its own steps give in 80-bit arithmetic, this here less than 1e-9 s.

/// `offset = constant + slope · time`.
struct HuberLine: Sendable, Hashable {
  var constant: Double
  var slope: Double

  /// Differences up to this count as noise, seconds.
  private static let threshold = 1e-4
  private static let steps = 1000
  /// Steps times points of all lines of a file.
  private static let mostWork = 100_000_000

  /// The line without a change.
  static let none = HuberLine(constant: 0, slope: 0)

  /// The steps that the lines of a file get.
  ///
  /// - Parameter count: The points of all lines: beyond 100 000 (139 hours of one stream's offsets) each gets fewer steps, so that no file takes
  ///   long, in however many lines its points are.
  static func steps(forPoints count: Int) -> Int { min(steps, max(10, mostWork / max(1, count))) }

  /// Fits a line that minimises `½ Σ huber(constant + slope · time − offset)`.
  ///
  /// - Parameters:
  ///   - times: At least two, finite.
  ///   - values: As many, finite.
  ///   - steps: Steps that are made at most.
  /// - Returns: nil where all times are one.
  static func fitted(times: ArraySlice<Double>, values: ArraySlice<Double>, steps: Int) -> HuberLine? {
    let scaled = times.map { $0 / threshold }
    let origin = values.first ?? 0
    let y = values.map { ($0 - origin) / threshold }
    guard let shift = scaled.min() else { return nil }
    let x = scaled.map { $0 - shift }
    let n = Double(x.count)
    let sum = x.reduce(0, +)
    let squares = x.reduce(0) { $0 + $1 * $1 }
    // Cholesky factor of [n Σx; Σx Σx²].
    let a = n.squareRoot()
    let b = sum / a
    let rest = squares - b * b
    guard rest > squares * 1e-15, rest.isFinite else { return nil }
    let c = rest.squareRoot()
    let ySum = y.reduce(0, +)
    let xySum = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    var u = [Double](repeating: 0, count: x.count)
    var z = u
    var line = (0.0, 0.0)
    for _ in 0..<steps {
      var right = (ySum, xySum)
      for k in x.indices {
        let w = z[k] - u[k]
        right.0 += w
        right.1 += x[k] * w
      }
      let forward = right.0 / a
      let slope = (right.1 - b * forward) / c / c
      let next = ((forward - b * slope) / a, slope)
      var isAtRest = next == line
      line = next
      for k in x.indices {
        let d = line.0 + line.1 * x[k] - y[k] + u[k]
        let inverse = d == 0 ? 0 : abs(1 / d)
        z[k] = 0.5 * d + 0.5 * max(0, 1 - 2 * inverse) * d
        let step = d - z[k]
        if step != u[k] { isAtRest = false }
        u[k] = step
      }
      // Every further step would give the same bits.
      if isAtRest { break }
    }
    line.0 -= line.1 * shift
    let fitted = HuberLine(constant: origin + line.0 * threshold, slope: line.1)
    return fitted.constant.isFinite && fitted.slope.isFinite ? fitted : nil
  }
}
