import MinhangCore

extension Recording.Entry {
  /// BrainVision: the first line of a header or marker file, or a data file with its header beside it.
  static let brainVision = Self(
    name: "BrainVision", recognises: { BrainVisionReader.recognises($0) },
    open: { file, head, options throws(RecordingError) in
      if let hint = BrainVisionReader.companionHint(head) { throw RecordingError(.unsupported, path: file.path, hint) }
      return try BrainVisionReader(file: file, options: options)
    })
}

extension BrainVisionReader {
  private static func firstLine(_ head: FileHead) -> String {
    let bytes = head.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? head.bytes.dropFirst(3) : head.bytes[...]
    return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }.prefix(100), as: UTF8.self).lowercased()
  }

  static func recognises(_ head: FileHead) -> Bool {
    let first = firstLine(head)
    return first.hasPrefix("brain vision") || first.hasPrefix("brainvision") || head.suffix == "vhdr" || companionHint(head) != nil
  }

  /// What to open instead of a marker or data file; nil for a header.
  static func companionHint(_ head: FileHead) -> String? {
    let isMarker = firstLine(head).contains("data exchange marker file")
    guard isMarker || ["vmrk", "eeg", "dat"].contains(head.suffix), !firstLine(head).contains("header file") else { return nil }
    let stem = head.path.lastIndex(of: ".").map { String(head.path[..<$0]) } ?? head.path
    let header = stem + ".vhdr"
    let hasHeader = (try? RandomAccessFile(path: header)) != nil
    guard isMarker || head.suffix == "vmrk" || hasHeader else { return nil }
    let name = String(header.split(separator: "/").last ?? "")
    return
      "file type is that of a BrainVision \(isMarker || head.suffix == "vmrk" ? "marker" : "data") file; expected its header file\(hasHeader ? ": open \(name.quotedForDisplay())" : ", which ends in .vhdr")"
  }
}
