import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension BIDSWriter {
  /// Writes a recording wholly or not at all.
  ///
  /// If `body` fails, the files that it made are removed, lists that grew are as they were, and folders that were missing are gone again. A
  /// recording that was already replaced stays replaced.
  ///
  /// - Parameters:
  ///   - dataPath: Where the data file goes, as `dataPath(_:fileExtension:)` gives it.
  ///   - body: Writes the data file and what stands beside it.
  /// - Throws: What `body` throws; `inputOutput` with that told where a list could not be brought back.
  public func wholly<Result>(_ dataPath: String, _ body: () throws -> Result) throws -> Result {
    let before = DatasetState(place: place, folder: Folder.parent(of: dataPath))
    do { return try body() } catch {
      if let lost = before.restore() {
        throw RecordingError(.inputOutput, path: lost, "the list could not be brought back after a failure: \(error)")
      }
      throw error
    }
  }
}

/// What was there of a dataset before a recording came.
private struct DatasetState {
  private let place: BIDSPlace
  /// The recording's folder, that of its session, and the dataset's.
  private let folders: [String]
  private let names: [Set<String>]
  /// Folders that are missing, the deepest first.
  private let missing: [String]
  private let lists: [(path: String, bytes: [UInt8])]

  init(place: BIDSPlace, folder: String) {
    self.place = place
    folders = [folder, place.ownerFolder, place.root]
    names = folders.map { Set(Folder.names($0) ?? []) }
    var missing: [String] = []
    var next = folder
    while !next.isEmpty, next != "/", !Folder.exists(next) {
      missing.append(next)
      next = Folder.parent(of: next)
    }
    self.missing = missing
    lists = [place.scansPath, Folder.path(place.root, "participants.tsv")].compactMap { path in
      guard let file = try? RandomAccessFile(path: path), file.byteCount <= BIDSTable.largest,
        let bytes = try? file.bytes(at: 0, count: file.byteCount)
      else { return nil }
      return (path, bytes)
    }
  }

  /// Takes away what is new and of the recording; what others put there in the meantime stays.
  ///
  /// - Returns: The first list that could not be brought back; nil where all are as they were.
  func restore() -> String? {
    var lost: String?
    for (path, bytes) in lists {
      do throws(RecordingError) {
        let now = try RandomAccessFile(path: path)
        if now.byteCount == bytes.count, try now.bytes(at: 0, count: now.byteCount) == bytes { continue }
        let file = try AtomicFile(path: path, replacing: true)
        try file.append(bytes)
        try file.commit()
      } catch { lost = lost ?? path }
    }
    for (folder, before) in zip(folders, names) {
      for name in Folder.names(folder) ?? [] where !before.contains(name) && place.owns(name) { unlink(Folder.path(folder, name)) }
    }
    // A folder that holds anything stays.
    for folder in missing { rmdir(folder) }
    return lost
  }
}
