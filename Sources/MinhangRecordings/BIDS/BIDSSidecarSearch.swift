import MinhangCore

/// Finds the files that speak of a recording: beside it, and in the folders above up to the dataset's own.
///
/// **Source:** BIDS specification, "The Inheritance Principle": a file applies to all recordings below it whose name has all its entities; of
/// several the nearest decides.
struct BIDSSidecarSearch {
  /// The recording's own name.
  let name: BIDSName
  /// The names in each folder that are names of BIDS, nearest folder first.
  private let folders: [(path: String, names: [BIDSName])]

  /// Begins a search.
  ///
  /// - Returns: nil for a file whose name is not that of a recording in BIDS.
  init?(path: String) {
    guard let name = BIDSName(String(path.split(separator: "/").last ?? "")), name.isRecording else { return nil }
    self.name = name
    folders = Self.folders(above: path, name: name).map { folder in
      (folder, (Folder.names(folder) ?? []).compactMap { BIDSName($0) })
    }
  }

  /// The folders that may hold something: that of the file, and while a folder is one of a datatype, session or subject, the one above it.
  private static func folders(above path: String, name: BIDSName) -> [String] {
    let own = Folder.parent(of: path)
    // Paths stay as the caller wrote them where they can: they are shown.
    var folder = own.isEmpty ? "." : own
    var known = Folder.absolute(folder)
    var folders = [folder]
    while folders.count < 4 {
      let last = String(known.split(separator: "/").last ?? "")
      let isInside = last == name.suffix || last == "ses-\(name["ses"] ?? "")" || last == "sub-\(name["sub"] ?? "")"
      guard isInside else { break }
      known = Folder.parent(of: known)
      folder =
        folder.split(separator: "/").contains { $0 != "." && $0 != ".." } && !folder.hasSuffix("..") ? Folder.parent(of: folder) : known
      if folder.isEmpty { folder = "." }
      if Folder.absolute(folder) != known { folder = known }
      folders.append(folder)
    }
    return folders
  }

  /// The files of a kind that apply, the nearest and there the most specific first.
  ///
  /// - Parameter free: Keys that the recording need not have.
  func files(_ suffix: String, _ fileExtension: String, free: Set<String> = []) -> [(path: String, name: BIDSName)] {
    folders.flatMap { folder, names in
      names.filter { $0.suffix == suffix && $0.fileExtension == fileExtension && $0.applies(to: name, free: free) }
        .sorted { ($1.entities.count, $0.text) < ($0.entities.count, $1.text) }
        .map { (Folder.path(folder, $0.text), $0) }
    }
  }

  /// The table of a kind that decides.
  ///
  /// - Returns: nil where there is none, or where it cannot be used, which is told.
  func table(_ suffix: String, log: inout WarningLog) -> BIDSTable? {
    files(suffix, ".tsv").first.flatMap { Self.table($0.path, log: &log) }
  }

  static func table(_ path: String, log: inout WarningLog) -> BIDSTable? {
    do throws(RecordingError) { return try BIDSTable(path: path, log: &log) } catch {
      log.add(.sidecar, "\(BIDSTable.shownName(path)): \(error.message); not used")
      return nil
    }
  }

  /// What the JSON files of a kind say, nearest first; one that is no JSON object is told and left out.
  func json(_ suffix: String, log: inout WarningLog) -> [(path: String, object: JSONValue)] {
    files(suffix, ".json").compactMap { file in Self.json(file.path, log: &log).map { (file.path, $0) } }
  }

  static func json(_ path: String, log: inout WarningLog) -> JSONValue? {
    let largest = 16 << 20
    do throws(RecordingError) {
      let file = try RandomAccessFile(path: path)
      guard file.byteCount <= largest else {
        throw RecordingError(.badData, path: path, "file size is \(file.byteCount) bytes; expected at most \(largest)")
      }
      guard let json = JSONReader.value(try file.bytes(at: 0, count: file.byteCount)), case .object = json else {
        throw RecordingError(.badData, path: path, "the content is no JSON object")
      }
      return json
    } catch {
      log.add(.sidecar, "\(BIDSTable.shownName(path)): \(error.message); not used")
      return nil
    }
  }
}
