extension Recording.Entry {
  /// XDF: four bytes of magic.
  static let xdf = Self(
    name: "XDF", recognises: { $0.starts(with: "XDF:") },
    open: { file, _, _ throws(RecordingError) in try XDFReader(file: file) })
}
