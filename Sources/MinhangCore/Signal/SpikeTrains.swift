/// The spikes of several units, each a time and a unit: 12 bytes a spike, in the order of time.
public struct SpikeTrains: Sendable, Hashable {
  /// The names of the units; a unit may have no spike.
  public let units: [String]
  /// Seconds, none below the one before it, all finite.
  public let times: [Double]
  /// For each spike the index of its unit.
  public let owners: [UInt32]

  /// Puts spikes in the order of time; spikes of one time stay in their order.
  ///
  /// Complexity: `O(n)` where they are in order, else `O(n log n)`.
  ///
  /// - Parameters:
  ///   - units: Names.
  ///   - times: Seconds, finite.
  ///   - owners: For each spike the index of its unit.
  public init(units: [String], times: [Double], owners: [UInt32]) {
    precondition(times.count == owners.count, "\(times.count) times and \(owners.count) owners")
    precondition(owners.allSatisfy { Int($0) < units.count }, "a spike of none of \(units.count) units")
    precondition(times.allSatisfy(\.isFinite), "a time that is not finite")
    self.units = units
    if zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) {
      (self.times, self.owners) = (times, owners)
      return
    }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    self.times = order.map { times[$0] }
    self.owners = order.map { owners[$0] }
  }

  /// The number of spikes.
  public var count: Int { times.count }

  /// For each unit the number of its spikes.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: units.count)
    for owner in owners { counts[Int(owner)] += 1 }
    return counts
  }

  /// The spikes as events without a duration, in the order of time.
  public var events: [Event] { zip(times, owners).map { Event(onset: $0, label: units[Int($1)]) } }
}
