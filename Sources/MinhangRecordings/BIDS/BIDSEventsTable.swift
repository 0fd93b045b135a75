import MinhangCore

/// `events.tsv`: what happened, as a dataset tells it.
enum BIDSEventsTable {
  /// The events of a table.
  ///
  /// The label is the `trial_type`; where there is none, the `value`.
  ///
  /// - Parameters:
  ///   - duration: Of the recording, seconds.
  ///   - ownCount: Events that the file itself holds.
  /// - Returns: Sorted by onset; nil where the table cannot be used, which is told.
  static func events(_ table: BIDSTable, duration: Double, ownCount: Int, log: inout WarningLog) -> [Event]? {
    guard let onset = table.column("onset") else {
      log.add(.sidecar, "events.tsv: there is no column \"onset\"; not used")
      return nil
    }
    let length = table.column("duration")
    let labels = [table.column("trial_type"), table.column("value"), table.column("stim_type")]
    var events: [Event] = []
    var (rows, bad, badLengths, late, leftOut) = (0, 0, 0, 0, 0)
    var firstBad = ""
    table.forEachRow { fields in
      rows += 1
      guard let text = fields[onset], let time = DecimalNumber.value(text), time.isFinite, time.magnitude < 1e12 else {
        bad += 1
        if bad == 1 { firstBad = fields[onset] ?? "n/a" }
        return
      }
      guard events.count < EDFAnnotations.mostEvents else {
        leftOut += 1
        return
      }
      var seconds: Double?
      if let text = fields[length] {
        if let value = DecimalNumber.value(text), value.isFinite, value >= 0 { seconds = value } else { badLengths += 1 }
      }
      if time > duration { late += 1 }
      events.append(Event(onset: time, duration: seconds, label: labels.lazy.compactMap { fields[$0] }.first ?? "n/a"))
    }
    if bad > 0 {
      log.add(
        .sidecar,
        "events.tsv: \(bad) of \(rows) rows have no usable onset (the first is \(firstBad.quotedForDisplay())); expected seconds; left out")
    }
    if badLengths > 0 { log.add(.sidecar, "events.tsv: \(badLengths) durations are not seconds from 0 on; taken for unknown") }
    if leftOut > 0 {
      log.add(.annotationLimit, "events.tsv: \(leftOut) events are left out; at most \(EDFAnnotations.mostEvents) are read")
    }
    if rows > 0, events.isEmpty {
      log.add(.sidecar, "events.tsv: no row can be used; the file's own \(ownCount) events stay")
      return nil
    }
    if late > 0 { log.add(.sidecar, "events.tsv: \(late) of \(events.count) events begin after the recording's end at \(duration) s") }
    if rows == 0, ownCount > 0 {
      log.add(.sidecar, "events.tsv has no row: none of the file's own \(ownCount) events is taken")
    } else if ownCount > 0 {
      log.note(.sidecar, "events.tsv gives \(events.count) events; they take the place of the file's own \(ownCount)")
    }
    return Event.sortedByOnset(events)
  }
}
