import MinhangCore

/// The tables that stand beside a recording in a dataset.
///
/// **Source:** BIDS specification 1.10: tab, UTF-8, a header, `n/a` for what is not known.
enum BIDSTables {
  /// `_channels.tsv`: the columns that iEEG requires come in its order, which EEG allows.
  static func channels(_ channels: [Channel]) -> String {
    let names = names(channels)
    let rows = zip(channels, names).map { channel, name -> [String] in
      let filters = PrefilterText(channel.prefilter)
      return [
        name, BIDSChannelType.word(channel.kind), unit(channel.unit), filters.highPass ?? "n/a", filters.lowPass ?? "n/a",
        filters.notch ?? "n/a", DelimitedText.number(channel.sampleRate), channel.quality?.rawValue ?? "n/a",
      ]
    }
    return text([["name", "type", "units", "low_cutoff", "high_cutoff", "notch", "sampling_frequency", "status"]] + rows)
  }

  /// `_electrodes.tsv`; nil where no channel has a position in one unit.
  static func electrodes(_ channels: [Channel], datatype: String) -> String? {
    guard space(channels) != nil else { return nil }
    let isScalp = datatype == "eeg"
    let rows = zip(channels, names(channels)).filter { $0.0.kind.isNeural || $0.0.position != nil }.map { channel, name -> [String] in
      let place = channel.position.map { [$0.x, $0.y, $0.z].map(DelimitedText.number) } ?? ["n/a", "n/a", "n/a"]
      return [name] + place + (isScalp ? [] : ["n/a"])
    }
    return text([["name", "x", "y", "z"] + (isScalp ? [] : ["size"])] + rows)
  }

  /// What the positions' numbers count; nil where there are none, or of several kinds.
  static func space(_ channels: [Channel]) -> SensorPosition.Unit? {
    let units = Set(channels.compactMap { $0.position?.unit })
    return units.count == 1 ? units.first : nil
  }

  /// `_coordsystem.json`.
  static func coordinateSystem(_ unit: SensorPosition.Unit, datatype: String) -> JSONValue {
    let prefix = datatype == "eeg" ? "EEG" : "iEEG"
    let isKnown = datatype == "eeg" && unit == .metre
    let words = "x to the right, y to the front, z up, from the centre of the head"
    let scale = unit == .headRadius ? "; in radii of a head taken for a sphere" : unit == .metre ? "" : "; in units that are not known"
    return .object([
      .init(prefix + "CoordinateSystem", .string(isKnown ? "CapTrak" : "Other")),
      .init(prefix + "CoordinateSystemDescription", .string(words + scale)),
      .init(prefix + "CoordinateUnits", .string(unit == .metre ? "m" : "n/a")),
    ])
  }

  /// The entity `space` of the files of positions.
  static func spaceLabel(_ unit: SensorPosition.Unit, datatype: String) -> String {
    datatype == "eeg" && unit == .metre ? "CapTrak" : "Other"
  }

  /// `_events.json`.
  static func eventColumns(_ events: [Event]) -> JSONValue {
    let labels = Set(events.map { $0.label.escapedForDisplay }).sorted()
    var trialType: [JSONValue.Member] = [.init("Description", .string("What happened."))]
    if labels.count <= 100, !labels.contains("") {
      trialType.append(.init("Levels", .object(labels.map { .init($0, .string("Marked \($0) in the recording")) })))
    }
    return .object([
      .init("onset", ["Description": .string("Time from the first sample."), "Units": .string("s")]),
      .init("duration", ["Description": .string("How long it lasted."), "Units": .string("s")]),
      .init("trial_type", .object(trialType)),
      .init("sample", ["Description": .string("The nearest stored sample, counted from 0.")]),
    ])
  }

  /// The names as the data file has them: what other readers look for; unique names where labels repeat.
  static func names(_ channels: [Channel]) -> [String] {
    let labels = channels.map { $0.label.trimmingSpaces.escapedForDisplay }
    let isUsable = Set(labels).count == labels.count && !labels.contains("") && !labels.contains("n/a")
    return isUsable ? labels : channels.map { $0.name.escapedForDisplay }
  }

  private static func unit(_ unit: PhysicalUnit) -> String {
    let symbol = unit.symbol.escapedForDisplay
    return symbol.isEmpty || unit == .boolean ? "n/a" : symbol
  }

  static func text(_ rows: [[String]]) -> String { rows.map { $0.joined(separator: "\t") + "\n" }.joined() }
}

/// A channel's filters, out of the words that EDF standardises: `HP:0.1Hz LP:75Hz N:50Hz`.
///
/// **Source:** EDF+ specification, "Additional specifications", prefiltering.
struct PrefilterText {
  /// Cutoff of the high-pass filter, Hz, as text; nil where none is stated.
  private(set) var highPass: String?
  /// Cutoff of the low-pass filter, Hz, as text.
  private(set) var lowPass: String?
  /// Frequency of the notch filter, Hz, as text.
  private(set) var notch: String?

  init(_ text: String) {
    for word in text.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "," || $0 == "\t" }) {
      guard let colon = word.firstIndex(of: ":") else { continue }
      var number = word[word.index(after: colon)...]
      if number.lowercased().hasSuffix("hz") { number = number.dropLast(2) }
      guard let value = DecimalNumber.value(String(number)), value.isFinite, value > 0 else { continue }
      let shown = DelimitedText.number(value)
      switch word[..<colon].uppercased() {
      case "HP": highPass = highPass ?? shown
      case "LP": lowPass = lowPass ?? shown
      case "N": notch = notch ?? shown
      default: break
      }
    }
  }
}
