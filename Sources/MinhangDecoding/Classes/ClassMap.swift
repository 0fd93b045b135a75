import MinhangCore

/// Which event labels make which class: `left_hand=T1,right_hand=T2`; several labels of one class are joined by `+`.
public struct ClassMap: Sendable, Hashable {
  /// One class.
  public struct Entry: Sendable, Hashable {
    /// The name of the class.
    public let name: String
    /// The labels of the events that belong to it.
    public let labels: [String]

    /// Makes a class.
    public init(name: String, labels: [String]) {
      self.name = name
      self.labels = labels
    }
  }

  /// The classes, in their order: the index of a class is its place here.
  public let entries: [Entry]

  /// Makes a map.
  ///
  /// - Throws: `DecodingError` `.invalidClasses` for fewer than two classes, empty names, a name or a label that comes twice.
  public init(_ entries: [Entry]) throws(DecodingError) {
    guard entries.count >= 2 else {
      throw DecodingError(.invalidClasses, "a class map with \(entries.count) class; expected at least two, such as left=T1,right=T2")
    }
    var names: Set<String> = []
    var labels: Set<String> = []
    for entry in entries {
      guard !entry.name.isEmpty, !entry.labels.isEmpty, !entry.labels.contains("") else {
        throw DecodingError(
          .invalidClasses,
          "class \(entry.name.quotedForDisplay()) with labels \(entry.labels.map { $0.quotedForDisplay() }.joined(separator: ", "));"
            + " expected a name and at least one label")
      }
      guard names.insert(entry.name).inserted else {
        throw DecodingError(.invalidClasses, "class \(entry.name.quotedForDisplay()) comes twice in the class map; expected each once")
      }
      for label in entry.labels {
        guard labels.insert(label).inserted else {
          throw DecodingError(.invalidClasses, "label \(label.quotedForDisplay()) comes twice in the class map; expected each once")
        }
      }
    }
    self.entries = entries
  }

  /// Reads `NAME=LABEL+LABEL,NAME=LABEL`; a word without `=` is a label that names its own class.
  ///
  /// - Throws: `DecodingError` `.invalidClasses`.
  public init(text: String) throws(DecodingError) {
    var entries: [Entry] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
      let labels = sides[sides.count - 1].split(separator: "+", omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
      entries.append(Entry(name: sides[0], labels: sides.count == 1 ? [sides[0]] : labels))
    }
    try self.init(entries)
  }

  /// The map as text, `NAME=LABEL+LABEL,…`.
  public var text: String { entries.map { "\($0.name)=\($0.labels.joined(separator: "+"))" }.joined(separator: ",") }

  /// Names of the classes, in their order.
  public var names: [String] { entries.map(\.name) }

  /// The index of the class that an event's label belongs to; nil for a label of no class.
  public func classIndex(ofLabel label: String) -> Int? { entries.firstIndex { $0.labels.contains(label) } }
}
