/// What is summed over windows, for every pair of channels and every bin.
struct ConnectivitySums: Sendable, Hashable {
  /// Numbers kept for a pair and a bin: real and imaginary part, those of the direction, sign and magnitude of the imaginary part.
  static let count = 6

  let binCount: Int
  /// `|X|²`, `[channels × bins]`.
  private(set) var power: [Double]
  /// `[pairs × sums × bins]`, the sums in the order of `Row`.
  private(set) var values: [Double]

  enum Row: Int {
    case real, imaginary, directionReal, directionImaginary, sign, magnitude
  }

  init(channelCount: Int, pairCount: Int, binCount: Int) {
    self.binCount = binCount
    power = [Double](repeating: 0, count: channelCount * binCount)
    values = [Double](repeating: 0, count: pairCount * Self.count * binCount)
  }

  /// Adds one window: `spectra` is `[channels × tapers × bins × 2]`.
  ///
  /// The cross-spectrum of a pair is `Σ X_first · conj(X_second)` over tapers.
  mutating func add(_ spectra: [Double], tapers: Int, pairs: [ChannelPair]) {
    let bins = binCount
    spectra.withUnsafeBufferPointer { spectra in
      let spectrum = spectra.baseAddress!
      power.withUnsafeMutableBufferPointer { power in
        for row in 0..<(power.count / bins) {
          for k in 0..<tapers {
            let x = spectrum + (row * tapers + k) * bins * 2
            for f in 0..<bins { power[row * bins + f] += x[2 * f] * x[2 * f] + x[2 * f + 1] * x[2 * f + 1] }
          }
        }
      }
      values.withUnsafeMutableBufferPointer { values in
        for (p, pair) in pairs.enumerated() {
          let sums = values.baseAddress! + p * Self.count * bins
          let first = spectrum + pair.first * tapers * bins * 2
          let second = spectrum + pair.second * tapers * bins * 2
          for f in 0..<bins {
            var (real, imaginary) = (0.0, 0.0)
            for k in 0..<tapers {
              let i = 2 * (k * bins + f)
              real += first[i] * second[i] + first[i + 1] * second[i + 1]
              imaginary += first[i + 1] * second[i] - first[i] * second[i + 1]
            }
            sums[f] += real
            sums[bins + f] += imaginary
            let magnitude = ComplexNumber(real, imaginary).magnitude
            // No power in one of the channels: no direction.
            if magnitude != 0 {
              sums[2 * bins + f] += real / magnitude
              sums[3 * bins + f] += imaginary / magnitude
            }
            sums[4 * bins + f] += imaginary > 0 ? 1 : imaginary < 0 ? -1 : imaginary  // 0 and NaN stay what they are
            sums[5 * bins + f] += imaginary.magnitude
          }
        }
      }
    }
  }

  /// One sum of one pair over the bins.
  func row(_ row: Row, pair: Int) -> ArraySlice<Double> {
    let start = (pair * Self.count + row.rawValue) * binCount
    return values[start..<(start + binCount)]
  }

  /// One channel's `|X|²` over the bins.
  func power(channel: Int) -> ArraySlice<Double> { power[(channel * binCount)..<((channel + 1) * binCount)] }
}
