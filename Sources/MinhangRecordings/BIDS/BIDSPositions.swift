import MinhangCore

/// `electrodes.tsv` with its `coordsystem.json`: where the sensors sit.
///
/// **Source:** BIDS specification, appendix "Coordinate systems": CTF, 4D, KIT and EEGLAB point x to the front and y to the left; the others x to the
/// right and y to the front.
struct BIDSPositions {
  private var places: [String: SensorPosition] = [:]

  /// Reads the table that is nearest to a recording.
  ///
  /// - Returns: nil where there is none that can be used.
  init?(_ search: BIDSSidecarSearch, log: inout WarningLog) {
    let files = search.files("electrodes", ".tsv", free: ["space"])
    // Of several spaces the one of the head itself, not that of a template brain.
    let best = files.first { $0.name["space"] == nil } ?? files.first { $0.name["space"] == "CapTrak" } ?? files.first
    guard let best, let table = BIDSSidecarSearch.table(best.path, log: &log) else { return nil }
    guard let name = table.column("name"), let x = table.column("x"), let y = table.column("y"), let z = table.column("z") else {
      log.add(.sidecar, "electrodes.tsv: it lacks one of the columns name, x, y, z; not used")
      return nil
    }
    let space = best.name["space"]
    let system = search.files("coordsystem", ".json", free: ["space"]).first { $0.name["space"] == space }
    let json = system.flatMap { BIDSSidecarSearch.json($0.path, log: &log) }
    let prefix = search.name.suffix == "eeg" ? "EEG" : "iEEG"
    let frame = Frame(json, prefix: prefix, space: space, log: &log)
    var (bad, largest) = (0, 0.0)
    table.forEachRow { fields in
      guard let label = fields[name], fields[x] != nil || fields[y] != nil || fields[z] != nil else { return }
      let numbers = [x, y, z].compactMap { fields[$0].flatMap { DecimalNumber.value($0) } }.filter { $0.isFinite && $0.magnitude < 1e9 }
      guard numbers.count == 3 else {
        bad += 1
        return
      }
      let place = frame.position(numbers)
      largest = max(largest, abs(place.x), abs(place.y), abs(place.z))
      let key = ChannelName.key(label)
      if places[key] == nil { places[key] = place }
    }
    if bad > 0 { log.add(.sidecar, "electrodes.tsv: \(bad) rows have no three usable numbers; left out") }
    if frame.unit == .metre, largest > 1 {
      log.add(
        .sidecar, "electrodes.tsv: positions reach \(DelimitedText.number(largest)) m from the origin; the unit is hardly what is stated")
    }
    if files.count > 1 {
      log.note(.sidecar, "electrodes.tsv: \(files.count) sets of positions apply; that of space \(space ?? "n/a") is taken")
    }
  }

  /// Gives the channels their positions.
  func apply(to channels: inout [Channel], log: inout WarningLog) {
    for index in channels.indices {
      if let place = places[ChannelName.key(channels[index].label)] ?? places[ChannelName.key(channels[index].name)] {
        channels[index].position = place
      }
    }
  }

  /// What the numbers count and where the axes point.
  private struct Frame {
    var unit = SensorPosition.Unit.unknown
    private var scale = 1.0
    private var isFrontLeft = false

    init(_ json: JSONValue?, prefix: String, space: String?, log: inout WarningLog) {
      guard let json else {
        log.note(.sidecar, "electrodes.tsv: there is no coordsystem.json beside it; the unit of the positions is not known")
        return
      }
      switch json[prefix + "CoordinateUnits"]?.stringValue {
      case "m": unit = .metre
      case "cm": (unit, scale) = (.metre, 1e-2)
      case "mm": (unit, scale) = (.metre, 1e-3)
      case "n/a", "pixels": break
      case let other:
        log.add(
          .sidecar,
          "coordsystem.json: \(prefix)CoordinateUnits is \((other ?? "missing").quotedForDisplay()); expected m, cm, mm, pixels or n/a")
      }
      if unit == .unknown, json[prefix + "CoordinateSystemDescription"]?.stringValue?.contains("radii of a head") == true {
        unit = .headRadius
      }
      let system = json[prefix + "CoordinateSystem"]?.stringValue ?? space ?? ""
      isFrontLeft = ["CTF", "4DBti", "KitYokogawa", "EEGLAB", "EEGLAB-HJ"].contains(system)
    }

    func position(_ numbers: [Double]) -> SensorPosition {
      let (x, y) = isFrontLeft ? (-numbers[1], numbers[0]) : (numbers[0], numbers[1])
      return SensorPosition(x: x * scale, y: y * scale, z: numbers[2] * scale, unit: unit)
    }
  }
}
