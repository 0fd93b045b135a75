import ArgumentParser
import MinhangBCI

/// Which recording of a dataset is meant: `sub=01,task=rest,run=2,datatype=eeg`.
struct EntitiesArgument: ExpressibleByArgument {
  /// Entities and their values; empty for all recordings.
  var values: [String: String] = [:]

  /// All recordings.
  init() {}

  init?(argument: String) {
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let mark = word.firstIndex(where: { $0 == "=" || $0 == "-" }) else { return nil }
      let (key, value) = (String(word[..<mark]).trimmingSpaces, String(word[word.index(after: mark)...]).trimmingSpaces)
      guard !key.isEmpty, BIDSName.isLabel(value), values.updateValue(value, forKey: Self.short(key)) == nil else { return nil }
    }
  }

  private static func short(_ key: String) -> String {
    switch key.lowercased() {
    case "subject": "sub"
    case "session": "ses"
    case "acquisition": "acq"
    default: key.lowercased()
    }
  }

  /// The recording that a path stands for: itself, or the one in a dataset's folder.
  func recording(at path: String) throws -> String { BIDSDataset.isFolder(path) ? try onlyRecording(in: path) : path }

  /// The one recording of a folder that has the entities.
  ///
  /// - Throws: `badData` where none or several have them, with what there is to choose from.
  private func onlyRecording(in folder: String) throws -> String {
    let dataset = try BIDSDataset(path: folder)
    let found = dataset.items(with: values)
    if found.count == 1 { return found[0].path }
    guard !dataset.items.isEmpty else {
      throw CommandFailure(
        .badData, "\(folder): is a directory without recordings of a BIDS dataset; expected a recording, or one in sub-…/eeg")
    }
    let choice = Self.choices(found.isEmpty ? dataset.items : found)
    throw CommandFailure(
      .usage,
      "\(folder): \(found.isEmpty ? "none" : "\(found.count)") of \(dataset.items.count) recordings "
        + (values.isEmpty ? "can be meant" : "match --entities") + "; expected one",
      hint: "choose with --entities \(choice), or name the file; minhang info \(folder) lists them")
  }

  /// The entities in which recordings differ, with a few of their values.
  private static func choices(_ items: [BIDSDataset.Item]) -> String {
    var values: [(key: String, values: Set<String>)] = []
    for item in items {
      for entity in item.name.entities + [BIDSName.Entity("datatype", item.name.suffix)] {
        if let place = values.firstIndex(where: { $0.key == entity.key }) {
          values[place].values.insert(entity.value)
        } else {
          values.append((entity.key, [entity.value]))
        }
      }
    }
    let telling = values.filter { $0.values.count > 1 }
    return (telling.isEmpty ? values : telling).map { key, values in
      "\(key)=\(values.sorted().prefix(4).joined(separator: "|"))\(values.count > 4 ? "|…" : "")"
    }.joined(separator: ",")
  }
}

/// The recordings of a dataset, as `minhang info` shows them.
struct DatasetListing {
  private let dataset: BIDSDataset
  private let items: [BIDSDataset.Item]

  /// Lists a folder.
  ///
  /// - Throws: `badData` for a folder without recordings.
  init(path: String, entities: EntitiesArgument, console: Console) throws {
    dataset = try BIDSDataset(path: path)
    items = dataset.items(with: entities.values)
    guard !items.isEmpty else {
      throw CommandFailure(
        .badData,
        "\(path): is a directory with \(dataset.items.count) recordings of a BIDS dataset\(entities.values.isEmpty ? "" : ", none with these entities");"
          + " expected a recording, or a folder with sub-…/eeg")
    }
    if !dataset.isComplete {
      console.warn("\(path): the folder holds more than \(dataset.items.count) recordings; the others are not listed")
    }
  }

  /// The listing: JSON, or a table.
  func text(json: Bool) -> String {
    guard json else {
      let keys = items.reduce(into: [String]()) { keys, item in
        for entity in item.name.entities where !keys.contains(entity.key) { keys.append(entity.key) }
      }
      var table = Table(columns: keys + ["datatype", "format", "path"])
      table.rows = items.map { item in
        keys.map { key in item.name[key].map { .text($0) } ?? .missing }
          + [.text(item.name.suffix), .text(String(item.name.fileExtension.dropFirst())), .text(item.path)]
      }
      return table.text(json: false)
    }
    let recordings = items.map { item -> JSONValue in
      [
        "path": .string(item.path), "entities": .object(item.name.entities.map { .init($0.key, .string($0.value)) }),
        "datatype": .string(item.name.suffix), "format": .string(String(item.name.fileExtension.dropFirst())),
      ]
    }
    return (["path": .string(dataset.path), "recordings": .array(recordings)] as JSONValue).text + "\n"
  }
}
