import MinhangCore

/// Events as BIDS writes them: a table with the columns `onset duration trial_type sample`, separated by tabs.
///
/// **Source:** BIDS specification, task events: onset and duration in seconds, `n/a` for what is not known.
public struct EventsTable: Sendable {
  /// The columns' names.
  public static let header = "onset\tduration\ttrial_type\tsample"

  private let timeline: Timeline

  /// Makes a table for events of a recording.
  ///
  /// - Parameter timeline: Gives each event the nearest sample; that of the channels with the highest rate is usual.
  public init(timeline: Timeline) { self.timeline = timeline }

  /// One row without a line break: control characters of the label are escaped, so that a label cannot make columns or rows.
  public func row(_ event: Event) -> String {
    let sample = timeline.segments.isEmpty ? nil : timeline.sample(atTime: event.onset)
    let label = event.label.escapedForDisplay
    return [
      DelimitedText.number(event.onset), event.duration.map(DelimitedText.number) ?? "n/a", label.isEmpty ? "n/a" : label,
      sample.map(String.init) ?? "n/a",
    ].joined(separator: "\t")
  }

  /// The whole table, each line ended.
  public func text(_ events: [Event]) -> String {
    ([Self.header] + events.map(row)).joined(separator: "\n") + "\n"
  }

  /// Writes the table to a file.
  ///
  /// - Throws: `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public func write(_ events: [Event], to path: String, replacing: Bool = false, inputs: [String] = []) throws(RecordingError) {
    let file = try AtomicFile(path: path, replacing: replacing, inputs: inputs)
    try file.append(text(events))
    try file.commit()
  }
}
