#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Purpose: mean and spread of clean windows' amplitudes, where a good part of the windows holds artefacts (large) or dropouts (small).
// Source: Kothe & Jung 2016, US patent application 14/895,440, and the published reference implementation's rule: a truncated generalised
// Gaussian is fitted to every interval of the sorted amplitudes in a grid of starts and widths; the interval with the smallest
// Kullback–Leibler divergence from its histogram wins.
// Priorities: the same grid and the same choice as the reference; then speed (it runs once for a channel, while fitting).

/// Mean and standard deviation of the clean part of a channel's windowed amplitudes.
struct AmplitudeDistribution: Sendable, Hashable {
  /// Mean of the clean part, in the amplitudes' unit.
  let mean: Double
  /// Standard deviation of the clean part, in the amplitudes' unit.
  let deviation: Double
  /// Shape of the generalised Gaussian: 2 is normal, more has a flatter top.
  let shape: Double

  /// The part of the distribution that is fitted, as quantiles.
  private static let quantiles = (low: 0.022, high: 0.6)
  /// Step of the grid over starts and over widths, as a part of the windows.
  private static let step = 0.01
  /// Shapes that are tried: 1.7 … 3.5 in steps of 0.15.
  private static let shapes = (0..<13).map { 1.7 + 0.15 * Double($0) }

  /// Fits a distribution.
  ///
  /// - Parameters:
  ///   - amplitudes: One value a window.
  ///   - cleanFraction: Smallest part of the windows that is surely clean, above 0.
  ///   - dropoutFraction: Largest part of the windows that may be dropouts.
  /// - Returns: nil where no interval can be fitted: too few windows, or values that are equal or not finite.
  init?(of amplitudes: [Double], cleanFraction: Double, dropoutFraction: Double) {
    let sorted = amplitudes.sorted()
    let n = Double(sorted.count)
    let width = Self.quantiles.high - Self.quantiles.low
    let rows = Int((n * width).rounded(.toNearestOrEven))
    let starts = Self.grid(from: Self.quantiles.low, to: Self.quantiles.low + dropoutFraction + Self.step * 1e-9, by: Self.step)
      .map { Int((n * $0).rounded(.toNearestOrEven)) }
    guard let last = starts.last, rows >= 2, last + rows <= sorted.count, sorted.allSatisfy(\.isFinite) else { return nil }

    let candidates = Self.shapes.map(TruncatedShape.init)
    var best = (divergence: Double.infinity, start: 0, count: 0, candidate: 0)
    for part in Self.grid(from: width, to: cleanFraction * width - Self.step * 1e-9, by: -Self.step) {
      let count = Int((n * part).rounded(.toNearestOrEven))
      guard count >= 2, count <= rows else { continue }
      let bins = Int((3 * log2(1 + Double(count) / 2)).rounded(.toNearestOrEven))
      let logs = starts.map { Self.logHistogram(of: sorted[$0..<($0 + count)], bins: bins) }
      for (k, candidate) in candidates.enumerated() {
        let density = candidate.density(bins: bins)
        let logDensity = density.map { log($0) }
        for (j, logCounts) in logs.enumerated() {
          var divergence = 0.0
          for i in 0..<bins { divergence += density[i] * (logDensity[i] - logCounts[i]) }
          divergence += log(Double(count))
          if divergence < best.divergence { best = (divergence, starts[j], count, k) }
        }
      }
    }
    guard best.count > 0 else { return nil }
    let candidate = candidates[best.candidate]
    let low = sorted[best.start]
    let scale = (sorted[best.start + best.count - 1] - low) / (candidate.high - candidate.low)
    guard scale > 0 else { return nil }
    mean = low - candidate.low * scale
    shape = candidate.shape
    deviation = (scale * scale * tgamma(3 / shape) / tgamma(1 / shape)).squareRoot()
  }

  /// `log(count + 0.01)` of each of `bins` equal bins between the first and the last of some sorted values.
  private static func logHistogram(of values: ArraySlice<Double>, bins: Int) -> [Double] {
    let low = values[values.startIndex]
    let perValue = Double(bins) / (values[values.endIndex - 1] - low)
    var counts = [Double](repeating: 0, count: bins)
    for value in values {
      let place = (value - low) * perValue
      if place.isFinite { counts[min(Int(place), bins - 1)] += 1 }
    }
    return counts.map { log($0 + 0.01) }
  }

  /// `first, first + step, …` before `end`; each element computed from its index and the step as it is after rounding beside `first`.
  private static func grid(from first: Double, to end: Double, by step: Double) -> [Double] {
    let count = Int(((end - first) / step).rounded(.up))
    let rounded = first + step - first
    return (0..<max(count, 0)).map { first + Double($0) * rounded }
  }
}

/// A generalised Gaussian `exp(−|x|^shape)` between two of its quantiles.
private struct TruncatedShape {
  let shape: Double
  /// Standardised place of the lower and of the upper quantile.
  let low: Double
  let high: Double

  init(_ shape: Double) {
    self.shape = shape
    func place(_ quantile: Double) -> Double {
      let side = quantile < 0.5 ? -1.0 : 1.0
      return side * pow(IncompleteGamma.inverseLower(1 / shape, side * (2 * quantile - 1)), 1 / shape)
    }
    low = place(0.022)
    high = place(0.6)
  }

  /// The probability of each of `bins` equal bins from `low` to `high`, by the density at their middles, summing to 1.
  func density(bins: Int) -> [Double] {
    let rescale = shape / (2 * tgamma(1 / shape))
    let values = (0..<bins).map { exp(-pow((low + (Double($0) + 0.5) / Double(bins) * (high - low)).magnitude, shape)) * rescale }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }
}
