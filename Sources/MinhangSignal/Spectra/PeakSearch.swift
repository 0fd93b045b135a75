#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The search for peaks in a flattened spectrum, and their fit.
///
/// **Source:** Donoghue et al. 2020, Nat. Neurosci. 23:1655, methods, steps 3–5.
struct PeakSearch {
  let frequencies: [Double]
  let resolution: Double
  let settings: SpectralParameterization.Settings

  /// Peaks nearer to an end of the spectrum than this many standard deviations are left out.
  private static let edge = 1.0
  /// Of two peaks that come nearer to each other than this many standard deviations of each, the lower is left out.
  private static let overlap = 0.75
  /// The centre of a peak may move by so many standard deviations of the first guess.
  private static let freedom = 3.0

  /// Centre, height, standard deviation.
  private typealias Guess = (frequency: Double, height: Double, deviation: Double)

  static func gaussian(_ frequency: Double, _ centre: Double, _ height: Double, _ deviation: Double) -> Double {
    height * exp(-(frequency - centre) * (frequency - centre) / (2 * deviation * deviation))
  }

  /// The peaks, by frequency, and whether their fit came to rest.
  func peaks(in flat: [Double]) -> (peaks: [SpectralParameterization.Peak], converged: Bool) {
    let kept = withoutOverlap(guesses(in: flat).filter(isAwayFromEdges))
    guard !kept.isEmpty, let first = frequencies.first, let last = frequencies.last else { return ([], true) }
    let half = settings.bandwidths.lowerBound / 2...settings.bandwidths.upperBound / 2
    let problem = BoundedLeastSquares(
      model: model, observed: flat,
      lower: kept.flatMap { [max(first, $0.frequency - Self.freedom * $0.deviation), 0, half.lowerBound] },
      upper: kept.flatMap { [min(last, $0.frequency + Self.freedom * $0.deviation), .infinity, half.upperBound] })
    let found = problem.minimum(from: kept.flatMap { [$0.frequency, $0.height, $0.deviation] })
    let p = found.parameters
    let peaks = stride(from: 0, to: p.count, by: 3).map {
      SpectralParameterization.Peak(frequency: p[$0], height: p[$0 + 1], deviation: p[$0 + 2])
    }
    return (peaks.sorted { $0.frequency < $1.frequency }, found.converged)
  }

  /// First guesses: the highest point, taken off as a Gaussian as wide as its narrower side, until nothing stands out.
  private func guesses(in flat: [Double]) -> [Guess] {
    var rest = flat
    var found: [Guess] = []
    let narrowest = settings.bandwidths.lowerBound / 2
    let widest = settings.bandwidths.upperBound / 2
    // Each peak takes its highest point away; more peaks than points come from rounding only.
    while found.count < min(settings.maximumPeaks, frequencies.count) {
      guard let top = rest.indices.max(by: { rest[$0] < rest[$1] }) else { break }
      let height = rest[top]
      guard height > settings.threshold * standardDeviation(rest), height > settings.minimumHeight else { break }
      // A Gaussian's full width at half its height is 2 √(2 ln 2) standard deviations.
      var deviation = widthAtHalfHeight(rest, top).map { $0 / (2 * (2 * log(2.0)).squareRoot()) } ?? (narrowest + widest)
      // As published: a guess that is too wide begins narrow.
      if deviation < narrowest || deviation > widest { deviation = narrowest }
      found.append((frequencies[top], height, deviation))
      for i in rest.indices { rest[i] -= Self.gaussian(frequencies[i], frequencies[top], height, deviation) }
    }
    return found
  }

  /// Twice the distance to half the height on the nearer side, Hz; nil where neither side comes down to it.
  private func widthAtHalfHeight(_ values: [Double], _ top: Int) -> Double? {
    let half = values[top] / 2
    // As published: the first point of the spectrum does not count.
    let left = Swift.stride(from: top - 1, to: 0, by: -1).first { values[$0] <= half }.map { top - $0 }
    let right = Swift.stride(from: top + 1, to: values.count, by: 1).first { values[$0] <= half }.map { $0 - top }
    guard let nearer = [left, right].compactMap({ $0 }).min() else { return nil }
    return Double(nearer) * 2 * resolution
  }

  private func isAwayFromEdges(_ guess: Guess) -> Bool {
    guard let first = frequencies.first, let last = frequencies.last else { return false }
    let room = Self.edge * guess.deviation
    return (guess.frequency - first).magnitude > room && (guess.frequency - last).magnitude > room
  }

  private func withoutOverlap(_ guesses: [Guess]) -> [Guess] {
    // Peaks have different highest points, so no two have one frequency.
    let sorted = guesses.sorted { $0.frequency < $1.frequency }
    var dropped: Set<Int> = []
    for i in sorted.indices.dropLast() {
      let (left, right) = (sorted[i], sorted[i + 1])
      guard left.frequency + Self.overlap * left.deviation > right.frequency - Self.overlap * right.deviation else { continue }
      dropped.insert(left.height <= right.height ? i : i + 1)
    }
    return sorted.indices.filter { !dropped.contains($0) }.map { sorted[$0] }
  }

  /// The sum of Gaussians with three parameters each, and its derivatives.
  private func model(_ p: [Double]) -> (values: [Double], derivatives: [[Double]]) {
    var values = [Double](repeating: 0, count: frequencies.count)
    var derivatives = [[Double]](repeating: values, count: p.count)
    for k in Swift.stride(from: 0, to: p.count, by: 3) {
      for (i, f) in frequencies.enumerated() {
        let distance = (f - p[k]) / p[k + 2]
        let shape = exp(-distance * distance / 2)
        values[i] += p[k + 1] * shape
        derivatives[k][i] = p[k + 1] * shape * distance / p[k + 2]
        derivatives[k + 1][i] = shape
        derivatives[k + 2][i] = p[k + 1] * shape * distance * distance / p[k + 2]
      }
    }
    return (values, derivatives)
  }

  private func standardDeviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}
