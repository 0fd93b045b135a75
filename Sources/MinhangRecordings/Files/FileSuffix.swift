/// The suffix of a file's name: a promise about its content, which may be broken.
enum FileSuffix {
  /// Suffixes that promise a format.
  static let known: Set<String> = [
    "bdf", "csv", "dat", "edf", "eeg", "fdt", "fif", "gdf", "json", "mat", "meta", "nev", "npy", "npz", "ns1", "ns2", "ns3", "ns4", "ns5",
    "ns6",
    "set", "tsv", "txt", "vhdr", "vmrk", "xdf", "xdfz",
  ]

  /// The suffix of a path in lower case; empty where it has none.
  static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return "" }
    return name[name.index(after: point)...].lowercased()
  }
}

extension WarningLog {
  /// Tells of a name that promises another format: the content decides.
  ///
  /// - Parameters:
  ///   - own: The suffixes that are right.
  ///   - content: What the file holds, in words.
  mutating func checkSuffix(of path: String, own: Set<String>, content: String) {
    let suffix = FileSuffix.of(path)
    guard FileSuffix.known.contains(suffix), !own.contains(suffix) else { return }
    add(.formatVariant, "the file is named .\(suffix) but its content is \(content); read by its content")
  }
}
