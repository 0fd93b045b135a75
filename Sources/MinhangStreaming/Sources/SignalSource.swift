import MinhangCore

/// Where live samples come from: a file played back, a pipe, a network stream.
///
/// A source hands out blocks of the channels it was asked for, in that order, in µV, with their place in the recording. It is pulled: the
/// consumer's pace is the source's pace, so nothing is dropped between them; a source that loses samples says so with a new segment.
public protocol SignalSource {
  /// Samples a second, Hz.
  var sampleRate: Double { get }

  /// Waits for the next samples.
  ///
  /// - Parameter block: Filled with them; its memory is reused.
  /// - Returns: The time of the block's first sample, seconds from the start of the recording; nil at the end.
  /// - Throws: `StreamingError`.
  mutating func next(into block: inout SignalBlock) async throws(StreamingError) -> Double?
}
