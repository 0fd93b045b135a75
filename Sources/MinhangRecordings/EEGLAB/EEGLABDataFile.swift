import MinhangCore

/// Finds the file that holds the samples of a data set.
///
/// A header that comes from elsewhere could name any file of the machine: only a plain name in the header's own folder is taken, unless the
/// caller allows more.
enum EEGLABDataFile {
  /// Opens the file that the header names; where there is none, the one that is named as the header.
  static func open(
    _ name: String, beside header: RandomAccessFile, options: OpeningOptions, log: inout WarningLog
  ) throws(RecordingError) -> RandomAccessFile {
    let name = name.trimmingSpaces
    let folder = header.path.lastIndex(of: "/").map { String(header.path[...$0]) } ?? ""
    if options.allowsFilesElsewhere, name.contains("/") {
      return try RandomAccessFile(path: name.hasPrefix("/") ? name : folder + name)
    }
    let plain = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    guard !plain.isEmpty, plain != ".", plain != "..", !plain.contains("\0"), plain.utf8.count <= 255 else {
      throw RecordingError(
        .badData, path: header.path, "field data is \(name.quotedForDisplay()); expected the name of a file in the same folder")
    }
    if plain != name {
      log.add(
        .formatVariant,
        "field data names a file in another folder, \(name.quotedForDisplay()); \(plain.quotedForDisplay()) beside the header is taken")
    }
    do throws(RecordingError) {
      return try RandomAccessFile(path: folder + plain)
    } catch {
      guard error.code == .notFound else { throw error }
    }
    let own = header.path.split(separator: "/").last.map(String.init) ?? ""
    let base = own.lastIndex(of: ".").map { String(own[..<$0]) } ?? own
    let renamed = base + (plain.lowercased().hasSuffix(".dat") ? ".dat" : ".fdt")
    do throws(RecordingError) {
      let file = try RandomAccessFile(path: folder + renamed)
      log.add(
        .formatVariant,
        "field data names the file \(plain.quotedForDisplay()), which is not there; \(renamed.quotedForDisplay()), named as the header, is read"
      )
      return file
    } catch {
      guard error.code == .notFound else { throw error }
    }
    throw RecordingError(
      .notFound, path: header.path,
      "field data names the file \(plain.quotedForDisplay()); expected it, or \(renamed.quotedForDisplay()), in the same folder")
  }
}
