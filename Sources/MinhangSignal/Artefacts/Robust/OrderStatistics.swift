/// Order statistics of a few values; robust against up to half of them being wild.
///
/// **Source:** Huber & Ronchetti 2009, "Robust statistics"; the quantile is Hyndman & Fan's type 7, as NumPy's default.
enum OrderStatistics {
  /// From the range between the quartiles to the standard deviation of a normal distribution: `1 / (Φ⁻¹(3/4) − Φ⁻¹(1/4))`.
  static let deviationPerQuartileRange = 0.741301109252801
  /// From the median absolute deviation to the standard deviation of a normal distribution: `1 / Φ⁻¹(3/4)`.
  static let deviationPerMedianDeviation = 1.482602218505602

  /// The quantile of sorted values, linear between neighbours; NaN for none.
  static func quantile(_ part: Double, ofSorted values: some RandomAccessCollection<Double>) -> Double {
    guard !values.isEmpty else { return .nan }
    let place = part * Double(values.count - 1)
    let below = min(max(Int(place), 0), values.count - 1)
    let low = values[values.index(values.startIndex, offsetBy: below)]
    let high = values[values.index(values.startIndex, offsetBy: min(below + 1, values.count - 1))]
    return low + (high - low) * (place - Double(below))
  }

  /// The median; NaN for no value.
  static func median(_ values: [Double]) -> Double { quantile(0.5, ofSorted: values.sorted()) }

  /// The standard deviation that a normal distribution of the same quartiles has.
  static func robustDeviation(ofSorted values: some RandomAccessCollection<Double>) -> Double {
    deviationPerQuartileRange * (quantile(0.75, ofSorted: values) - quantile(0.25, ofSorted: values))
  }

  /// The median of the absolute differences from the median.
  static func medianAbsoluteDeviation(_ values: [Double]) -> Double {
    let middle = median(values)
    return median(values.map { ($0 - middle).magnitude })
  }

  /// How many robust standard deviations each value lies from the median; values that are not finite stay NaN and take no part.
  ///
  /// Where the quartiles fall together there is no spread: then every value is at 0 except those that differ, which are at ±∞.
  static func robustScores(_ values: [Double]) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    let middle = quantile(0.5, ofSorted: sorted)
    let spread = robustDeviation(ofSorted: sorted)
    return values.map { value in
      guard value.isFinite else { return .nan }
      return value == middle ? 0 : (value - middle) / spread
    }
  }
}
