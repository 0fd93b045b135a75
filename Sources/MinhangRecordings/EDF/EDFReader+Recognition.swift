extension Recording.Entry {
  /// EDF, EDF+, BDF and BDF+: eight bytes of version.
  static let edf = Self(
    name: "EDF or BDF", recognises: { EDFFamily(magic: Array($0.bytes.prefix(16))) != nil },
    open: { file, head, _ throws(RecordingError) in
      guard let family = EDFFamily(magic: Array(head.bytes.prefix(16))) else { preconditionFailure("not recognised") }
      return try EDFReader(file: file, family: family)
    })
}
