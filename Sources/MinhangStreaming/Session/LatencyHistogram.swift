#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How long many blocks took, in memory that does not grow: 64 bins an octave from a nanosecond up, so that a quantile is right to 1.1 %.
struct LatencyHistogram: Sendable {
  private static let binsPerOctave = 64.0
  private static let shortest = 1e-9
  private var counts = [Int](repeating: 0, count: 64 * 45)
  private(set) var count = 0
  private(set) var maximum = 0.0

  mutating func add(_ seconds: Double) {
    let place = log2(max(seconds, Self.shortest) / Self.shortest) * Self.binsPerOctave
    counts[min(counts.count - 1, Int(place))] += 1
    count += 1
    maximum = max(maximum, seconds)
  }

  /// The time that a share of the blocks did not exceed, seconds; 0 without blocks.
  func quantile(_ share: Double) -> Double {
    var left = Int((share * Double(count)).rounded(.up))
    for (bin, blocks) in counts.enumerated() where blocks > 0 {
      left -= blocks
      if left <= 0 { return min(maximum, Self.shortest * exp2((Double(bin) + 1) / Self.binsPerOctave)) }
    }
    return maximum
  }
}
