import MinhangCore

/// What a recording to be written holds besides its samples.
public struct RecordingContent: Sendable {
  /// The channels in order: label, unit, rate, `sampleCount`, `stream`; where stored numbers are wanted as they are, the calibration.
  public var channels: [Channel]
  /// The streams to which the channels belong; never empty.
  public var streams: [RecordingStream]
  /// The events, sorted by onset; seconds from the first sample.
  public var events: [Event]
  /// When the first sample was taken.
  public var start: RecordingDate?
  /// Who was recorded.
  public var identity: RecordingIdentity
  /// Seconds of a data record to keep where possible: that of the recording copied.
  public var recordDuration: Double?

  /// Makes a description of a recording to be written.
  ///
  /// - Parameter streams: At least one.
  public init(
    channels: [Channel], streams: [RecordingStream], events: [Event] = [], start: RecordingDate? = nil,
    identity: RecordingIdentity = .anonymous, recordDuration: Double? = nil
  ) {
    precondition(!streams.isEmpty && channels.allSatisfy { streams.indices.contains($0.stream) }, "channels of \(streams.count) streams")
    self.channels = channels
    self.streams = streams
    self.events = events
    self.start = start
    self.identity = identity
    self.recordDuration = recordDuration
  }

  /// How the samples of a channel hang on time.
  public func timeline(of channel: Int) -> Timeline {
    let channel = channels[channel]
    return Timeline(sampleRate: channel.sampleRate, sampleCount: channel.sampleCount, spans: streams[channel.stream].spans)
  }

  /// The one timeline of all channels, for formats that hold one; nil where channels differ in rate, length or gaps, or where there are none.
  public var commonTimeline: Timeline? {
    guard let first = channels.indices.first.map(timeline(of:)) else { return nil }
    return channels.indices.dropFirst().allSatisfy { timeline(of: $0) == first } ? first : nil
  }
}
