import MinhangCore
import Yams

/// Reads the settings at one place of a YAML text, and says where a setting is wrong: source, line, key, value, what was expected.
public struct SettingsReader {
  /// Where the text comes from: a file's name.
  let source: String
  /// What the settings belong to: `step "csp"`.
  let place: String
  let node: Node

  /// The line of the settings, from 1; 0 where it is not known.
  private func line(of node: Node) -> Int { node.mark?.line ?? 0 }

  /// An error about a key.
  public func failure(_ key: String?, _ problem: String) -> DecodingError {
    let at = key.flatMap { value($0) } ?? node
    return Self.failure(
      source, line(of: at), [place, key.map { "key \($0.quotedForDisplay())" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", "),
      problem)
  }

  static func failure(_ source: String, _ line: Int, _ place: String, _ problem: String) -> DecodingError {
    let position = line > 0 ? "\(source.escapedForDisplay), line \(line)" : source.escapedForDisplay
    return DecodingError(.invalidPipeline, "\(position): \(place.isEmpty ? "" : "\(place) ")\(problem)")
  }

  /// The node under a key; nil where the settings are no table or have no such key.
  func value(_ key: String) -> Node? {
    guard case .mapping(let mapping) = node else { return nil }
    return mapping.first { $0.key.scalar?.string == key }?.value
  }

  /// Refuses keys that are not known, by name.
  ///
  /// Nothing at all is accepted (every setting has a default), and a bare word where `shorthand` says which key it stands for.
  public func allowOnly(_ keys: [String], shorthand: String? = nil) throws(DecodingError) {
    switch node {
    case .mapping(let mapping):
      for (key, _) in mapping {
        guard let name = key.scalar?.string, keys.contains(name) else {
          let expected = keys.isEmpty ? "no settings" : keys.joined(separator: ", ")
          let name = (key.scalar?.string ?? "(not a word)").quotedForDisplay()
          throw Self.failure(source, line(of: key), place, "has the unknown key \(name); expected \(expected)")
        }
      }
    case .scalar(let scalar) where scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null": return
    case .scalar where shorthand != nil: return
    default:
      throw failure(
        nil, "has settings of another kind; expected \(keys.isEmpty ? "no settings" : "a table with \(keys.joined(separator: ", "))")")
    }
  }

  /// A word; the whole settings where they are a bare word and `shorthand` is set.
  public func text(_ key: String, default fallback: String? = nil, shorthand: Bool = false) throws(DecodingError) -> String {
    if shorthand, let word = node.scalar?.string, !word.isEmpty, word != "~", word != "null" { return word }
    guard let found = value(key) else {
      if let fallback { return fallback }
      throw failure(nil, "has no key \(key.quotedForDisplay()); expected one")
    }
    guard let word = found.scalar?.string else { throw failure(key, "is not a single word; expected one") }
    return word
  }

  /// A whole number within limits.
  public func integer(_ key: String, in limits: ClosedRange<Int>, default fallback: Int) throws(DecodingError) -> Int {
    guard value(key) != nil else { return fallback }
    let text = try text(key)
    guard let number = Int(text), limits.contains(number) else {
      throw failure(key, "is \(text.quotedForDisplay()); expected a whole number from \(limits.lowerBound) to \(limits.upperBound)")
    }
    return number
  }

  /// A finite positive number.
  public func positiveNumber(_ key: String, default fallback: Double? = nil) throws(DecodingError) -> Double {
    if value(key) == nil, let fallback { return fallback }
    let text = try text(key)
    guard let number = Double(text), number.isFinite, number > 0 else {
      throw failure(key, "is \(text.quotedForDisplay()); expected a number above 0")
    }
    return number
  }

  /// One word of a few.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice, shorthand: Bool = false
  ) throws(DecodingError) -> Choice where Choice.RawValue == String {
    let word = try text(key, default: fallback.rawValue, shorthand: shorthand)
    guard let choice = Choice(rawValue: word) else {
      let expected = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure(key, "is \(word.quotedForDisplay()); expected one of \(expected)")
    }
    return choice
  }

  /// A list of words; a single word is a list of one.
  public func words(_ key: String) throws(DecodingError) -> [String] {
    guard let found = value(key) else { throw failure(nil, "has no key \(key.quotedForDisplay()); expected one") }
    if let word = found.scalar?.string { return [word] }
    guard case .sequence(let items) = found else { throw failure(key, "is no list; expected a list of words") }
    var words: [String] = []
    for item in items {
      guard let word = item.scalar?.string else { throw failure(key, "holds something that is not a word; expected a list of words") }
      words.append(word)
    }
    return words
  }

  /// The band under a key: `8-32`, in hertz.
  public func band(_ key: String) throws(DecodingError) -> ClosedRange<Double> {
    let parts: [String]
    if case .sequence = value(key) { parts = try words(key) } else { parts = try text(key).split(separator: "-").map(String.init) }
    let edges = parts.map { Double($0.trimmingSpaces) }
    guard edges.count == 2, let low = edges[0], let high = edges[1], low > 0, low < high, high.isFinite else {
      throw failure(key, "is \(parts.joined(separator: "-").quotedForDisplay()); expected LOW-HIGH in hertz, such as 8-32")
    }
    return low...high
  }
}
