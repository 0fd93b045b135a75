extension Recording.Entry {
  /// XDF: four bytes of magic.
  static let xdf = Self(
    name: "XDF", recognises: { $0.starts(with: "XDF:") || XDFReader.isCompressed($0) },
    open: { file, head, _ throws(RecordingError) in
      if XDFReader.isCompressed(head) {
        throw RecordingError(
          .unsupported, path: file.path,
          "file type at byte 0 is gzip, a compressed XDF file; expected an uncompressed one: gunzip -c FILE.xdfz > FILE.xdf")
      }
      return try XDFReader(file: file)
    })
}

extension XDFReader {
  /// Whether a file is packed by gzip and named as an XDF file.
  static func isCompressed(_ head: FileHead) -> Bool {
    head.bytes.starts(with: [0x1F, 0x8B]) && (["xdf", "xdfz"].contains(head.suffix) || head.path.lowercased().hasSuffix(".xdf.gz"))
  }
}
