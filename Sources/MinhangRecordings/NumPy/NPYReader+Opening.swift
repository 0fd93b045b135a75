import MinhangCore

extension NPYReader {
  /// More channels than any array of electrodes has: the array is no recording.
  static let mostChannels = 65_536

  /// Opens one array.
  init(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    var log = WarningLog()
    let path = file.path
    let source = ArraySource(file, byteCount: file.byteCount)
    let header = try NPYHeader(source, path: path, name: "")
    log.checkSuffix(of: path, own: ["npy"], content: "a NumPy array")
    let sidecar = try RecordingSidecar(beside: path, log: &log)
    let fits = sidecar.map { [$0.channels.count, $0.sampleCount] == header.shape } ?? false
    if let sidecar, !fits {
      log.add(
        .formatVariant,
        "the sidecar beside the file (.json) tells of an array of \(sidecar.channels.count) × \(sidecar.sampleCount); the array is \(header.shown); not used"
      )
    }
    let matrix = try Self.matrix(source, header: header, areRowsChannels: fits ? true : nil, path: path, name: "", log: &log)
    let sources = (0..<matrix.channelCount).map { (matrix: 0, channel: $0) }
    let available = Self.available(matrix, log: &log)
    if fits, let sidecar, available == matrix.sampleCount {
      let info = sidecar.info(format: RecordingFormat("NPY"), path: path, byteCount: file.byteCount, log: log)
      self.init(recording: info, events: sidecar.events, matrices: [matrix], sources: sources)
      return
    }
    guard let rate = (fits ? sidecar?.sampleRate : nil) ?? options.sampleRate else {
      throw RecordingError(
        .badData, path: path,
        "the array states no sampling rate and has no usable sidecar (FILE.npy.json); expected the sampling rate to be stated (--input-rate HZ)"
      )
    }
    var channels = (fits ? sidecar?.channels : nil) ?? Self.channels(matrix.channelCount, names: nil, unit: options.unit, log: &log)
    for k in channels.indices { (channels[k].sampleRate, channels[k].sampleCount) = (rate, available) }
    let duration = Double(available) / rate
    var info = RecordingInfo(
      format: RecordingFormat("NPY"), path: path, byteCount: file.byteCount, start: fits ? sidecar?.start : nil, duration: duration,
      channels: channels, spans: available > 0 ? [TimeSpan(start: 0, duration: duration)] : [], warnings: log.warnings, notes: log.notes)
    if fits { info.companions = [RecordingSidecar.path(beside: path)] }
    let events = (fits ? sidecar?.events : nil) ?? []
    self.init(recording: info, events: events.filter { $0.onset <= duration }, matrices: [matrix], sources: sources)
  }

  /// Views an array as channels and samples.
  ///
  /// - Parameter areRowsChannels: nil where the shape decides: the smaller dimension counts the channels.
  static func matrix(
    _ source: ArraySource, header: NPYHeader, areRowsChannels: Bool?, path: String, name: String, log: inout WarningLog
  ) throws(RecordingError) -> ArrayMatrix {
    guard !header.type.isText else {
      throw RecordingError(.unsupported, path: path, name + "the elements are texts; expected whole or real numbers")
    }
    guard (1...2).contains(header.shape.count) else {
      throw RecordingError(
        .unsupported, path: path, name + "shape is \(header.shown); expected one or two dimensions, channels and samples")
    }
    var areRowsChannels = areRowsChannels
    if areRowsChannels == nil, header.shape.count == 2 {
      areRowsChannels = header.shape[0] <= header.shape[1]
      log.note(
        .formatVariant,
        name
          + "the shape is \(header.shown); the \(areRowsChannels == true ? "first" : "second") dimension, the smaller, is taken for the channels"
      )
    }
    let matrix = ArrayMatrix(source, header: header, areRowsChannels: areRowsChannels ?? true)
    guard (1...mostChannels).contains(matrix.channelCount) else {
      throw RecordingError(
        .badData, path: path, name + "shape is \(header.shown), \(matrix.channelCount) channels; expected 1…\(mostChannels) channels")
    }
    return matrix
  }

  /// Samples whose bytes exist.
  static func available(_ matrix: ArrayMatrix, log: inout WarningLog) -> Int {
    let available = matrix.availableSamples
    if available < matrix.sampleCount {
      log.add(
        .cutRecord,
        "the file holds \(matrix.source.byteCount - matrix.header.byteCount) of the array's \(matrix.header.elementCount * matrix.header.type.byteCount) bytes; \(available) of \(matrix.sampleCount) samples are there of every channel"
      )
    } else if matrix.source.byteCount - matrix.header.byteCount > matrix.header.elementCount * matrix.header.type.byteCount {
      log.add(.recordCount, "the file goes on after the array's last element; what follows is not read")
    }
    if matrix.sampleCount == 0 { log.add(.emptyChannel, "the array holds no sample") }
    return available
  }

  /// Channels with the names given, or `ch1` and so on.
  static func channels(_ count: Int, names: [String]?, unit: PhysicalUnit?, log: inout WarningLog) -> [Channel] {
    var unique = UniqueNames()
    if unit == nil {
      log.add(.unit, "the array states no unit; its numbers are kept as they are, not taken for microvolts (--input-unit says it)")
    }
    return (0..<count).map { index in
      let label = names.flatMap { index < $0.count ? $0[index] : nil } ?? "ch\(index + 1)"
      let cleaned = ChannelName.cleaned(label)
      let name = unique.unique(cleaned.isEmpty ? "ch\(index + 1)" : cleaned)
      if name.isChanged {
        log.add(
          .label, "channel \(index + 1) has the name \(label.quotedForDisplay()) of another; it is named \(name.name.quotedForDisplay())")
      }
      return Channel(
        index: index, name: name.name, label: label, kind: ChannelKind(label: label, unit: unit ?? .none), unit: unit ?? .none,
        sampleRate: 1)
    }
  }
}

extension NPYHeader {
  /// The shape as a message shows it: `(4, 1000)`.
  var shown: String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}

extension Recording.Entry {
  /// A NumPy array: six bytes of magic.
  static let npy = Self(
    name: "NPY", recognises: { $0.bytes.starts(with: NPYHeader.magic) },
    open: { file, head, options throws(RecordingError) in try NPYReader(file, head: head, options: options) })
}
