import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SpatialFilter {
  /// Which neighbours a Laplacian subtracts.
  public enum LaplacianSize: String, Sendable, Hashable, CaseIterable {
    /// The nearest neighbours.
    case small
    /// The next-nearest neighbours: those at twice the distance in the directions of the nearest.
    case large
  }

  /// The surface Laplacian by finite differences: each channel minus the mean of its neighbours, weighted by the inverse of their distance.
  ///
  /// `y = x − Σ w[n] · x[n]`, `w[n] = (1 / d[n]) / Σ (1 / d)`, with distances along the scalp. The small Laplacian takes the four nearest
  /// electrodes; the large one, for each of those, the electrode nearest to the point twice as far in the same direction, where there is one
  /// (nearer to that point than to half the way), and where there is none at all, the small one's. At the edge of a cap the neighbours lie on
  /// one side: its outputs are differences rather than Laplacians.
  ///
  /// **Source:** Hjorth 1975, Electroencephalogr. Clin. Neurophysiol. 39:526; McFarland, McCane, David & Wolpaw 1997, "Spatial filter
  /// selection for EEG-based communication", Electroencephalogr. Clin. Neurophysiol. 103:386.
  ///
  /// - Parameters:
  ///   - size: Which neighbours.
  ///   - positions: A point for each channel; only its direction from the centre counts.
  ///   - names: Names of the channels, which the outputs keep.
  ///   - neighbours: Nearest neighbours of each channel, at least 1.
  /// - Throws: `SignalError` with `.invalidParameter` where positions are missing, lie at the centre or on one another, or are too few.
  public static func laplacian(
    _ size: LaplacianSize, positions: [HeadPoint], names: [String], neighbours: Int = 4
  ) throws(SignalError) -> SpatialFilter {
    let points = try SphericalSpline.unitSphere(positions, called: "a Laplacian")
    let count = points.count
    guard neighbours >= 1, count > neighbours else {
      throw SignalError(
        .invalidParameter, "a Laplacian of \(neighbours) neighbours over \(count) channels; expected more channels than those")
    }
    let nearest = points.indices.map { nearestNeighbours(of: $0, among: points, count: neighbours) }
    var weights = Matrix.identity(count)
    for (c, small) in nearest.enumerated() {
      var chosen = small
      if size == .large {
        chosen = small.reduce(into: []) { taken, n in
          if let next = neighbour(beyond: n, of: c, among: points), !taken.contains(next) { taken.append(next) }
        }
        if chosen.isEmpty { chosen = small }
      }
      let closeness = chosen.map { 1 / distance(points[c], points[$0]) }
      let sum = closeness.reduce(0, +)
      guard sum.isFinite else {
        throw SignalError(.invalidParameter, "channel \(c) of a Laplacian lies where another one lies; expected places of their own")
      }
      for (n, near) in zip(chosen, closeness) { weights[c, n] = -near / sum }
    }
    return try SpatialFilter(weights, names: names)
  }

  /// A surface Laplacian of channels at their places in the 10-5 system.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` for a name without a place, and as above.
  public static func laplacian(_ size: LaplacianSize, of channels: [String], neighbours: Int = 4) throws(SignalError) -> SpatialFilter {
    try laplacian(size, positions: ElectrodePositions.positions(of: channels), names: channels, neighbours: neighbours)
  }

  /// Indices of the nearest points, nearest first; those equally far in the order of the points.
  private static func nearestNeighbours(of centre: Int, among points: [HeadPoint], count: Int) -> [Int] {
    // Distances that should be equal differ in their last digits: compared in steps of a millionth of the radius.
    let others = points.indices.filter { $0 != centre }.map { (index: $0, steps: (distance(points[centre], points[$0]) * 1e6).rounded()) }
    return others.sorted { ($0.steps, $0.index) < ($1.steps, $1.index) }.prefix(count).map(\.index)
  }

  /// The electrode twice as far from `centre` as `near`, in the same direction.
  private static func neighbour(beyond near: Int, of centre: Int, among points: [HeadPoint]) -> Int? {
    let (from, step) = (points[centre], points[near])
    let target = step * (2 * from.dot(step)) - from  // as far behind the neighbour as the centre before it, on one great circle
    let candidate = nearestNeighbours(of: points.count, among: points + [target], count: 1).first
    guard let candidate, candidate != centre, candidate != near else { return nil }
    return distance(points[candidate], target) < distance(from, step) / 2 ? candidate : nil
  }

  /// Along the scalp, in radii; exact for small distances too.
  private static func distance(_ a: HeadPoint, _ b: HeadPoint) -> Double { atan2(a.cross(b).length, a.dot(b)) }
}
