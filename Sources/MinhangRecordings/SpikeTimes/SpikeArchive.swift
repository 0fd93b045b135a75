import MinhangCore

/// Names of the arrays of spikes in a NumPy archive.
///
/// `spike_times` holds a time for each spike: seconds, or whole numbers of samples at the rate that `fs` (or another name of a rate) states.
/// The units stand in an array as long (`spike_clusters`, `spike_units`, `units` …: their numbers or names), or the times of one unit lie behind
/// those of the other and `spike_times_index` tells where each unit's end. An archive without either has one unit.
enum SpikeArchive {
  static let timeNames = ["spike_times", "spiketimes", "spike_time"]
  static let unitNames = [
    "spike_clusters", "spike_units", "spike_unit", "spike_ids", "spike_channels", "unit_ids", "unit_id", "units", "unit", "clusters",
    "cluster_ids", "channels", "electrodes",
  ]
  /// Spikes that any archive may have.
  static let fewSpikes = 4_000_000
  static let nameNames = ["unit_names", "unit_labels", "unit_ids", "units"]
}

extension NPZOpening {
  /// Reads the spike times of an archive.
  mutating func openSpikes(_ timeName: String, options: OpeningOptions, log: inout WarningLog) throws(RecordingError) {
    // Of no honest archive a spike takes less than a byte; one that is small must not become large in memory.
    let limit = min(SpikeTimesReader.mostSpikes, max(SpikeArchive.fewSpikes, info.byteCount))
    guard let header = try header(timeName), !header.type.isText, header.shape.count == 1 || header.shape.contains(1),
      var times = try numbers(timeName, atMost: limit)
    else {
      throw RecordingError(
        .badData, path: path,
        "array \(timeName.quotedForDisplay()) is no list of at most \(limit) numbers, or is cut; expected a time for each spike")
    }
    if header.type.kind != .real {
      guard let rate = try sampleRate(options) else {
        throw RecordingError(
          .badData, path: path,
          "array \(timeName.quotedForDisplay()) counts samples and the archive states no sampling rate (fs, sfreq or srate); expected it to be stated (--input-rate HZ)"
        )
      }
      for k in times.indices { times[k] /= rate }
    }
    var collection = SpikeCollection()
    let units = try spikeUnits(timeName, count: times.count, collection: &collection, log: &log)
    var unusable = 0
    for (k, time) in times.enumerated() {
      guard time.isFinite, let unit = units(k) else {
        unusable += 1
        continue
      }
      collection.add(time, unit: unit)
    }
    if unusable > 0 { log.add(.numberStyle, "\(unusable) of \(times.count) spikes have no finite time or no unit; left out") }
    collection.report(log: &log)
    let trains = collection.trains()
    spikes = trains
    info.duration = max(info.duration, trains.times.last ?? 0)
    if trains.count == 0 { log.add(.emptyChannel, "the archive holds no spike") }
  }

  /// What gives the name of the unit of each spike.
  private mutating func spikeUnits(
    _ timeName: String, count: Int, collection: inout SpikeCollection, log: inout WarningLog
  ) throws(RecordingError) -> (Int) -> String? {
    for name in SpikeArchive.unitNames where entry(name) != nil {
      if let numbers = try numbers(name, atMost: count), numbers.count == count {
        return { Int(exactly: numbers[$0]).map(String.init) }
      }
      if let texts = try texts(name, atMost: count), texts.count == count { return { texts[$0] } }
    }
    let index = timeName + "_index"
    if let ends = try numbers(index, atMost: SpikeTimesReader.mostUnits) {
      guard ends.last == Double(count), ends.first.map({ $0 >= 0 }) == true, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw RecordingError(
          .badData, path: path,
          "array \(index.quotedForDisplay()) does not rise to \(count), the number of spikes; expected where each unit's spikes end")
      }
      var names: [String]?
      for name in SpikeArchive.nameNames where names == nil {
        names = try texts(name, atMost: ends.count)
        if names == nil { names = try numbers(name, atMost: ends.count)?.map { Int(exactly: $0).map(String.init) ?? "\($0)" } }
        if names?.count != ends.count { names = nil }
      }
      // A unit without spikes is known all the same.
      for unit in ends.indices { _ = collection.unit(names?[unit] ?? String(unit)) }
      return { spike in
        let unit = ends.partitioningIndex { $0 > Double(spike) }
        return names?[unit] ?? String(unit)
      }
    }
    log.note(.label, "the archive names no units of the spikes; they are taken for one")
    return { _ in "unit1" }
  }
}
