import MinhangCore

/// Which channel of a SpikeGLX file is which, and how its numbers become volts: `V = i · Vmax / Imax / gain`.
///
/// **Source:** SpikeGLX documentation, Metadata: "imec (and nidq) voltage conversion"; SpikeGLX_Datafile_Tools, the gains of the probe types.
struct SpikeGLXChannels {
  /// What a saved channel is, from the order in which the program acquires.
  enum Kind: String { case ap = "AP", lf = "LF", sync = "SY", neural = "MN", auxiliary = "MA", analog = "XA", digital = "XD" }

  /// For each saved channel its kind and the place of it among the acquired channels of the kind.
  private(set) var kinds: [(kind: Kind, number: Int)] = []
  /// For each saved channel its place among the acquired ones.
  private var acquiredPlaces: [Int] = []
  let rate: Double
  private let voltsPerStep: Double
  private let family: String

  init(_ meta: SpikeGLXMeta) throws(RecordingError) {
    let saved = try meta.whole("nSavedChans", in: 1...65_535)
    family = meta["typeThis"] ?? ""
    let prefix: String
    let kinds: [Kind]
    var defaultSteps: Double
    switch family {
    case "imec": (prefix, kinds, defaultSteps) = ("im", [.ap, .lf, .sync], 512)
    case "nidq": (prefix, kinds, defaultSteps) = ("ni", [.neural, .auxiliary, .analog, .digital], 32_768)
    case "obx": (prefix, kinds, defaultSteps) = ("ob", [.analog, .digital, .sync], 32_768)
    default: throw meta.wrong("typeThis", "imec, nidq or obx")
    }
    rate = try meta.rate(prefix + "SampRate")
    if let probe = meta["imDatPrb_type"].flatMap(HeaderNumber.whole), Self.knownGain(probe) != nil { defaultSteps = 8192 }
    let steps = meta[prefix + "MaxInt"] == nil ? defaultSteps : try meta.positive(prefix + "MaxInt")
    voltsPerStep = try meta.positive(prefix + "AiRangeMax") / steps
    let key = family == "imec" ? "ApLfSy" : family == "nidq" ? "MnMaXaDw" : "XaDwSy"
    guard let savedCounts = try meta.counts("sns" + key) else { throw meta.missing("sns" + key) }
    guard savedCounts.count == kinds.count, savedCounts.reduce(0, +) == saved else {
      throw meta.wrong("sns" + key, "\(kinds.count) numbers with the sum nSavedChans = \(saved)")
    }
    let acquired = try meta.counts("acq" + key) ?? savedCounts
    guard acquired.count == kinds.count else { throw meta.wrong("acq" + key, "\(kinds.count) numbers") }
    let all = zip(kinds, acquired).flatMap { kind, count in (0..<count).map { (kind, $0) } }
    let subset = Self.subset(meta["snsSaveChanSubset"], limit: all.count)
    if let subset, subset.count == saved, zip(kinds, savedCounts).allSatisfy({ kind, n in subset.count { all[$0].0 == kind } == n }) {
      acquiredPlaces = subset
      self.kinds = subset.map { all[$0] }
    } else if let text = meta["snsSaveChanSubset"], text != "all" {
      throw meta.wrong(
        "snsSaveChanSubset", "\"all\", or \(saved) of the \(all.count) acquired channels, of the kinds that sns\(key) counts")
    } else {
      // Nothing is said: the first channels of each kind.
      for ((kind, count), (first, limit)) in zip(zip(kinds, savedCounts), zip(Self.starts(acquired), acquired)) {
        guard count <= limit else { throw meta.wrong("sns" + key, "at most the channels that acq\(key) counts") }
        self.kinds += (0..<count).map { (kind, $0) }
        acquiredPlaces += first..<(first + count)
      }
    }
  }

  /// For each kind the place of its first channel.
  private static func starts(_ counts: [Int]) -> [Int] {
    var next = 0
    return counts.map { count in
      defer { next += count }
      return next
    }
  }

  /// The channels of a list such as `0:3,5,768`; nil where it is none, or names a channel that does not exist, or one twice.
  private static func subset(_ text: String?, limit: Int) -> [Int]? {
    guard let text else { return nil }
    if text == "all" { return Array(0..<limit) }
    var places: [Int] = []
    var known = Set<Int>()
    for part in text.split(separator: ",") {
      let ends = part.split(separator: ":").map { HeaderNumber.whole(String($0).trimmingSpaces) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0, first <= last, last < limit
      else {
        return nil
      }
      for place in first...last {
        guard known.insert(place).inserted else { return nil }
        places.append(place)
      }
    }
    return places
  }

  /// The labels: those of the channel map, whose entries are `NAME;ACQUIRED:ORDER`, or the kind with a number.
  func labels(_ meta: SpikeGLXMeta) -> [String] {
    var names: [Int: String] = [:]
    for entry in meta.table("snsChanMap").dropFirst() {
      let parts = entry.split(separator: ";", maxSplits: 1)
      guard parts.count == 2, let acquired = HeaderNumber.whole(String(parts[1].prefix { $0 != ":" })) else { continue }
      names[acquired] = String(parts[0])
    }
    return kinds.indices.map { k in names[acquiredPlaces[k]] ?? kinds[k].kind.rawValue + String(kinds[k].number) }
  }

  /// For each saved channel µV in a stored step; nil where the gain is not known, 0 for digital words.
  func microvoltsPerStep(_ meta: SpikeGLXMeta) throws(RecordingError) -> [Double?] {
    let table = meta.table("imroTbl")
    let probe = meta["imDatPrb_type"].flatMap(HeaderNumber.whole) ?? 0
    let fixed = (ap: try optional(meta, "imChan0apGain"), lf: try optional(meta, "imChan0lfGain"))
    let main = family == "nidq" ? (mn: try optional(meta, "niMNGain"), ma: try optional(meta, "niMAGain")) : (mn: nil, ma: nil)
    return kinds.map { kind, number in
      let gain: Double?
      switch kind {
      case .ap: gain = Self.gain(table, probe: probe, row: number, column: 3) ?? fixed.ap ?? Self.knownGain(probe)
      case .lf: gain = Self.gain(table, probe: probe, row: number, column: 4) ?? fixed.lf
      case .neural: gain = main.mn
      case .auxiliary: gain = main.ma
      case .analog: gain = 1
      case .sync, .digital: return 0
      }
      guard let gain, gain > 0, (voltsPerStep / gain * 1e6).isNormal else { return nil }
      return voltsPerStep / gain * 1e6
    }
  }

  private func optional(_ meta: SpikeGLXMeta, _ key: String) throws(RecordingError) -> Double? {
    meta[key] == nil ? nil : try meta.positive(key)
  }

  /// Probes whose channels have gains of their own, in the table of the selected electrodes.
  private static let probesWithGains: Set<Int> = [
    0, 1015, 1016, 1020, 1021, 1022, 1030, 1031, 1032, 1033, 1100, 1120, 1121, 1122, 1123, 1200, 1300,
  ]

  private static func gain(_ table: [Substring], probe: Int, row: Int, column: Int) -> Double? {
    if probe == 1110 {
      let fields = table.first?.split(separator: ",") ?? []
      return column < fields.count ? HeaderNumber.decimal(String(fields[column]))?.value : nil
    }
    guard probesWithGains.contains(probe), row + 1 < table.count else { return nil }
    let fields = table[row + 1].split(separator: " ")
    return fields.count > 4 ? HeaderNumber.decimal(String(fields[column]))?.value : nil
  }

  /// Probes of the second generation have one gain.
  private static func knownGain(_ probe: Int) -> Double? {
    switch probe {
    case 21, 24: 80
    case 2003, 2004, 2013, 2014, 2020, 2021: 100
    default: nil
    }
  }
}
