import MinhangCore

/// Opens recordings of any format that is known here.
public enum Recording {
  /// A format: how its files are recognised and opened.
  struct Entry: Sendable {
    /// The format's usual name.
    var name: String
    /// Whether a file that begins so is of the format.
    var recognises: @Sendable (FileHead) -> Bool
    /// Opens the file.
    var open: @Sendable (RandomAccessFile, FileHead, OpeningOptions) throws(RecordingError) -> any RecordingReader
  }

  /// The formats in the order in which they are tried: those with an unmistakable beginning first, free text last.
  static let formats: [Entry] = [
    .edf, .xdf, .npy, .npz, .gdf, .brainVision, .eeglab, .nsx, .nev, .spikeGLX, .flatBinary, .bci2000, .gzip, .spikeTable, .table,
  ]

  /// Opens a recording of any format; its content decides on the format, not its name.
  ///
  /// A recording whose name is one of a BIDS dataset takes channels, events and positions from the files beside it (`BIDSRecording`), unless the
  /// options say no. The header and all annotations are read, the samples are not: `recording.warnings` is complete afterwards.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: What the caller knows beyond the file.
  /// - Returns: A reader.
  /// - Throws: `notFound`, `unreadable`, `notAFile` (a directory, pipe or device), `badData`, `unsupported`.
  public static func open(path: String, options: OpeningOptions = .none) throws(RecordingError) -> any RecordingReader {
    try open(try RandomAccessFile(path: path), options: options)
  }

  static func open(_ file: RandomAccessFile, options: OpeningOptions) throws(RecordingError) -> any RecordingReader {
    try open(file, formats: formats, what: "file type at byte 0", options: options)
  }

  /// Opens what a packed file holds, which is not packed itself.
  static func open(unpacked content: RandomAccessFile, options: OpeningOptions) throws(RecordingError) -> any RecordingReader {
    try open(content, formats: formats.filter { $0.name != Entry.gzip.name }, what: "file type of the unpacked content", options: options)
  }

  private static func open(
    _ file: RandomAccessFile, formats: [Entry], what: String, options: OpeningOptions
  ) throws(RecordingError) -> any RecordingReader {
    guard file.byteCount > 0 else { throw RecordingError(.badData, path: file.path, "file size is 0 bytes; expected a recording") }
    let head = try FileHead(file)
    for format in formats where format.recognises(head) {
      let reader = try format.open(file, head, options)
      for channel in reader.recording.channels where !SamplingRate.isUsable(channel.sampleRate) {
        throw RecordingError(
          .badData, path: file.path,
          "channel \(channel.index + 1) \(channel.name.quotedForDisplay()) has \(channel.sampleRate) Hz; expected \(SamplingRate.expected)")
      }
      return options.appliesSidecars ? try BIDSRecording.completed(reader) : reader
    }
    let known = formats.map(\.name).joined(separator: ", ")
    throw RecordingError(.unsupported, path: file.path, "\(what) is \(head.shown); expected the start of a known format (\(known))")
  }
}
