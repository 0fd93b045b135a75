import MinhangCore

/// The folder of a header file, and which of the files that the header names may be opened.
///
/// A header that comes from elsewhere could name any file of the machine: only a plain name in the header's own folder is taken, unless the caller allows more.
struct BrainVisionFolder {
  /// With the slash at its end; empty for the current folder.
  let folder: String
  /// The header's name without its suffix.
  let base: String
  let allowsElsewhere: Bool

  init(header path: String, options: OpeningOptions) {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    folder = String(path[..<slash])
    let name = path[slash...]
    base = String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
    allowsElsewhere = options.allowsFilesElsewhere
  }

  /// The path of a file that the header names, or why it is not opened.
  enum Answer {
    case path(String, isForeign: Bool)
    case refused(String)
  }

  /// - Parameter name: As in the header; `$b` stands for the header's own name without suffix.
  func answer(_ name: String) -> Answer {
    var name = name
    if let place = name.range(of: "$b") { name.replaceSubrange(place, with: base) }
    guard !name.isEmpty else { return .refused("expected a file name") }
    guard !name.unicodeScalars.contains(where: { $0.value == 0 }), name.utf8.count < 1024 else {
      return .refused("expected a plain file name")
    }
    var isForeign = false
    if let backslash = name.lastIndex(of: "\\") {
      // A path of another system: the name at its end, in the header's own folder.
      name = String(name[name.index(after: backslash)...])
      isForeign = true
    }
    guard name != ".", name != "..", !name.isEmpty else { return .refused("expected a plain file name") }
    if name.contains("/") {
      guard allowsElsewhere else { return .refused("expected a plain name: files outside the header's folder are not opened") }
      return .path(name.hasPrefix("/") ? name : folder + name, isForeign: isForeign)
    }
    return .path(folder + name, isForeign: isForeign)
  }

  /// The file beside the header with its name and another suffix.
  func sibling(_ suffix: String) -> String { "\(folder)\(base).\(suffix)" }
}

extension String {
  /// Where a short text first occurs.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
  }
}
