import MinhangCore

/// What a column of a table is for.
enum TableRole: Sendable, Hashable {
  /// Time stamps, in this many seconds; nil where neither name nor values say the unit.
  case time(Double?)
  /// Dates with a time of day.
  case dateTime
  /// A count of samples.
  case sampleIndex
  /// Numbers that are events where they change to something other than zero.
  case marker
  /// Texts that are events where they change to something.
  case text
  /// Samples.
  case signal
  /// Nothing that is read: a name without values, a second column of times.
  case ignored
}

/// A column of a table: what its name says.
struct TableColumn: Sendable {
  /// Place in the row.
  var place: Int
  /// The header's text.
  var label: String
  /// The name without the unit.
  var name: String
  /// The unit in the name; nil where there is none.
  var unit: PhysicalUnit?
  var role: TableRole

  /// Reads a name: `C3`, `C3 (uV)`, `C3[mV]`.
  init(place: Int, label: String) {
    self.place = place
    self.label = label
    (name, unit) = Self.parts(label)
    role = .signal
    let key = Self.key(name)
    if let factor = Self.timeNames[key] {
      role = .time(unit.flatMap { Self.seconds[$0.symbol.lowercased()] } ?? factor)
    } else if Self.sampleNames.contains(key) {
      role = .sampleIndex
    } else if Self.markerNames.contains(key) {
      role = .marker
    }
  }

  private static func parts(_ label: String) -> (name: String, unit: PhysicalUnit?) {
    for (open, close): (Character, Character) in [("(", ")"), ("[", "]")] where label.last == close {
      guard let place = label.lastIndex(of: open) else { continue }
      let inside = String(label[label.index(after: place)...].dropLast()).trimmingSpaces
      let outside = String(label[..<place]).trimmingSpaces
      let isWord = !inside.isEmpty && inside.count <= 12 && !inside.allSatisfy(\.isNumber) && inside != "Formatted"
      if isWord, !outside.isEmpty { return (outside, PhysicalUnit(inside)) }
    }
    return (label, nil)
  }

  /// The name in lower case, its words joined.
  private static func key(_ name: String) -> String {
    name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).joined(separator: " ")
  }

  private static let timeNames: [String: Double?] = {
    var names: [String: Double?] = [:]
    for base in [
      "time", "times", "timestamp", "timestamps", "time stamp", "t", "lsl timestamp", "lsl time", "unix time", "unix timestamp", "elapsed",
    ] {
      names.updateValue(nil, forKey: base)
      for (unit, factor) in seconds { names[base + " " + unit] = factor }
    }
    for word in ["seconds", "secs", "sec"] { names[word] = 1 }
    for word in ["milliseconds", "millis", "msec"] { names[word] = 1e-3 }
    return names
  }()

  private static let seconds: [String: Double] = [
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "millisecond": 1e-3,
    "milliseconds": 1e-3, "us": 1e-6, "\u{B5}s": 1e-6, "microseconds": 1e-6, "ns": 1e-9, "nanoseconds": 1e-9,
  ]
  private static let sampleNames: Set<String> = [
    "sample", "samples", "sample index", "sample number", "sample no", "sampleindex", "sample count", "index", "package num", "unnamed 0",
  ]
  private static let markerNames: Set<String> = [
    "marker", "markers", "event", "events", "stim", "stimulus", "stimuli", "trigger", "triggers", "trig", "marker channel", "event marker",
    "event id",
    "event code", "sti", "sti 014", "annotation", "annotations", "eventcode", "stimcode",
  ]
}
