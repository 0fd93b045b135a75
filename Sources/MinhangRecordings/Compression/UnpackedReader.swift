import MinhangCore

/// A recording that was packed as a whole: read from its unpacked bytes, described under its own name and size.
struct UnpackedReader: RecordingReader {
  let recording: RecordingInfo
  private var inner: any RecordingReader

  init(_ inner: any RecordingReader, packed: RandomAccessFile, log: WarningLog) {
    var info = inner.recording
    info.byteCount = packed.byteCount
    info.warnings = log.warnings + info.warnings
    info.notes = log.notes + info.notes
    recording = info
    self.inner = inner
  }

  func events() throws(RecordingError) -> [Event] { try inner.events() }

  mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try inner.read(samples, of: channels, into: &block)
  }

  mutating func read(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) -> SignalBlock {
    try inner.read(samples, of: channels)
  }
}

extension RecordingWarning.Code {
  /// Packed data are damaged or cut.
  public static let compression = RecordingWarning.Code("compression")
}

extension Recording.Entry {
  /// gzip: any recording of one file, packed as a whole.
  static let gzip = Self(
    name: "gzip", recognises: GZipUnpacking.recognises,
    open: { file, head, options throws(RecordingError) in
      var log = WarningLog()
      let others = ["bdf", "csv", "dat", "edf", "eeg", "fif", "gdf", "json", "npy", "npz", "set", "tsv", "txt", "vhdr", "vmrk", "xdf"]
      if others.contains(head.suffix) {
        log.add(.formatVariant, "the file is named .\(head.suffix) but its content is packed by gzip; unpacked")
      }
      var unpacking = try GZipUnpacking(file)
      let content = try unpacking.run(log: &log)
      log.note(.compression, "the file is packed by gzip; its content has \(content.byteCount) bytes")
      return UnpackedReader(try Recording.open(unpacked: content, options: options), packed: file, log: log)
    })
}
