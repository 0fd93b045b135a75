/// A stretch of a recorder's clock without its being set anew: what a time stamp in it means.
///
/// Recorders that are started together set their clocks to zero once all of them run: a file then begins with a short stretch of its own clock.
struct BlackrockClock: Sendable, Hashable {
  /// The first stamp.
  var stamp: UInt64
  /// The stamp at its end.
  var end: UInt64
  /// Time of the first stamp, seconds from the recording's first sample.
  var start: Double
}
