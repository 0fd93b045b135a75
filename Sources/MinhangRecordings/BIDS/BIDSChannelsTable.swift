import MinhangCore

/// `channels.tsv`: what a dataset says of a recording's channels.
struct BIDSChannelsTable {
  private struct Row {
    var name: String
    var type: String?
    var unit: String?
    var highPass: Double?
    var lowPass: Double?
    var rate: Double?
    var status: String?
  }

  private var rows: [Row] = []
  private let mostRows = 100_000

  init(_ table: BIDSTable, log: inout WarningLog) {
    guard let name = table.column("name") else {
      log.add(.sidecar, "channels.tsv: there is no column \"name\"; not used")
      return
    }
    let (type, units, rate) = (table.column("type"), table.column("units"), table.column("sampling_frequency"))
    let (low, high, status) = (table.column("low_cutoff"), table.column("high_cutoff"), table.column("status"))
    var seen: Set<String> = []
    var repeated = 0
    table.forEachRow { fields in
      guard rows.count < mostRows, let label = fields[name] else { return }
      guard seen.insert(label).inserted else {
        repeated += 1
        return
      }
      rows.append(
        Row(
          name: label, type: fields[type], unit: fields[units], highPass: Self.frequency(fields[low]),
          lowPass: Self.frequency(fields[high]),
          rate: Self.frequency(fields[rate]), status: fields[status]))
    }
    if repeated > 0 { log.add(.sidecar, "channels.tsv: \(repeated) rows repeat a name; the first of each is used") }
  }

  private static func frequency(_ text: String?) -> Double? {
    text.flatMap { DecimalNumber.value($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// Brings the rows to the channels.
  ///
  /// - Parameter scales: For each channel the factor that its samples then need.
  func apply(to channels: inout [Channel], scales: inout [Double], log: inout WarningLog) {
    guard !rows.isEmpty, !channels.isEmpty else { return }
    var findings = Findings()
    for (row, index) in matches(channels, log: &log) {
      apply(row, to: &channels[index], scale: &scales[index], findings: &findings)
    }
    findings.tell(&log)
    let bad = channels.filter(\.isBad).map(\.name)
    if !bad.isEmpty { log.note(.sidecar, "channels.tsv calls \(Findings.listed(bad)) bad") }
  }

  private func apply(_ row: Row, to channel: inout Channel, scale: inout Double, findings: inout Findings) {
    if let type = row.type {
      if let kind = BIDSChannelType.kind(type) { channel.kind = kind } else { findings.types.append("\(channel.name) (\(type))") }
    }
    if let unit = row.unit.map({ PhysicalUnit($0) }), channel.unit != .boolean, unit != channel.unit {
      if channel.unit == .none, channel.isCalibrated {
        channel.unit = unit
        scale = unit.microvoltsPerUnit ?? 1
        findings.givenUnits.append(channel.name)
      } else if channel.unit.microvoltsPerUnit != nil || unit.microvoltsPerUnit != nil {
        findings.units.append("\(channel.name) (\(unit.symbol), in the file \(channel.unit.symbol))")
      }
    }
    if let rate = row.rate, abs(rate - channel.sampleRate) > 1e-3 * rate {
      findings.rates.append("\(channel.name) (\(DelimitedText.number(rate)), in the file \(DelimitedText.number(channel.sampleRate)))")
    }
    if channel.prefilter.isEmpty {
      channel.prefilter = [row.highPass.map { "HP:\(DelimitedText.number($0))Hz" }, row.lowPass.map { "LP:\(DelimitedText.number($0))Hz" }]
        .compactMap { $0 }.joined(separator: " ")
    }
    if let status = row.status {
      if let quality = Channel.Quality(rawValue: status.lowercased()) {
        channel.quality = quality
      } else {
        findings.states.append("\(channel.name) (\(status))")
      }
    }
  }

  /// Each row with its channel: the same label, else the same cleaned name; where no name is known and the numbers agree, the same place.
  private func matches(_ channels: [Channel], log: inout WarningLog) -> [(Row, Int)] {
    let labels = Dictionary(channels.map { ($0.label, $0.index) }, uniquingKeysWith: { a, _ in a })
    let names = Dictionary(channels.map { ($0.name, $0.index) }, uniquingKeysWith: { a, _ in a })
    let keys = Dictionary(channels.map { (ChannelName.key($0.label), $0.index) }, uniquingKeysWith: { a, _ in a })
    var taken: Set<Int> = []
    var found: [(Row, Int)] = []
    var unknown: [String] = []
    for row in rows {
      let index = names[row.name] ?? labels[row.name] ?? keys[ChannelName.key(row.name)]
      if let index, taken.insert(index).inserted { found.append((row, index)) } else { unknown.append(row.name) }
    }
    // Files list them as channels, which they are not.
    unknown.removeAll { ["EDF Annotations", "BDF Annotations"].contains($0) }
    if found.isEmpty, rows.count == channels.count {
      log.add(
        .sidecar,
        "channels.tsv: none of its \(rows.count) names is in the file (the first is \(rows[0].name.quotedForDisplay())); taken in their order"
      )
      return Array(zip(rows, channels.indices))
    }
    if !unknown.isEmpty { log.add(.label, "channels.tsv: \(Findings.listed(unknown)) not in the file; left out") }
    let missing = channels.filter { !taken.contains($0.index) }
    if !missing.isEmpty {
      let message = "channels.tsv has no row for \(Findings.listed(missing.map(\.name)))"
      if missing.allSatisfy({ $0.kind == .trigger }) { log.note(.sidecar, message) } else { log.add(.label, message) }
    }
    return found
  }

  /// What does not fit, gathered so that each kind is told once.
  private struct Findings {
    var types: [String] = []
    var units: [String] = []
    var givenUnits: [String] = []
    var rates: [String] = []
    var states: [String] = []

    func tell(_ log: inout WarningLog) {
      if !types.isEmpty { log.add(.label, "channels.tsv: unknown type of \(Self.listed(types)); the kind is that of the label") }
      if !units.isEmpty { log.add(.unit, "channels.tsv: other unit than the file's for \(Self.listed(units)); the file is believed") }
      if !rates.isEmpty {
        log.add(.sampleRate, "channels.tsv: other sampling_frequency than the file's for \(Self.listed(rates)); the file is believed")
      }
      if !states.isEmpty { log.add(.sidecar, "channels.tsv: status of \(Self.listed(states)) is not good, bad or n/a; not used") }
      if !givenUnits.isEmpty {
        log.note(.sidecar, "channels.tsv gives the unit of \(Self.listed(givenUnits)), for which the file has none")
      }
    }

    static func listed(_ names: [String]) -> String {
      let shown = names.prefix(4).map { $0.quotedForDisplay(limit: 40) }.joined(separator: ", ")
      return "\(names.count) channel\(names.count == 1 ? "" : "s") (\(shown)\(names.count > 4 ? ", …" : ""))"
    }
  }
}
