import MinhangCore

/// The files that grow with a dataset: lists of participants and of recordings.
struct BIDSSharedFiles {
  let place: BIDSPlace

  /// What the whole dataset has once: written where it is missing, else left as it is.
  func writeDatasetFiles(_ description: BIDSDescription) throws(RecordingError) {
    try writeIfMissing("dataset_description.json", description.dataset.prettyText + "\n")
    let hasReadme = Folder.names(place.root)?.contains { $0 == "README" || $0.hasPrefix("README.") } ?? false
    if !hasReadme { try writeIfMissing("README.md", description.readme) }
    try writeIfMissing("participants.json", Self.participantColumns.prettyText + "\n")
    try append(
      to: Folder.path(place.root, "participants.tsv"), header: ["participant_id", "age", "sex", "hand"],
      row: ["participant_id": "sub-\(place.subject)"], key: "participant_id", isReplacing: false)
  }

  /// Lists a recording.
  ///
  /// - Parameters:
  ///   - path: The data file.
  ///   - start: When its first sample was taken.
  func list(_ path: String, start: RecordingDate?) throws(RecordingError) {
    let name = String(path.dropFirst(place.ownerFolder.count).drop { $0 == "/" })
    try append(
      to: place.scansPath, header: ["filename", "acq_time"], row: ["filename": name, "acq_time": start?.iso8601 ?? "n/a"], key: "filename",
      isReplacing: true)
  }

  private static let participantColumns: JSONValue = [
    "age": ["Description": .string("Age of the participant"), "Units": .string("year")],
    "sex": [
      "Description": .string("Sex of the participant"),
      "Levels": ["F": .string("female"), "M": .string("male"), "O": .string("other")],
    ],
    "hand": [
      "Description": .string("The hand that the participant prefers"),
      "Levels": ["L": .string("left"), "R": .string("right"), "A": .string("both")],
    ],
  ]

  /// Sees to it, before anything is written, that the lists can be added to.
  func check() throws(RecordingError) {
    for (path, key) in [(place.scansPath, "filename"), (Folder.path(place.root, "participants.tsv"), "participant_id")] {
      _ = try Self.table(path, key: key)
    }
  }

  /// A list that is there; nil where there is none yet.
  private static func table(_ path: String, key: String) throws(RecordingError) -> BIDSTable? {
    var log = WarningLog()
    let table: BIDSTable
    do throws(RecordingError) { table = try BIDSTable(path: path, log: &log) } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
    guard table.column(key) == 0, log.warnings.isEmpty else {
      throw RecordingError(
        .badData, path: path, log.warnings.first?.message ?? "the first column is not \(key); expected a table that can be added to")
    }
    return table
  }

  private func writeIfMissing(_ name: String, _ text: String) throws(RecordingError) {
    let path = Folder.path(place.root, name)
    do throws(RecordingError) { try Self.write(text, to: path, replacing: false) } catch {
      guard error.code == .wouldOverwrite else { throw error }
    }
  }

  /// Adds a row to a table, or puts it in place of the row of the same key; what stands in other rows and columns stays.
  private func append(to path: String, header: [String], row: [String: String], key: String, isReplacing: Bool) throws(RecordingError) {
    var rows: [[String]] = []
    var columns = header
    if let old = try Self.table(path, key: key) {
      columns = old.columns
      old.forEachRow { fields in rows.append(columns.indices.map { fields[$0] ?? "n/a" }) }
    }
    let new = columns.map { row[$0] ?? "n/a" }
    if let place = rows.firstIndex(where: { $0[0] == new[0] }) {
      guard isReplacing else { return }
      for (column, name) in columns.enumerated() where row[name] != nil { rows[place][column] = new[column] }
    } else {
      rows.append(new)
    }
    try Self.write(BIDSTables.text([columns] + rows), to: path, replacing: true)
  }

  static func write(_ text: String, to path: String, replacing: Bool) throws(RecordingError) {
    try Folder.create(Folder.parent(of: path))
    let file = try AtomicFile(path: path, replacing: replacing)
    try file.append(text)
    try file.commit()
  }
}
