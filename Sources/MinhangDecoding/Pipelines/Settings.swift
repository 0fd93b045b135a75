import MinhangCore
import Yams

/// Settings as they are written to YAML: words, lists and tables, keys in their order.
public indirect enum Settings: Sendable, Hashable {
  /// One key of a table.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public let key: String
    /// Its settings.
    public let value: Settings
  }

  /// A word or a number.
  case word(String)
  /// Several in order.
  case list([Settings])
  /// Settings under keys.
  case table([Entry])

  /// Settings under keys.
  public static func map(_ pairs: [(String, Settings)]) -> Settings { .table(pairs.map { Entry(key: $0.0, value: $0.1) }) }

  /// Whether there is nothing to write.
  var isEmpty: Bool {
    switch self {
    case .word: false
    case .list(let items): items.isEmpty
    case .table(let entries): entries.isEmpty
    }
  }

  /// The YAML node of a whole text: lists of stages in lines of their own, everything inside an entry in one line.
  func node() -> Node { node(at: .top) }

  private enum Level: Int {
    case top, value, item, inner

    var below: Level { Level(rawValue: rawValue + 1) ?? .inner }
  }

  private func node(at level: Level) -> Node {
    switch self {
    case .word(let text): return Node(text)
    case .list(let items):
      let isBlock = level == .value && items.contains { if case .table = $0 { true } else { false } }
      return .sequence(Node.Sequence(items.map { $0.node(at: level.below) }, .implicit, isBlock ? .block : .flow))
    case .table(let entries):
      let isBlock = level == .top || level == .item
      let pairs = entries.map { (Node($0.key), $0.value.node(at: level.below)) }
      return .mapping(Node.Mapping(pairs, .implicit, isBlock ? .block : .flow))
    }
  }
}
