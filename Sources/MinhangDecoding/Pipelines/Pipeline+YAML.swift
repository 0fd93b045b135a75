import MinhangCore
import Yams

// Goals: a pipeline that is read is the pipeline that was written; whatever is not understood is refused by key and line, never passed over.

extension Pipeline {
  /// The most bytes that a pipeline's text may have.
  static let largestText = 1 << 20

  /// Reads a pipeline.
  ///
  /// ```yaml
  /// name: csp-lda
  /// preprocess:
  /// - bandpass: 8-32
  ///   order: 4
  /// steps:
  /// - covariance: oas
  /// - csp: {filters: 6}
  /// - lda: {shrinkage: ledoit-wolf}
  /// channels: [C3, Cz, C4]        # optional: names or type:eeg
  /// exclude: [Fp1]                # optional
  /// window: 0.5:3.5               # optional, seconds from the cue
  /// classes: {left_hand: [T1], right_hand: [T2]}   # optional
  /// ```
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - source: Where it comes from, for messages: a file's name.
  /// - Throws: `DecodingError` `.invalidPipeline`, naming source, line, key and what was expected.
  public init(yaml: String, source: String) throws(DecodingError) {
    let reader = SettingsReader(source: source, place: "", node: try Self.parse(yaml, source: source))
    guard case .mapping(let top) = reader.node else {
      throw reader.failure(nil, "the text is no table; expected keys name, preprocess, steps")
    }
    for (key, _) in top { try PreprocessStep.refuseWholeSignal(key.scalar?.string ?? "", source: source, line: key.mark?.line ?? 0) }
    try reader.allowOnly(["name", "preprocess", "steps", "channels", "exclude", "window", "classes"])
    let name = try reader.text("name")
    guard !name.isEmpty, name.count <= 200 else { throw reader.failure("name", "is empty or longer than 200 characters; expected a name") }
    try self.init(
      name: name, preprocess: try Self.preprocess(reader), steps: try Self.steps(reader), channels: try Self.channels(reader),
      window: reader.value("window") == nil
        ? nil : try Self.located(reader, "window") { (text) throws(DecodingError) in try TrialWindow(text: text) },
      classes: try Self.classes(reader))
  }

  private static func parse(_ yaml: String, source: String) throws(DecodingError) -> Node {
    guard yaml.utf8.count <= largestText else {
      throw SettingsReader.failure(source, 0, "", "the text has \(yaml.utf8.count) bytes; expected at most \(largestText)")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw SettingsReader.failure(source, error.line, "", "the text is not YAML: \(error.problem)")
    } catch {
      throw SettingsReader.failure(source, 0, "", "the text is not YAML")
    }
    guard let node else { throw SettingsReader.failure(source, 0, "", "the text is empty; expected keys name, preprocess, steps") }
    return node
  }

  private static func preprocess(_ reader: SettingsReader) throws(DecodingError) -> [PreprocessStep] {
    guard let node = reader.value("preprocess") else { return [] }
    guard case .sequence(let items) = node else { throw reader.failure("preprocess", "is no list; expected a list of stages") }
    var steps: [PreprocessStep] = []
    for item in items {
      // A stage with a single key may stand without settings, but none does: every stage has a frequency, a band or channels.
      guard case .mapping(let mapping) = item, !mapping.isEmpty else {
        try PreprocessStep.refuseWholeSignal(item.scalar?.string ?? "", source: reader.source, line: item.mark?.line ?? 0)
        throw SettingsReader.failure(
          reader.source, item.mark?.line ?? 0, "preprocess",
          "holds \((item.scalar?.string ?? "a list").quotedForDisplay()); expected a stage such as bandpass: 8-32")
      }
      let keys = mapping.map { ($0.key.scalar?.string ?? "", $0.key.mark?.line ?? 0) }
      for (key, line) in keys { try PreprocessStep.refuseWholeSignal(key, source: reader.source, line: line) }
      guard let (key, _) = keys.first(where: { PreprocessStep.keys.contains($0.0) }) else {
        throw SettingsReader.failure(
          reader.source, keys[0].1, "preprocess",
          "has the unknown stage \(keys[0].0.quotedForDisplay()); expected one of \(PreprocessStep.keys.joined(separator: ", "))")
      }
      steps.append(try PreprocessStep(settings: SettingsReader(source: reader.source, place: "stage \"\(key)\"", node: item), key: key))
    }
    return steps
  }

  private static func steps(_ reader: SettingsReader) throws(DecodingError) -> [DecodingStep] {
    guard case .sequence(let items) = reader.value("steps") else {
      throw reader.failure("steps", "is missing or no list; expected a list of steps such as covariance: oas")
    }
    var steps: [DecodingStep] = []
    for item in items {
      let key: String
      let settings: Node
      switch item {
      case .scalar(let scalar): (key, settings) = (scalar.string, Node(""))
      case .mapping(let mapping) where mapping.count == 1:
        (key, settings) = (mapping[mapping.startIndex].key.scalar?.string ?? "", mapping[mapping.startIndex].value)
      default:
        throw SettingsReader.failure(
          reader.source, item.mark?.line ?? 0, "steps", "holds an entry with several keys; expected one step an entry")
      }
      try PreprocessStep.refuseWholeSignal(key, source: reader.source, line: item.mark?.line ?? 0)
      guard let kind = DecodingStep.known.first(where: { $0.key == key }) else {
        throw SettingsReader.failure(
          reader.source, item.mark?.line ?? 0, "steps",
          "has the unknown step \(key.quotedForDisplay()); expected one of \(DecodingStep.known.map { $0.key }.joined(separator: ", "))")
      }
      steps.append(DecodingStep(try kind.init(settings: SettingsReader(source: reader.source, place: "step \"\(key)\"", node: settings))))
    }
    return steps
  }

  private static func channels(_ reader: SettingsReader) throws(DecodingError) -> ChannelSelection? {
    func terms(_ key: String) throws(DecodingError) -> [ChannelSelection.Term] {
      guard reader.value(key) != nil else { return [] }
      var terms: [ChannelSelection.Term] = []
      for word in try reader.words(key) {
        guard !word.isEmpty else { throw reader.failure(key, "holds an empty name; expected channel names or type:KIND") }
        guard word.lowercased().hasPrefix("type:") else {
          terms.append(.name(word))
          continue
        }
        guard let kind = ChannelKind(rawValue: word.dropFirst(5).lowercased()) else {
          let kinds = ChannelKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw reader.failure(key, "names the unknown kind \(word.quotedForDisplay()); expected type: and one of \(kinds)")
        }
        terms.append(.kind(kind))
      }
      return terms
    }
    let selection = ChannelSelection(included: try terms("channels"), excluded: try terms("exclude"))
    return selection == .all ? nil : selection
  }

  private static func classes(_ reader: SettingsReader) throws(DecodingError) -> ClassMap? {
    guard let node = reader.value("classes") else { return nil }
    if node.scalar != nil { return try located(reader, "classes") { (text) throws(DecodingError) in try ClassMap(text: text) } }
    guard case .mapping(let mapping) = node else {
      throw reader.failure("classes", "is neither a table nor a text; expected {left_hand: [T1], right_hand: [T2]}")
    }
    var entries: [ClassMap.Entry] = []
    let classReader = SettingsReader(source: reader.source, place: "classes", node: node)
    for (key, _) in mapping {
      guard let name = key.scalar?.string else { throw reader.failure("classes", "has a key that is no word; expected class names") }
      entries.append(ClassMap.Entry(name: name, labels: try classReader.words(name)))
    }
    do throws(DecodingError) {
      return try ClassMap(entries)
    } catch {
      throw reader.failure("classes", "is wrong: \(error.message)")
    }
  }

  /// Reads a text setting with a parser of its own, and adds the place to its error.
  private static func located<Value>(
    _ reader: SettingsReader, _ key: String, _ parse: (String) throws(DecodingError) -> Value
  ) throws(DecodingError) -> Value {
    let text = try reader.text(key)
    do throws(DecodingError) {
      return try parse(text)
    } catch {
      throw reader.failure(key, "is wrong: \(error.message)")
    }
  }

  /// The pipeline as YAML.
  ///
  /// Reading it again gives an equal pipeline.
  public var yaml: String {
    var entries: [(String, Settings)] = [("name", .word(name))]
    if !preprocess.isEmpty { entries.append(("preprocess", .list(preprocess.map(\.settings)))) }
    entries.append(("steps", .list(steps.map { $0.step.settings.isEmpty ? .word($0.key) : .map([($0.key, $0.step.settings)]) })))
    func words(_ terms: [ChannelSelection.Term]) -> Settings {
      .list(
        terms.map { term in
          switch term {
          case .name(let name): .word(name)
          case .kind(let kind): .word("type:\(kind.rawValue)")
          }
        })
    }
    if let channels, !channels.included.isEmpty { entries.append(("channels", words(channels.included))) }
    if let channels, !channels.excluded.isEmpty { entries.append(("exclude", words(channels.excluded))) }
    if let window { entries.append(("window", .word(window.description))) }
    if let classes {
      entries.append(("classes", .map(classes.entries.map { ($0.name, .list($0.labels.map { .word($0) })) })))
    }
    // Serialising a tree of words cannot fail; were it to, an empty text is refused by every reader.
    return (try? Yams.serialize(node: Settings.map(entries).node(), width: -1, allowUnicode: true)) ?? ""
  }
}

extension YamlError {
  /// The line of the trouble, from 1; 0 where it is not known.
  fileprivate var line: Int {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    default: 0
    }
  }

  /// What the trouble is, in one line without the text itself.
  fileprivate var problem: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem.escapedForDisplay
    case .duplicatedKeysInMapping(let duplicates, _):
      "a key comes twice: \(duplicates.map { "\($0)" }.sorted().joined(separator: ", ").escapedForDisplay)"
    default: "it cannot be read"
    }
  }
}
