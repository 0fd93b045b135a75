import MinhangCore

/// A folder of recordings named as BIDS wants it: the whole dataset, or a subject's, session's or datatype's part of it.
///
/// Only names are read; no recording is opened. Derivatives, code and source data are not looked at.
public struct BIDSDataset: Sendable {
  /// One recording of a dataset.
  public struct Item: Sendable, Hashable {
    /// The file.
    public var path: String
    /// Its name: entities, datatype (the suffix), format (the ending).
    public var name: BIDSName
  }

  /// Recordings that are listed; more are not seen, which `isComplete` tells.
  static let mostItems = 100_000

  /// The folder as the caller named it.
  public let path: String
  /// The recordings, sorted by path.
  public private(set) var items: [Item] = []
  /// Whether all recordings are listed.
  public private(set) var isComplete = true

  /// Whether a path is a folder.
  public static func isFolder(_ path: String) -> Bool { Folder.exists(path) }

  /// Lists the recordings of a folder.
  ///
  /// - Throws: `notFound`, `notAFile` for something that is no folder, `unreadable`.
  public init(path: String) throws(RecordingError) {
    self.path = path
    guard Folder.exists(path) else {
      let file = try RandomAccessFile(path: path)
      throw RecordingError(.notAFile, path: file.path, "is a file; expected the folder of a BIDS dataset")
    }
    guard Folder.names(path) != nil else {
      throw RecordingError(.unreadable, path: path, "may not be read; expected a folder with read permission")
    }
    list(path, depth: 0)
  }

  private mutating func list(_ folder: String, depth: Int) {
    for name in Folder.names(folder) ?? [] {
      guard items.count < Self.mostItems else {
        isComplete = false
        return
      }
      let path = Folder.path(folder, name)
      if let bids = BIDSName(name), bids.isRecording {
        // A folder may bear such a name (CTF); it is none of ours.
        if !Folder.exists(path) { items.append(Item(path: path, name: bids)) }
      } else if depth < 3, name == "eeg" || name == "ieeg" || name.hasPrefix("sub-") || name.hasPrefix("ses-"), Folder.exists(path) {
        list(path, depth: depth + 1)
      }
    }
  }

  /// The recordings that have all of these entities; the key `datatype` is the suffix.
  ///
  /// - Parameter entities: `["sub": "01", "task": "rest"]`.
  public func items(with entities: [String: String]) -> [Item] {
    items.filter { item in
      entities.allSatisfy { key, value in
        guard key != "datatype" else { return item.name.suffix == value }
        guard let own = item.name[key] else { return false }
        // `run-01` and `run-1` are one run: it is an index.
        return own == value || (key == "run" && Int(own) != nil && Int(own) == Int(value))
      }
    }
  }
}
