import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders: what they hold, and making them.
enum Folder {
  /// Names that are read of one folder; what lies beyond is not seen.
  static let mostNames = 200_000

  /// The names in a folder, sorted, without those that begin with a point; nil where it cannot be read.
  static func names(_ path: String) -> [String]? {
    guard let folder = opendir(path.isEmpty ? "." : path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while names.count < mostNames, let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether there is a folder of that name.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  ///
  /// - Throws: `cannotCreate`.
  static func create(_ path: String) throws(RecordingError) {
    guard !path.isEmpty, !exists(path) else { return }
    let above = parent(of: path)
    if above != path { try create(above) }
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && exists(path)) else {
      throw RecordingError(.cannotCreate, path: path, "folder cannot be created: \(RandomAccessFile.systemMessage(errno))")
    }
  }

  /// The path of a name in a folder.
  static func path(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that holds a path; empty for a bare name.
  static func parent(of path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path = path.dropLast() }
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path from the root of the file system, its `.` and `..` resolved as text: links keep their names.
  static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    var whole = path
    if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
      whole = String(cString: current) + "/" + path
      free(current)
    }
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
