import MinhangCore

extension ClassMap {
  /// The classes taken when none are given: every label that occurs at least twice and does not speak of rest, each its own class, sorted.
  ///
  /// - Parameter events: The events of all files.
  /// - Throws: `DecodingError` `.invalidClasses` where fewer than two labels remain; the message lists the labels found.
  public init(defaultFor events: [Event]) throws(DecodingError) {
    var counts: [String: Int] = [:]
    for event in events { counts[event.label, default: 0] += 1 }
    let labels = counts.filter { $0.value >= 2 && !Self.isRestLike($0.key) }.keys.sorted()
    guard labels.count >= 2 else {
      let found = counts.keys.sorted().prefix(12).map { "\($0.quotedForDisplay()) × \(counts[$0] ?? 0)" }.joined(separator: ", ")
      throw DecodingError(
        .invalidClasses,
        "no two classes among the events (\(found.isEmpty ? "no events" : found)); expected at least two labels that occur twice, rest left out;"
          + " state the classes, such as left_hand=T1,right_hand=T2")
    }
    try self.init(labels.map { Entry(name: $0, labels: [$0]) })
  }

  /// Whether a label marks rest, a break or a bad stretch, and so no class of its own unless it is named.
  ///
  /// `T0` of PhysioNet, words for rest, the boundaries of EEGLAB and BrainVision, MNE's `BAD_…` and `EDGE …`, EDF's start and end of recording.
  public static func isRestLike(_ label: String) -> Bool {
    let lowered = label.trimmingSpaces.lowercased()
    let words: Set<String> = [
      "", "t0", "rest", "resting", "idle", "baseline", "boundary", "new segment", "recording starts", "recording ends", "start", "end",
    ]
    return words.contains(lowered) || lowered.hasPrefix("bad") || lowered.hasPrefix("edge") || lowered.hasSuffix("boundary")
  }
}
