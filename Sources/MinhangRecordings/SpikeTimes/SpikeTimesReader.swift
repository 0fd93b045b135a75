import MinhangCore

/// A recording that holds the times of spikes.
public protocol SpikeRecording: RecordingReader {
  /// The spikes, without the other events; times in seconds from the recording's first sample, or from the zero of its clock where it has none.
  var spikes: SpikeTrains { get }
}

/// Reads recordings of spike times alone: tables, NumPy archives, Blackrock NEV.
///
/// There are no channels; each spike is an event, labelled with its unit. Holds 12 bytes a spike.
public struct SpikeTimesReader: SpikeRecording {
  /// Spikes that are kept of a file.
  static let mostSpikes = 20_000_000
  /// Units that are told apart.
  static let mostUnits = 65_536

  /// What the recording holds; no channels.
  public let recording: RecordingInfo
  /// The spikes.
  public let spikes: SpikeTrains
  /// Events other than spikes, sorted by onset.
  private let others: [Event]

  init(recording: RecordingInfo, spikes: SpikeTrains, others: [Event] = []) {
    self.recording = recording
    self.spikes = spikes
    self.others = others
  }

  /// The spikes and the other events, sorted by onset.
  public func events() throws(RecordingError) -> [Event] {
    others.isEmpty ? spikes.events : Event.sortedByOnset(spikes.events + others)
  }

  /// How often each label occurs, without making an event of each spike.
  public func eventCounts() throws(RecordingError) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (unit, count) in zip(spikes.units, spikes.counts) where count > 0 { counts[unit, default: 0] += count }
    for event in others { counts[event.label, default: 0] += 1 }
    return counts
  }

  /// There are no samples to read: the block becomes empty.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    try fill(&block, with: samples, of: channels, segment: 0) { (_, _, _) throws(RecordingError) in }
  }
}

/// Spikes as they are found in a file, and the names of their units.
struct SpikeCollection {
  private(set) var units: [String] = []
  private(set) var times: [Double] = []
  private(set) var owners: [UInt32] = []
  /// Spikes beyond the limits.
  private(set) var dropped = 0
  private var places: [String: UInt32] = [:]

  /// The index of a unit; nil where there are too many.
  mutating func unit(_ name: String) -> UInt32? {
    if let place = places[name] { return place }
    guard units.count < SpikeTimesReader.mostUnits else { return nil }
    let place = UInt32(units.count)
    places[name] = place
    units.append(name)
    return place
  }

  /// Adds a spike at a finite time.
  mutating func add(_ time: Double, unit name: String) { add(time, unit: unit(name)) }

  mutating func add(_ time: Double, unit: UInt32?) {
    guard let unit, times.count < SpikeTimesReader.mostSpikes else {
      dropped += 1
      return
    }
    times.append(time)
    owners.append(unit)
  }

  func report(log: inout WarningLog) {
    guard dropped > 0 else { return }
    log.add(
      .annotationLimit,
      "there are \(times.count + dropped) spikes of \(units.count) or more units; \(times.count) are kept (at most \(SpikeTimesReader.mostSpikes) of \(SpikeTimesReader.mostUnits) units)"
    )
  }

  /// The spikes in order of time; units that are all numbers in order of number, others in the order of their first spike.
  func trains() -> SpikeTrains {
    let numbers = units.map { Int($0) }
    guard numbers.allSatisfy({ $0 != nil }) else { return SpikeTrains(units: units, times: times, owners: owners) }
    let order = units.indices.sorted { numbers[$0]! < numbers[$1]! }
    var place = [UInt32](repeating: 0, count: units.count)
    for (new, old) in order.enumerated() { place[old] = UInt32(new) }
    return SpikeTrains(units: order.map { units[$0] }, times: times, owners: owners.map { place[Int($0)] })
  }
}
