import MinhangCore

/// Writes BrainVision: a header (`.vhdr`), and under the same name the samples (`.eeg`, multiplexed) and the markers (`.vmrk`).
///
/// Samples are 16-bit whole numbers where every channel has a calibration whose numbers fit and whose zero is 0 of the unit; else 32-bit floats,
/// in steps of the channel's calibration or of the floats of its source where it has either, so that numbers of up to 24 bits and such floats
/// are kept exactly. Blocks may come in any order. The
/// three files get their names one after the other at the end, the header last.
///
/// **Source:** Brain Products, "BrainVision Core Data Format 1.0".
public final class BrainVisionWriter: RecordingWriter {
  /// Bytes that are made at once.
  private static let capacity = 1 << 20

  private let header: AtomicFile
  private let data: AtomicFile
  private let markers: AtomicFile
  private let content: RecordingContent
  private let timeline: Timeline
  private let plan: BrainVisionPlan
  private var losses: [String]
  private var written = 0
  private var clipped = 0
  private var nonFinite = 0
  /// The largest distance between a sample and what is stored of it, in the unit in which samples are handed out.
  private var largestError = 0.0
  /// The largest stored float, in the same unit, and its step.
  private var largestStep = 0.0

  /// Begins the files.
  ///
  /// - Parameters:
  ///   - target: The header; a name that ends in `.vhdr` is usual.
  ///   - content: Channels of one timeline.
  /// - Throws: `notRepresentable` for channels of several rates or clocks, a rate beyond those that are read, or a name that a header cannot hold; `wouldOverwrite`,
  ///   `cannotCreate`, `inputOutput`.
  public init(_ target: WritingTarget, content: RecordingContent) throws(RecordingError) {
    let path = target.path
    try content.checkRates(for: path)
    timeline = try content.onlyTimeline(for: path)
    self.content = content
    plan = BrainVisionPlan(content.channels)
    let stem = path.lowercased().hasSuffix(".vhdr") ? String(path.dropLast(5)) : path
    let base = try BrainVisionHeaderText.base(of: stem, path: path)
    let frame = plan.frameBytes
    guard !timeline.sampleCount.multipliedReportingOverflow(by: frame).overflow else {
      throw RecordingError(.notRepresentable, path: path, "\(timeline.sampleCount) samples of \(frame) bytes are beyond counting")
    }
    func create(_ path: String) throws(RecordingError) -> AtomicFile {
      try AtomicFile(path: path, replacing: target.isReplacing, inputs: target.inputs)
    }
    header = try create(path)
    data = try create(stem + ".eeg")
    markers = try create(stem + ".vmrk")
    losses = []
    try header.append(BrainVisionHeaderText.make(content, timeline: timeline, plan: plan, base: base, losses: &losses))
    let marks = BrainVisionMarkerText(content, timeline: timeline, base: base)
    try markers.append(marks.text)
    losses += marks.losses
  }

  /// Writes a block.
  ///
  /// See `RecordingWriter`. All channels together are fastest.
  public func write(_ block: SignalBlock, to channels: [Int]) throws(RecordingError) {
    precondition(channels.count == block.channelCount, "\(block.channelCount) channels for \(channels.count) places")
    precondition(
      block.firstSample >= 0 && block.sampleRange.upperBound <= timeline.sampleCount
        && channels.allSatisfy { content.channels.indices.contains($0) }, "samples \(block.sampleRange) of \(timeline.sampleCount)")
    guard !channels.isEmpty, block.sampleCount > 0 else { return }
    let frame = plan.frameBytes
    let atOnce = max(1, Self.capacity / frame)
    let isWhole = Set(channels).count == content.channels.count
    var next = 0
    while next < block.sampleCount {
      let count = min(block.sampleCount - next, atOnce)
      let offset = (block.firstSample + next) * frame
      // Samples of the other channels may be there already.
      var bytes = isWhole ? [UInt8](repeating: 0, count: count * frame) : try data.read(at: offset, count: count * frame)
      bytes.withUnsafeMutableBytes { bytes in
        for (row, channel) in channels.enumerated() {
          encode(block.channel(row), next..<(next + count), channel: channel, into: bytes, frame: frame)
        }
      }
      try data.write(bytes, at: offset)
      next += count
    }
    written += channels.count * block.sampleCount
  }

  private func encode(
    _ values: ArraySlice<Double>, _ range: Range<Int>, channel: Int, into bytes: UnsafeMutableRawBufferPointer, frame: Int
  ) {
    let scale = plan.scales[channel]
    var place = channel * plan.bytesPerSample
    for k in range {
      let value = values[values.startIndex + k]
      let number = value / scale
      if plan.isWhole {
        var whole = number.rounded(.toNearestOrEven)
        if !value.isFinite {
          nonFinite += 1
          whole = value.isNaN ? 0 : (number < 0 ? -32768 : 32767)
        } else if whole < -32768 || whole > 32767 {
          clipped += 1
          whole = whole < 0 ? -32768 : 32767
        } else {
          largestError = max(largestError, abs(whole * scale - value) - abs(value) * 0x1p-44)
        }
        bytes.storeBytes(of: Int16(whole).littleEndian, toByteOffset: place, as: Int16.self)
      } else {
        var single = Float(number)
        if value.isFinite {
          if !single.isFinite {
            clipped += 1
            single = number < 0 ? -Float.greatestFiniteMagnitude : Float.greatestFiniteMagnitude
          }
          largestError = max(largestError, abs(Double(single) * scale - value) - abs(value) * 0x1p-44)
          largestStep = max(largestStep, Double(single.ulp) * abs(scale))
        }
        bytes.storeBytes(of: single.bitPattern.littleEndian, toByteOffset: place, as: UInt32.self)
      }
      place += frame
    }
  }

  /// Completes the files and gives them their names.
  ///
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult public func finish() throws(RecordingError) -> WritingReport {
    let wanted = content.channels.count * timeline.sampleCount
    guard written == wanted else {
      throw RecordingError(.badRequest, path: header.path, "the file got \(written) of \(wanted) values; expected all of them once")
    }
    try data.commit()
    try markers.commit()
    try header.commit()
    var report = WritingReport(format: "BrainVision")
    report.companions = [data.path, markers.path]
    report.losses = losses
    if largestError > 0 {
      let units = Set(content.channels.map(\.signalUnit.symbol))
      let unit = units.count == 1 ? units.first ?? "" : "of the channels' units"
      let kind = plan.isWhole ? "16-bit whole numbers" : "32-bit floats"
      report.losses.append("the full precision of the samples: \(kind) are off by up to \(largestError.rounded(toDigits: 2)) \(unit)")
    }
    report.largestQuantizationStep = plan.isWhole ? plan.scales.map(\.magnitude).max() ?? 0 : largestStep
    report.clippedSamples = clipped
    report.nonFiniteSamples = nonFinite
    return report
  }
}

extension Double {
  /// The number with a few digits, for people.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    var power = 1.0
    while magnitude * power < 1 && power < 1e300 { power *= 10 }
    for _ in 1..<digits { power *= 10 }
    return (self * power).rounded() / power
  }
}
