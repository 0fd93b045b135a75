import MinhangCore

/// Writes channels of one sampling rate as text: a column `time`, then one for each channel, a row for each sample.
///
/// Times are seconds from the recording's first sample, so that gaps show. Numbers are the shortest decimals that read back to the same
/// number; a value that is not a number is `n/a`. The file appears under its name only when `finish()` has succeeded.
public final class CSVWriter {
  private let file: AtomicFile
  private let timeline: Timeline
  private let delimiter: Character
  private var text = ""

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The target.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - inputs: Files that must never be replaced.
  ///   - channels: The columns, in order.
  ///   - timeline: How the samples hang on time: `recording.timeline(of:)` of the channels.
  ///   - delimiter: `,`, or a tab for TSV.
  /// - Throws: `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public init(
    path: String, replacing: Bool = false, inputs: [String] = [], channels: [Channel], timeline: Timeline, delimiter: Character = ","
  ) throws(RecordingError) {
    file = try AtomicFile(path: path, replacing: replacing, inputs: inputs)
    self.timeline = timeline
    self.delimiter = delimiter
    let names = channels.map { DelimitedText.quoted($0.name.escapedForDisplay, delimiter: delimiter) }
    text = (["time"] + names).joined(separator: String(delimiter)) + "\n"
  }

  /// Writes the rows of a block; its `firstSample` gives their times.
  ///
  /// - Throws: `inputOutput`.
  public func write(_ block: SignalBlock) throws(RecordingError) {
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
  /// - Throws: `inputOutput`, `wouldOverwrite`.
  public func finish() throws(RecordingError) {
    try flush()
    try file.commit()
  }

  private func flush() throws(RecordingError) {
    try file.append(text)
    text.removeAll(keepingCapacity: true)
  }
}
