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

  var bytesReadForEvents: Int { inner.bytesReadForEvents }

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
  /// Tells of a name such as `run.edf.gz` that promises another format than was found.
  private static func checkInnerSuffix(of path: String, _ format: RecordingFormat, log: inout WarningLog) {
    let parts = path.lowercased().split(separator: "/").last?.split(separator: ".") ?? []
    guard parts.count > 2, parts.last == "gz", let suffix = parts.dropLast().last else { return }
    let promised: [Substring: [String]] = [
      "edf": ["EDF"], "bdf": ["BDF"], "gdf": ["GDF"], "xdf": ["XDF"], "npy": ["NPY"], "npz": ["NPZ"], "csv": ["CSV", "TSV", "OpenBCI"],
      "tsv": ["CSV", "TSV", "OpenBCI"], "txt": ["CSV", "TSV", "OpenBCI"],
    ]
    guard let names = promised[suffix], !names.contains(where: { format.name.hasPrefix($0) }) else { return }
    log.add(.formatVariant, "the packed file is named .\(suffix) but its content is \(format.name); read by its content")
  }

  /// gzip: any recording of one file, packed as a whole.
  static let gzip = Self(
    name: "gzip", recognises: GZipUnpacking.recognises,
    open: { file, head, options throws(RecordingError) in
      var log = WarningLog()
      if head.suffix != "xdfz", FileSuffix.known.contains(head.suffix) {
        log.add(.formatVariant, "the file is named .\(head.suffix) but its content is packed by gzip; unpacked")
      }
      var unpacking = try GZipUnpacking(file)
      let content = try unpacking.run(log: &log)
      log.note(.compression, "the file is packed by gzip; its content has \(content.byteCount) bytes")
      let inner = try Recording.open(unpacked: content, options: options)
      checkInnerSuffix(of: file.path, inner.recording.format, log: &log)
      return UnpackedReader(inner, packed: file, log: log)
    })
}
