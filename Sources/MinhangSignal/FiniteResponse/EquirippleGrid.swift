#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The frequencies at which an equiripple filter is judged, and the problem brought to a sum of cosines for each of the four symmetries.
///
/// **Source:** McClellan, Parks & Rabiner 1973: for an even number of taps the gain is `cos(πf)` times a sum of cosines, for antisymmetric taps
/// `sin(πf)` or `sin(2πf)` times one; the wanted gain is divided by that factor and the weight multiplied.
struct EquirippleGrid {
  struct Point {
    /// In units of the sampling rate, 0…0.5.
    var frequency: Double
    var gain: Double
    var weight: Double
  }

  let points: [Point]
  /// Number of cosines, from 1 on.
  let cosineCount: Int
  private let tapCount: Int
  private let isAntisymmetric: Bool

  init(tapCount: Int, bands: [DesignBand], kind: ParksMcClellan.Kind, density: Int, sampleRate: Double) {
    self.tapCount = tapCount
    isAntisymmetric = kind != .bands
    let isOdd = tapCount % 2 == 1
    cosineCount = tapCount / 2 + (isOdd && kind == .bands ? 1 : 0)
    let spacing = 0.5 / Double(density * cosineCount)

    var points: [Point] = []
    func point(_ frequency: Double, _ band: DesignBand) -> Point {
      guard kind == .differentiator else { return Point(frequency: frequency, gain: band.lowerGain, weight: band.weight) }
      let isRelative = band.lowerGain >= 0.0001
      return Point(frequency: frequency, gain: band.lowerGain * frequency, weight: isRelative ? band.weight / frequency : band.weight)
    }
    for (index, band) in bands.enumerated() {
      var frequency = band.range.lowerBound / sampleRate
      let end = band.range.upperBound / sampleRate
      // Antisymmetric taps have no gain at 0 Hz.
      if index == 0 && isAntisymmetric && frequency < spacing { frequency = spacing }
      let first = points.count
      repeat {
        points.append(point(frequency, band))
        frequency += spacing
      } while frequency <= end
      // The last point moves to the edge.
      points[max(first, points.count - 1)] = point(end, band)
    }
    // Nor do those of an even number, or antisymmetric ones of an odd number, at half the sampling rate.
    if isAntisymmetric == isOdd, let last = points.last, last.frequency > 0.5 - spacing { points.removeLast() }

    self.points = points.map { point in
      let angle = Double.pi * point.frequency
      let factor =
        switch (kind == .bands, isOdd) {
        case (true, true): 1.0
        case (true, false): cos(angle)
        case (false, false): sin(angle)
        case (false, true): sin(2 * angle)
        }
      return Point(frequency: point.frequency, gain: point.gain / factor, weight: point.weight * factor)
    }
  }

  /// The taps of a sum of cosines `Σ cosines[k] cos(2πkf)`: multiplied out with the symmetry's factor.
  func taps(of cosines: [Double]) -> [Double] {
    let count = cosineCount
    func a(_ k: Int) -> Double { k < count ? cosines[k] : 0 }
    // `half[j]` is the tap at distance j (odd number: centre first) or j + 1/2 from the centre.
    let isOdd = tapCount % 2 == 1
    let half: [Double]
    switch (isAntisymmetric, isOdd) {
    case (false, true): half = (0..<count).map { $0 == 0 ? a(0) : 0.5 * a($0) }
    case (false, false): half = (0..<count).map { $0 == 0 ? 0.5 * a(0) + 0.25 * a(1) : 0.25 * (a($0) + a($0 + 1)) }
    case (true, false): half = (0..<count).map { $0 == 0 ? 0.5 * a(0) - 0.25 * a(1) : 0.25 * (a($0) - a($0 + 1)) }
    case (true, true):
      half = (0...count).map { $0 == 0 ? 0 : $0 == 1 ? 0.5 * a(0) - 0.25 * a(2) : 0.25 * (a($0 - 1) - a($0 + 1)) }
    }
    let first = Array(half.reversed())
    let second = (isOdd ? half.dropFirst() : half[...]).map { isAntisymmetric ? -$0 : $0 }
    return first + second
  }
}
