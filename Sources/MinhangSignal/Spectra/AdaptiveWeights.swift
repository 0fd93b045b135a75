/// Thomson's adaptive weights: at each frequency, tapers count by how little power from elsewhere they let in.
///
/// **Source:** Thomson 1982, eq. 5.2–5.3; Percival & Walden 1993, eq. 368a and 370a.
struct AdaptiveWeights {
  let concentrations: [Double]
  let maximumRounds: Int

  /// One estimate from the tapers' periodograms.
  ///
  /// - Parameter powers: `[tapers × bins]`, one-sided halves.
  /// - Returns: `[bins]`: `Σ d² S / Σ d²`; NaN where the input is not finite.
  func combined(_ powers: [Double]) -> [Double] {
    let tapers = concentrations.count
    let bins = powers.count / tapers
    func fixed(_ tapers: Int) -> [Double] {
      let sum = concentrations.prefix(tapers).reduce(0, +)
      return (0..<bins).map { f in (0..<tapers).reduce(0.0) { $0 + concentrations[$1] * powers[$1 * bins + f] } / sum }
    }
    // The variance of the signal, from the estimate with fixed weights, by the trapezoid rule; in the scale of a one-sided spectrum.
    let start = fixed(tapers)
    let trapezoid = start.reduce(0, +) - (start[0] + start[bins - 1]) / 2
    let variance = 2 * trapezoid / (2 * Double(bins))
    guard variance.isFinite else { return [Double](repeating: .nan, count: bins) }
    let roots = concentrations.map { $0.squareRoot() }
    var estimate = fixed(min(2, tapers)).map { 2 * $0 }
    var weights = [Double](repeating: 0, count: powers.count)
    for _ in 0..<maximumRounds {
      // Eq. 5.2: d = √λ S / (λ S + (1 − λ) σ²).
      var largest = 0.0
      for f in 0..<bins {
        var change = 0.0
        for k in 0..<tapers {
          let leak = (1 - concentrations[k]) * variance
          let denominator = concentrations[k] * estimate[f] + leak
          // A channel of zeros: all weights are alike.
          let weight = denominator == 0 ? roots[k] : roots[k] * estimate[f] / denominator
          let difference = weights[k * bins + f] - weight
          change += difference * difference
          weights[k * bins + f] = weight
        }
        largest = max(largest, change / Double(tapers))
      }
      if largest < 1e-10 { break }
      // Eq. 5.3: S = Σ d² S_k / Σ d².
      for f in 0..<bins {
        var (sum, total) = (0.0, 0.0)
        for k in 0..<tapers {
          let square = weights[k * bins + f] * weights[k * bins + f]
          sum += square * powers[k * bins + f]
          total += square
        }
        estimate[f] = total == 0 ? 0 : 2 * sum / total
      }
    }
    return estimate.map { $0 / 2 }
  }
}
