import MinhangCore

/// Writes one recording to a new file, whose name it gets only when `finish()` has succeeded.
///
/// Everything but the samples is given when the writer is made (`RecordingOutput.writer`). A writer belongs to one task.
public protocol RecordingWriter: AnyObject {
  /// Writes a stretch of some channels.
  ///
  /// Blocks may come in any order: all channels block by block, or a few channels over the whole length. Every sample comes once. A table of
  /// text takes all its channels together, in the order of time.
  ///
  /// - Parameters:
  ///   - block: `[channels × samples]`, µV for voltages; its `firstSample` says where it belongs.
  ///   - channels: For each channel of the block the channel of the file; all of one sampling rate and one stream.
  func write(_ block: SignalBlock, to channels: [Int]) throws(RecordingError)

  /// Completes the file and gives it its name.
  ///
  /// - Returns: What was written, and what of the recording the format could not hold.
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult func finish() throws(RecordingError) -> WritingReport
}

/// What became of a recording that was written.
public struct WritingReport: Sendable, Hashable {
  /// The format as the file has it: "EDF+".
  public var format: String
  /// What the file could not hold: each a clause for people, without the file's name.
  public var losses: [String] = []
  /// Other files that belong to it, such as a marker file or a sidecar.
  public var companions: [String] = []
  /// The largest step between stored numbers over all channels, in the unit in which samples are handed out; 0 where samples are stored as
  /// 64-bit floats.
  public var largestQuantizationStep = 0.0
  /// Samples beyond what can be stored, which were moved to the end of the range.
  public var clippedSamples = 0
  /// Samples that are not finite numbers and could not be stored as such.
  public var nonFiniteSamples = 0
  /// Samples that were added to fill the last block of the format.
  public var paddedSamples = 0

  /// Makes a report of a file without losses.
  public init(format: String) { self.format = format }
}

/// Where a recording is written, and what may happen to what is there.
public struct WritingTarget: Sendable, Hashable {
  /// The file.
  public var path: String
  /// Whether an existing file may be replaced.
  public var isReplacing: Bool
  /// Files that must never be replaced: the inputs.
  public var inputs: [String]

  /// Makes a target.
  public init(path: String, isReplacing: Bool = false, inputs: [String] = []) {
    self.path = path
    self.isReplacing = isReplacing
    self.inputs = inputs
  }
}
