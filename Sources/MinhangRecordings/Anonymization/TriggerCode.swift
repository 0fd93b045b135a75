import MinhangCore

/// Which labels of events are codes, which name nobody and stay when a recording is anonymised: the one rule for all formats.
///
/// A code is a number of 16 bits (`769`), or `S`, `R`, `T` or `O` with one (`S  1`, `T2`), as recorders write what a trigger line shows; one of
/// a few fixed words; each alone or behind the type of a BrainVision marker (`Stimulus/S  1`).
public enum TriggerCode {
  private static let types: Set<String> = ["event", "optic", "response", "stimulus", "sync status", "syncstatus", "toggle"]
  private static let words: Set<String> = ["Sync On", "Sync Off", "boundary"]

  /// Whether a label is a code.
  public static func isCode(_ label: String) -> Bool {
    let parts = label.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 { return types.contains(parts[0].lowercased()) && (parts[1].isEmpty || isPlainCode(parts[1])) }
    return isPlainCode(label)
  }

  private static func isPlainCode(_ text: String) -> Bool {
    if words.contains(text) { return true }
    let rest = text.utf8.first.map { "SRTO".utf8.contains($0) } == true ? String(text.dropFirst()).trimmingSpaces : text
    return (1...5).contains(rest.utf8.count) && rest.utf8.allSatisfy(HeaderNumber.isDigit) && Int(rest).map { $0 <= 65_535 } == true
  }

  /// The events that stay of a recording, those whose label is a code: beside data of codes only there may be a table of texts.
  public static func kept(_ events: [Event]) -> [Event] { events.filter { isCode($0.label) } }
}
