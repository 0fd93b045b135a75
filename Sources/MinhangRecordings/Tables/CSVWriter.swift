import MinhangCore

/// Writes channels of one sampling rate as text: a column `time`, then one for each channel, a row for each sample.
///
/// Times are seconds from the recording's first sample, so that gaps show. Numbers are the shortest decimals that read back to the same
/// number; a value that is not a number is `n/a`. The exact rate, units, segments and events stand in a sidecar, `FILE.csv.json`: units in the
/// names would change the columns that others read. The file appears under its name only when `finish()` has succeeded.
public final class CSVWriter: RecordingWriter {
  private let file: AtomicFile
  private let sidecar: AtomicFile
  private let description: JSONValue
  private let losses: [String]
  private let timeline: Timeline
  private let delimiter: Character
  private let channelCount: Int
  private var nextSample = 0
  private var text = ""

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - content: The channels are the columns, in order; all of one timeline.
  ///   - delimiter: `,`, or a tab for TSV.
  /// - Throws: `notRepresentable` for channels of several rates or clocks, `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public init(_ target: WritingTarget, content: RecordingContent, delimiter: Character = ",") throws(RecordingError) {
    timeline = try content.onlyTimeline(for: target.path)
    sidecar = try AtomicFile(path: RecordingSidecar.path(beside: target.path), replacing: target.isReplacing, inputs: target.inputs)
    file = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    self.delimiter = delimiter
    channelCount = content.channels.count
    description = RecordingSidecar.description(content, timeline: timeline, file: target.path)
    losses = content.losses(of: RecordingSidecar.missing)
    let names = content.channels.map { DelimitedText.quoted($0.name.escapedForDisplay, delimiter: delimiter) }
    text = (["time"] + names).joined(separator: String(delimiter)) + "\n"
  }

  /// Writes the rows of a block of all channels, in the order of time.
  ///
  /// - Throws: `badRequest` for a block out of order or of some channels only, `inputOutput`.
  public func write(_ block: SignalBlock, to channels: [Int]) throws(RecordingError) {
    guard channels.elementsEqual(0..<channelCount), block.firstSample == nextSample else {
      throw RecordingError(
        .badRequest, path: file.path,
        "a block of channels \(channels) from sample \(block.firstSample); expected all \(channelCount) channels from sample \(nextSample)")
    }
    nextSample += block.sampleCount
    for sample in 0..<block.sampleCount {
      text += DelimitedText.number(timeline.time(ofSample: block.firstSample + sample))
      for channel in 0..<block.channelCount {
        text.append(delimiter)
        text += DelimitedText.number(block[channel: channel, sample: sample])
      }
      text += "\n"
      if text.utf8.count > 1 << 16 { try flush() }
    }
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult public func finish() throws(RecordingError) -> WritingReport {
    guard nextSample == timeline.sampleCount else {
      throw RecordingError(
        .badRequest, path: file.path, "the table got \(nextSample) of \(timeline.sampleCount) samples; expected all of them once")
    }
    try flush()
    try sidecar.append(description.prettyText + "\n")
    try file.commit()
    try sidecar.commit()
    var report = WritingReport(format: delimiter == "\t" ? "TSV" : "CSV")
    report.losses = losses
    report.companions = [sidecar.path]
    return report
  }

  private func flush() throws(RecordingError) {
    try file.append(text)
    text.removeAll(keepingCapacity: true)
  }
}
