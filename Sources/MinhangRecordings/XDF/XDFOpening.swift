import MinhangCore

/// The steps of opening a file: the chunks, the clocks, the times, then what becomes a channel, an event or a note.
struct XDFOpening {
  var info: RecordingInfo
  var events: [Event] = []
  /// The signal streams, as they lie in the file.
  var sources: [XDFReader.Source] = []
  /// Time of the recording's first sample on the clock of the recording machine, seconds.
  var origin = 0.0

  init(file: RandomAccessFile) throws(RecordingError) {
    var scan = XDFScan(file)
    try scan.run()
    var log = scan.log
    log.checkSuffix(of: file.path, own: ["xdf", "xdfz"], content: "XDF")
    guard scan.goodChunks > 0 else {
      throw RecordingError(.badData, path: file.path, "file content at byte 4 is no chunk; expected the chunks of an XDF file")
    }
    if !scan.hasFileHeader { log.add(.streamHeader, "the file has no header chunk") }
    Self.reportOrphans(scan, log: &log)

    var streams: [RecordingStream] = []
    var channels: [Channel] = []
    var eventStreams: [(scan: XDFStreamScan, times: [Double])] = []
    let steps = HuberLine.steps(forPoints: scan.streams.reduce(0) { $0 + $1.clockTimes.count })
    for place in scan.streams.indices {
      var stream = scan.streams[place]
      // Each stream's stamps are kept no longer than they are needed.
      scan.streams[place].stamps = XDFStamps(interval: 0)
      Self.report(stream, log: &log)
      XDFClockSync.dropStrayEnd(of: &stream, log: &log)
      XDFClockSync.apply(to: &stream, steps: steps, log: &log)
      let times = XDFSampleTimes(stream.stamps, header: stream.header)
      let shown = stream.header.shown
      if stream.keepsTexts {
        eventStreams.append((stream, times.all))
      } else if !stream.header.isRegular {
        log.note(
          .leftOutStream,
          "\(shown) has \(stream.header.channelCount) channels and no sampling rate; its \(stream.sampleCount) samples are left out")
      } else if stream.sampleCount == 0 {
        log.note(.emptyChannel, "\(shown) has no samples; its \(stream.header.channelCount) channels are left out")
      } else if channels.count + stream.header.channelCount > XDFChannels.most {
        log.add(
          .leftOutStream,
          "\(shown): its \(stream.header.channelCount) channels make \(channels.count + stream.header.channelCount) with those before them; "
            + "expected at most \(XDFChannels.most) in a file; the stream is left out")
      } else {
        let (described, rate) = Self.timed(stream, times, log: &log)
        channels += XDFChannels.channels(of: stream, stream: streams.count, from: channels.count, sampleRate: rate)
        streams.append(described)
        sources.append(XDFReader.Source(scan: stream, times: times))
        if stream.header.channels.allSatisfy(\.unit.isEmpty) {
          log.note(.calibration, "\(shown) states no units; its values are handed out as they are")
        }
      }
    }
    XDFChannels.name(&channels, streams: streams, log: &log)
    origin = sources.compactMap(\.times.first).min() ?? eventStreams.compactMap { $0.times.min() }.min() ?? 0
    for s in streams.indices { for k in streams[s].spans.indices { streams[s].spans[k].start -= origin } }
    for stream in eventStreams {
      for (time, text) in zip(stream.times, stream.scan.texts) { events.append(Event(onset: time - origin, label: text)) }
    }
    events = Event.sortedByOnset(events)
    if channels.isEmpty { log.add(.emptyChannel, "the file holds no stream of samples at an even rate") }
    if streams.isEmpty { streams = [RecordingStream(spans: [])] }
    let duration = max(0, streams.flatMap(\.spans).map(\.end).max() ?? 0)
    info = RecordingInfo(
      format: RecordingFormat("XDF"), path: file.path, byteCount: file.byteCount, start: scan.start,
      duration: duration, channels: channels,
      streams: streams, warnings: log.warnings, notes: log.notes)
  }

  /// The spans of a signal stream, not yet counted from the recording's first sample, and the rate of its channels.
  ///
  /// Signals are worked on at the rate that the device promises, where the clock agrees to half a percent.
  private static func timed(_ stream: XDFStreamScan, _ times: XDFSampleTimes, log: inout WarningLog) -> (RecordingStream, Double) {
    let header = stream.header
    var rate = header.nominalRate ?? times.measuredRate ?? 1
    if let measured = times.measuredRate {
      if let nominal = header.nominalRate, abs(measured - nominal) > 0.005 * nominal {
        log.add(
          .sampleRate, "\(header.shown): the header states \(nominal) Hz, the time stamps show \(shown(measured)) Hz; the latter is taken")
        rate = measured
      }
    } else if stream.sampleCount > 1 {
      log.add(.timeStamp, "\(header.shown): the time stamps do not rise; the samples are laid out at \(rate) Hz")
    }
    var backwards = 0
    var spans: [TimeSpan] = []
    for stretch in times.stretches {
      var interval = stretch.interval
      if !(interval > 0 && interval.isFinite) || stretch.samples.count == 1 {
        if stretch.samples.count > 1 && times.measuredRate != nil { backwards += 1 }
        interval = 1 / rate
      }
      if let last = spans.last, stretch.start < last.end - 0.5 / rate { backwards += 1 }
      spans.append(TimeSpan(start: stretch.start, duration: Double(stretch.samples.count) * interval, sampleCount: stretch.samples.count))
    }
    if backwards > 0 { log.add(.overlap, "\(header.shown): the time stamps go back at \(backwards) places") }
    if spans.count > 1 { log.note(.gap, "\(header.shown) has \(spans.count) stretches with breaks between them") }
    if header.canDropSamples {
      log.note(.timeStamp, "\(header.shown) may leave out samples; times within it are good to the mean rate only")
    }
    return (RecordingStream(name: header.name, spans: spans, nominalRate: header.nominalRate, measuredRate: times.measuredRate), rate)
  }

  private static func shown(_ rate: Double) -> String { rate < 1e9 ? "\((rate * 1000).rounded() / 1000)" : "\(rate)" }

  private static func report(_ stream: XDFStreamScan, log: inout WarningLog) {
    let shown = stream.header.shown
    if stream.badStampCount > 0 {
      log.add(.timeStamp, "\(shown): \(stream.badStampCount) time stamps are no times; replaced by what the sampling rate implies")
    }
    if stream.badClockOffsetCount > 0 {
      log.add(.clockOffset, "\(shown): \(stream.badClockOffsetCount) clock offsets are no numbers of seconds; ignored")
    }
    if stream.badTextCount > 0 {
      log.add(.annotationText, "\(shown): \(stream.badTextCount) texts are not UTF-8 or longer than 65536 bytes")
    }
    if stream.droppedTextCount > 0 {
      log.add(.annotationLimit, "\(shown): \(stream.droppedTextCount) texts are left out; at most \(XDFTimes.mostEvents) are read")
    }
    if let stated = stream.footerSampleCount, stated > stream.sampleCount {
      log.add(.recordCount, "\(shown): the footer states \(stated) samples; \(stream.sampleCount) are there")
    }
  }

  private static func reportOrphans(_ scan: XDFScan, log: inout WarningLog) {
    let early = scan.pending.mapValues(\.count).merging(scan.orphanChunks, uniquingKeysWith: +)
    for (id, count) in early.sorted(by: { $0.key < $1.key }) {
      log.add(.chunk, "\(count) chunks of samples belong to stream \(id), which has no header; left out")
    }
    for (tag, count) in scan.unknownTags.sorted(by: { $0.key < $1.key }).prefix(5) {
      log.note(.chunk, "\(count) chunks are of the unknown kind \(tag); skipped")
    }
  }
}
