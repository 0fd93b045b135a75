import MinhangCore

/// Opens a Blackrock NSx file: headers, packets, description.
enum NSxOpening {
  static func open(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) -> FlatReader {
    var log = WarningLog()
    let header = try NSxHeader(file, log: &log)
    log.checkSuffix(of: head.path, own: ["ns1", "ns2", "ns3", "ns4", "ns5", "ns6"], content: "Blackrock NSx")
    let packets = try NSxPackets(file, header: header, log: &log)
    let count = packets.runs.last?.end ?? 0
    if count == 0 { log.add(.emptyChannel, "the file holds no data packet with samples") }
    if header.kind == .v21, options.unit == nil {
      log.note(.unit, "version 2.1 states no ranges and no units; the stored numbers are kept as they are (--input-unit says their unit)")
    }
    let measured = packets.spans.allSatisfy { $0.sampleCount != nil } ? measuredRate(packets.spans) : nil
    var names = UniqueNames()
    var channels: [Channel] = []
    var sources: [FrameLayout.Source] = []
    for (k, stated) in header.channels.enumerated() {
      let cleaned = ChannelName.cleaned(stated.label)
      let name = names.unique(cleaned.isEmpty ? "elec\(stated.electrode)" : cleaned)
      if name.isChanged {
        log.add(
          .label,
          "channel \(k + 1) has the label \(stated.label.quotedForDisplay()) of another; it is named \(name.name.quotedForDisplay())")
      }
      let unit = header.kind == .v21 ? options.unit ?? .none : PhysicalUnit(stated.unit)
      let scale = stated.calibration.flatMap { $0.isUsable ? $0 : nil }
      channels.append(
        Channel(
          index: k, name: name.name, label: stated.label, kind: kind(stated, unit: unit), unit: unit, sampleRate: header.sampleRate,
          sampleCount: count, calibration: header.kind == .v21 ? nil : stated.calibration, prefilter: stated.prefilter))
      let factor = (scale == nil && header.kind != .v21) ? 1 : unit.microvoltsPerUnit ?? 1
      let gain = scale?.gain ?? 1
      sources.append(
        FrameLayout.Source(
          place: 2 * k, number: StoredNumber(kind: .int16), gain: gain * factor,
          offset: scale.map { $0.physicalMinimum / gain - Double($0.digitalMinimum) } ?? 0))
    }
    // A stamp counts from the time origin, but stamps of nanoseconds from 1970.
    let isAbsolute = header.resolution >= 1e9
    let start = header.start.flatMap { origin in
      isAbsolute ? origin : origin.advanced(by: Double(packets.firstStamp ?? 0) / header.resolution)
    }
    let events = NEVOpening.events(
      beside: file.path, clocks: packets.clocks, resolution: header.resolution, log: &log)
    let stream = RecordingStream(spans: packets.spans, nominalRate: measured == nil ? nil : header.sampleRate, measuredRate: measured)
    var info = RecordingInfo(
      format: RecordingFormat("NSx \(header.version)"), path: file.path, byteCount: file.byteCount, start: start,
      duration: packets.spans.map(\.end).max() ?? 0, channels: channels, streams: [stream], warnings: log.warnings, notes: log.notes)
    info.companions = events.map { [$0.path] } ?? []
    return FlatReader(
      info, file: file, layout: FrameLayout(frameBytes: header.frameBytes, runs: packets.runs, sources: sources),
      spikes: events?.scan.spikes, events: events?.scan.others ?? [])
  }

  private static func measuredRate(_ spans: [TimeSpan]) -> Double? {
    let seconds = spans.reduce(0) { $0 + $1.duration }
    let samples = spans.reduce(0) { $0 + ($1.sampleCount ?? 0) }
    return seconds > 0 ? Double(samples) / seconds : nil
  }

  /// Electrodes carry microvolts; the analog inputs of the recorder carry millivolts.
  private static func kind(_ channel: NSxChannel, unit: PhysicalUnit) -> ChannelKind {
    let kind = ChannelKind(label: channel.label, unit: unit)
    guard kind == .eeg, !channel.label.lowercased().hasPrefix("eeg") else { return kind }
    return unit == .microvolt ? .seeg : .misc
  }
}

extension Recording.Entry {
  /// Blackrock NSx: eight bytes of magic.
  static let nsx = Self(
    name: "NSx", recognises: { head in NSxHeader.Kind.allCases.contains { head.starts(with: $0.rawValue) } },
    open: { file, head, options throws(RecordingError) in try NSxOpening.open(file, head: head, options: options) })
}
