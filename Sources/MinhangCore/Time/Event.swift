/// Something that happened at a time: a cue, a marker, a note of the technician.
public struct Event: Sendable, Hashable {
  /// Seconds from the recording's first sample; may be negative.
  public var onset: Double
  /// How long it lasted, seconds; nil where the file does not say.
  public var duration: Double?
  /// What it was: `T1`, `left_hand`.
  public var label: String
  /// Index of the one channel it concerns; nil for all.
  public var channel: Int?

  /// Makes an event.
  public init(onset: Double, duration: Double? = nil, label: String, channel: Int? = nil) {
    self.onset = onset
    self.duration = duration
    self.label = label
    self.channel = channel
  }
}
