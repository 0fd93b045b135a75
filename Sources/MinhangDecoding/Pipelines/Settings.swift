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

  /// The YAML node: tables inside list items in one line, the rest in lines of their own.
  func node(flow: Bool = false) -> Node {
    switch self {
    case .word(let text): return Node(text)
    case .list(let items):
      return .sequence(Node.Sequence(items.map { $0.node(flow: flow) }, .implicit, flow ? .flow : .block))
    case .table(let entries):
      let pairs = entries.map { (Node($0.key), $0.value.node(flow: flow || $0.value.isPlain)) }
      return .mapping(Node.Mapping(pairs, .implicit, flow ? .flow : .block))
    }
  }

  /// Whether a short list or table that reads well in one line: words only, or lists of words.
  private var isPlain: Bool {
    switch self {
    case .word: true
    case .list(let items): items.allSatisfy { if case .word = $0 { true } else { false } }
    case .table(let entries): entries.allSatisfy { $0.value.isPlain }
    }
  }
}
