import MinhangCore

/// Opens a binary of SpikeGLX with the `.meta` beside it: frames of 16-bit numbers, least significant byte first, without a header.
///
/// The binary is found by the name that the caller gave, never by a name that stands in the text.
enum SpikeGLXOpening {
  /// The meta file that belongs to a binary: the same name with `.meta` for `.bin`.
  static func metaPath(of path: String) -> String? { path.hasSuffix(".bin") ? String(path.dropLast(4)) + ".meta" : nil }

  static func open(_ file: RandomAccessFile, head: FileHead) throws(RecordingError) -> FlatReader {
    if SpikeGLXMeta.isMeta(head.bytes) || head.suffix == "meta", let meta = SpikeGLXMeta(path: file.path) {
      guard file.path.hasSuffix(".meta") else {
        throw RecordingError(
          .badData, path: file.path, "the file is the description of a SpikeGLX binary; expected the name NAME.meta beside NAME.bin")
      }
      let binary = String(file.path.dropLast(5)) + ".bin"
      do throws(RecordingError) { return try open(try RandomAccessFile(path: binary), meta: meta) } catch {
        guard error.path == binary else { throw error }
        throw RecordingError(error.code, path: binary, "the binary that \(file.path.quotedForDisplay()) describes: \(error.message)")
      }
    }
    guard let path = metaPath(of: file.path), let meta = SpikeGLXMeta(path: path) else {
      throw RecordingError(.badData, path: file.path, "the file has no .meta beside it; expected the description that SpikeGLX writes")
    }
    return try open(file, meta: meta)
  }

  private static func open(_ file: RandomAccessFile, meta: SpikeGLXMeta) throws(RecordingError) -> FlatReader {
    var log = WarningLog()
    let saved = try SpikeGLXChannels(meta)
    let frame = 2 * saved.kinds.count
    let count = file.byteCount / frame
    if let text = meta["fileSizeBytes"], HeaderNumber.whole(text) != file.byteCount {
      log.add(
        .recordCount,
        "meta field \"fileSizeBytes\" is \(text.quotedForDisplay()), but the binary has \(file.byteCount) bytes; read as it is")
    }
    if !file.byteCount.isMultiple(of: frame) {
      log.add(.cutRecord, "the binary ends within a frame of \(frame) bytes; \(count) whole frames are read")
    }
    let labels = saved.labels(meta)
    let steps = try saved.microvoltsPerStep(meta)
    var names = UniqueNames()
    var channels: [Channel] = []
    var sources: [FrameLayout.Source] = []
    var words: [Int] = []
    for (k, (kind, _)) in saved.kinds.enumerated() {
      let cleaned = ChannelName.cleaned(labels[k])
      let name = names.unique(cleaned.isEmpty ? "\(kind.rawValue)\(k)" : cleaned)
      if name.isChanged { log.add(.label, "the channel map has the name \(labels[k].quotedForDisplay()) twice; one is \(name.name)") }
      let isWord = kind == .sync || kind == .digital
      var channel = Channel(
        index: k, name: name.name, label: labels[k], kind: isWord ? .trigger : kind == .analog ? .misc : .seeg,
        unit: isWord ? .none : .microvolt, sampleRate: saved.rate, sampleCount: count)
      if isWord {
        words.append(k)
        channel.calibration = Calibration(digitalMinimum: 0, digitalMaximum: 65_535, physicalMinimum: 0, physicalMaximum: 65_535)
      } else if let step = steps[k] {
        channel.calibration = Calibration(
          digitalMinimum: -32_768, digitalMaximum: 32_767, physicalMinimum: -32_768 * step, physicalMaximum: 32_767 * step)
      } else {
        (channel.unit, channel.kind) = (.none, .misc)
        channel.calibration = Calibration(digitalMinimum: -32_768, digitalMaximum: 32_767, physicalMinimum: 0, physicalMaximum: 0)
        log.add(.calibration, "channel \(name.name.quotedForDisplay()) has no gain in the meta file; its stored numbers are kept")
      }
      channels.append(channel)
      sources.append(
        FrameLayout.Source(place: 2 * k, number: StoredNumber(kind: isWord ? .uint16 : .int16), gain: isWord ? 1 : steps[k] ?? 1))
    }
    let runs = count > 0 ? [FrameLayout.Run(firstSample: 0, sampleCount: count, byte: 0, stride: frame)] : []
    if count == 0 { log.add(.emptyChannel, "the binary holds no whole frame of \(frame) bytes") }
    let duration = Double(count) / saved.rate
    var info = RecordingInfo(
      format: RecordingFormat("SpikeGLX"), path: file.path, byteCount: file.byteCount,
      start: meta["fileCreateTime"].flatMap(RecordingDate.init(iso8601:)), duration: duration, channels: channels,
      spans: count > 0 ? [TimeSpan(start: 0, duration: duration)] : [], warnings: log.warnings, notes: log.notes)
    info.companions = [meta.path]
    return FlatReader(info, file: file, layout: FrameLayout(frameBytes: frame, runs: runs, sources: sources), words: words)
  }
}

extension Recording.Entry {
  /// SpikeGLX: a `.meta` with the lines that it always has, or a `.bin` with such a file beside it.
  static let spikeGLX = Self(
    name: "SpikeGLX",
    recognises: { head in
      if SpikeGLXMeta.isMeta(head.bytes) || head.suffix == "meta" && SpikeGLXMeta(path: head.path) != nil { return true }
      return SpikeGLXOpening.metaPath(of: head.path).map { SpikeGLXMeta(path: $0) != nil } ?? false
    },
    open: { file, head, _ throws(RecordingError) in try SpikeGLXOpening.open(file, head: head) })
}
