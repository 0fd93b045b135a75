import MinhangCore

/// Writes EDF+ and BDF+, continuous (C) or, where there are gaps, discontinuous (D).
///
/// Samples may come in any order: blocks of all channels one after the other, as a stream gives them, or a few channels over the whole length
/// at a time, as zero-phase filtering gives them. Memory is bounded by about a mebibyte and one data record. The file appears under its name
/// only when `finish()` has succeeded.
///
/// A writer belongs to one task.
public final class EDFWriter: RecordingWriter {
  /// The family that is written.
  public let family: EDFFamily
  /// Seconds of a data record.
  public let recordDuration: Double
  /// Number of data records.
  public let recordCount: Int
  /// For each channel one step of its stored numbers, in the unit in which samples are handed out.
  public let quantizationSteps: [Double]
  /// For each channel the samples that were added at the ends of stretches to fill the last record: repetitions of the last number.
  public let paddedSamples: [Int]
  /// Events without a text, which EDF+ cannot hold.
  public let droppedEvents: Int

  private let file: AtomicFile
  private let channels: [Channel]
  private let stored: [EDFStoredChannel]
  /// For each channel the samples of each stretch.
  private let ranges: [[Range<Int>]]
  private let plan: EDFRecordPlan
  private let annotations: EDFAnnotationPlan
  private let starts: [Int]
  private let headerBytes: Int
  private let recordBytes: Int
  private let offsets: [Int]
  private var losses: [SampleQuantizer.Losses]
  /// What the header and the annotations cannot hold.
  private let statements: [String]
  private var written: [Int]
  /// A record of which a block wrote the beginning: kept for the block that brings the rest.
  private var openRecord: (index: Int, bytes: [UInt8])?
  private var isEveryRecordWhole = true

  /// For each channel the samples that were beyond what can be stored and were moved to the end of the range.
  public var clippedSamples: [Int] { losses.map(\.clipped) }
  /// For each channel the samples that were not numbers (stored as 0 of the unit) or infinite (stored as the end of the range).
  public var nonFiniteSamples: [Int] { losses.map(\.nonFinite) }

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The target.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - inputs: Files that must never be replaced.
  ///   - family: `.edf` or `.bdf`.
  ///   - channels: What to write, in order: label, unit, rate, `sampleCount`, calibration (the physical range in the channel's unit), prefilter,
  ///     transducer. Empty for a file of annotations only.
  ///   - spans: The unbroken stretches, as in `RecordingInfo`; empty for one stretch from 0.
  ///   - events: Written as annotations; times in seconds from the first sample.
  ///   - start: When the first sample was taken.
  ///   - identity: Who was recorded; anonymous unless given.
  ///   - recordDuration: Seconds of a data record to keep where possible: that of the file that is copied.
  /// - Throws: `notRepresentable`, `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public init(
    path: String, replacing: Bool = false, inputs: [String] = [], family: EDFFamily, channels: [Channel], spans: [TimeSpan] = [],
    events: [Event] = [], start: RecordingDate? = nil, identity: RecordingIdentity = .anonymous, recordDuration: Double? = nil
  ) throws(RecordingError) {
    self.family = family
    self.channels = channels
    guard channels.count < 9999 else {
      throw RecordingError(.notRepresentable, path: path, "\(channels.count) channels are too many; expected at most 9998")
    }
    let labels = EDFLabels(channels)
    var stored: [EDFStoredChannel] = []
    for (channel, label) in zip(channels, labels.labels) {
      stored.append(try EDFStoredChannel.make(channel, label: label, family: family, path: path))
    }
    self.stored = stored
    let longest = channels.map { Double($0.sampleCount) / $0.sampleRate }.max() ?? 0
    let spans = spans.isEmpty ? [TimeSpan(start: 0, duration: longest)] : spans
    let bySpan = channels.map { Timeline.ranges(sampleRate: $0.sampleRate, sampleCount: $0.sampleCount, spans: spans) }
    if channels.isEmpty {
      // Annotations only: records of no duration, of about 4 kB.
      plan = EDFRecordPlan(annotationsOnly: max(1, events.count / 100))
    } else {
      guard channels.contains(where: { $0.sampleCount > 0 }) else {
        throw RecordingError(.notRepresentable, path: path, "no channel has samples; expected at least one data record")
      }
      plan = try EDFRecordPlan(
        rates: channels.map(\.sampleRate), counts: bySpan.map { $0.map(\.count) }, spans: spans, bytesPerSample: family.bytesPerSample,
        wish: recordDuration,
        path: path)
    }
    let stretches = plan.stretches
    ranges = bySpan.map { ranges in stretches.map { ranges[$0.span] } }
    let origin = min(max(Int(exactly: ((start?.fraction ?? 0) * 1e9).rounded()) ?? 0, 0), 999_999_999)
    let step = plan.recordDuration.nanoseconds ?? 0
    starts = plan.stretches.flatMap { stretch in (0..<stretch.recordCount).map { origin + stretch.start + $0 * step } }
    annotations = try EDFAnnotationPlan(
      events: events, origin: origin, starts: starts, recordNanoseconds: step, bytesPerSample: family.bytesPerSample, path: path)
    var offset = 0
    offsets = plan.samplesPerRecord.map { count in
      defer { offset += count * family.bytesPerSample }
      return offset
    }
    recordBytes = offset + annotations.byteCount
    headerBytes = 256 * (channels.count + 2)
    recordCount = plan.recordCount
    self.recordDuration = plan.recordDuration.value
    quantizationSteps = stored.map(\.step)
    paddedSamples = plan.paddedSamples
    droppedEvents = annotations.droppedEvents
    var content = RecordingContent(channels: [], streams: [RecordingStream(spans: spans)], events: events, start: start, identity: identity)
    content.channels = channels.map { channel in
      var channel = channel
      channel.stream = 0
      return channel
    }
    statements = Self.losses(of: content, labels: labels, stored: stored, annotations: annotations)
    losses = [SampleQuantizer.Losses](repeating: .init(), count: channels.count)
    written = [Int](repeating: 0, count: channels.count)
    file = try AtomicFile(path: path, replacing: replacing, inputs: inputs)
    try file.append(
      EDFHeaderBytes.make(
        family: family, isContinuous: plan.isContinuous, identity: identity, start: start, recordCount: plan.recordCount,
        recordDuration: plan.recordDuration.text, channels: stored, samplesPerRecord: plan.samplesPerRecord,
        annotationSamples: annotations.byteCount / family.bytesPerSample))
  }

  /// Writes a stretch of some channels.
  ///
  /// - Parameters:
  ///   - block: `[channels × samples]`, µV for voltages; its `firstSample` says where it belongs. It may cross from one stretch into the next.
  ///   - channels: For each channel of the block the channel of the file; all of one sampling rate.
  /// - Throws: `inputOutput`.
  public func write(_ block: SignalBlock, to channels: [Int]) throws(RecordingError) {
    precondition(channels.count == block.channelCount, "\(block.channelCount) channels for \(channels.count)")
    guard let first = channels.first, block.sampleCount > 0 else { return }
    let sampleCount = self.channels[first].sampleCount
    precondition(
      channels.allSatisfy {
        self.channels[$0].sampleRate == self.channels[first].sampleRate && self.channels[$0].sampleCount == sampleCount
      }, "channels of different rates in one block")
    precondition(
      block.firstSample >= 0 && block.sampleRange.upperBound <= sampleCount,
      "samples \(block.sampleRange) of \(sampleCount)")
    let ranges = ranges[first]
    for k in ranges.partitioningIndex({ $0.upperBound > block.firstSample })..<ranges.count {
      let (range, stretch) = (ranges[k], plan.stretches[k])
      if range.lowerBound >= block.sampleRange.upperBound { break }
      if range.isEmpty { continue }
      let wanted = range.clamped(to: block.sampleRange)
      let local = (wanted.lowerBound - range.lowerBound)..<(wanted.upperBound - range.lowerBound)
      let count = plan.samplesPerRecord[first]
      for record in (local.lowerBound / count)...((local.upperBound - 1) / count) {
        let part = (record * count..<(record + 1) * count).clamped(to: local)
        try writePart(
          block, from: range.lowerBound + part.lowerBound - block.firstSample, count: part.count, to: channels,
          record: stretch.firstRecord + record, place: part.lowerBound - record * count, isLast: part.upperBound == range.count)
      }
    }
    for channel in channels { written[channel] += block.sampleCount }
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult public func finish() throws(RecordingError) -> WritingReport {
    for (channel, count) in zip(channels, written) where count != channel.sampleCount {
      throw RecordingError(
        .badRequest, path: file.path,
        "channel \(channel.name.quotedForDisplay()) got \(count) of \(channel.sampleCount) samples; expected all of them once")
    }
    try closeRecord()
    if !isEveryRecordWhole || channels.isEmpty {
      for record in 0..<recordCount {
        let bytes = annotations.bytes(ofRecord: record, start: starts[record])
        try file.write(bytes, at: headerBytes + (record + 1) * recordBytes - annotations.byteCount)
      }
    }
    try file.commit()
    return report
  }

  private var report: WritingReport {
    var report = WritingReport(format: family.rawValue + (plan.isContinuous ? "+C" : "+D"))
    report.losses = statements
    report.largestQuantizationStep = quantizationSteps.max() ?? 0
    report.clippedSamples = clippedSamples.reduce(0, +)
    report.nonFiniteSamples = nonFiniteSamples.reduce(0, +)
    report.paddedSamples = paddedSamples.reduce(0, +)
    return report
  }

  /// Writes what a block holds of one record.
  private func writePart(
    _ block: SignalBlock, from sample: Int, count: Int, to channels: [Int], record: Int, place: Int, isLast: Bool
  ) throws(RecordingError) {
    if channels.count == self.channels.count {
      // All channels: the record is put together in memory and written once.
      if openRecord?.index != record {
        try closeRecord()
        var bytes = [UInt8](repeating: 0, count: recordBytes - annotations.byteCount)
        // A part of a record: the rest may have been written before.
        if count < plan.samplesPerRecord[channels[0]] && !(place == 0 && isLast) {
          bytes = try file.read(at: headerBytes + record * recordBytes, count: bytes.count)
        }
        openRecord = (record, bytes + annotations.bytes(ofRecord: record, start: starts[record]))
      }
      var bytes: [UInt8] = []
      swap(&bytes, &openRecord!.bytes)
      bytes.withUnsafeMutableBytes { bytes in
        for (row, channel) in channels.enumerated() {
          encode(
            block, row: row, from: sample, count: count, channel: channel, place: place, isLast: isLast, into: bytes, at: offsets[channel])
        }
      }
      swap(&bytes, &openRecord!.bytes)
      return
    }
    try closeRecord()
    isEveryRecordWhole = false
    let size = family.bytesPerSample
    for (row, channel) in channels.enumerated() {
      let perRecord = plan.samplesPerRecord[channel]
      let extent = isLast ? perRecord - place : count
      var bytes = [UInt8](repeating: 0, count: extent * size)
      bytes.withUnsafeMutableBytes { bytes in
        encode(block, row: row, from: sample, count: count, channel: channel, place: place, isLast: isLast, into: bytes, at: -place * size)
      }
      try file.write(bytes, at: headerBytes + record * recordBytes + offsets[channel] + place * size)
    }
  }

  /// Encodes a row of a block; behind the last sample of a stretch the record is filled up with its number.
  private func encode(
    _ block: SignalBlock, row: Int, from sample: Int, count: Int, channel: Int, place: Int, isLast: Bool,
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) {
    let size = family.bytesPerSample
    let rest = isLast ? plan.samplesPerRecord[channel] - place - count : 0
    precondition(offset + place * size >= 0 && offset + (place + count + rest) * size <= bytes.count)
    guard let base = bytes.baseAddress else { return }
    let quantizer = stored[channel].quantizer
    block.withUnsafeStorage { values, stride in
      let target = base + (offset + place * size)
      let last = quantizer.encode(values + (row * stride + sample), count: count, into: target, losses: &losses[channel])
      if rest > 0 { quantizer.fill(last, count: rest, into: target + count * size) }
    }
  }

  private func closeRecord() throws(RecordingError) {
    guard let record = openRecord else { return }
    openRecord = nil
    try file.write(record.bytes, at: headerBytes + record.index * recordBytes)
  }
}
