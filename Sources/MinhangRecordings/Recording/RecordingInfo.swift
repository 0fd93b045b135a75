import MinhangCore

/// The format of a file, as its content shows it.
public struct RecordingFormat: Sendable, Hashable, CustomStringConvertible {
  /// The format's usual name: "EDF", "EDF+C", "BDF+D".
  public let name: String

  /// Makes a format of a name.
  public init(_ name: String) { self.name = name }

  /// The format's usual name.
  public var description: String { name }
}

/// An unbroken stretch of time.
public struct TimeSpan: Sendable, Hashable {
  /// Seconds from the recording's first sample.
  public var start: Double
  /// Length, seconds.
  public var duration: Double
  /// Samples in the span, where its clock and not the channels' sampling rate decides: their true rate is `sampleCount / duration`.
  public var sampleCount: Int?

  /// Makes a span.
  public init(start: Double, duration: Double, sampleCount: Int? = nil) {
    self.start = start
    self.duration = duration
    self.sampleCount = sampleCount
  }

  /// Seconds from the recording's first sample to the end of the span.
  public var end: Double { start + duration }
}

/// Channels that were sampled by one clock: they have the same unbroken stretches.
///
/// Most formats hold one stream. XDF holds one for each device.
public struct RecordingStream: Sendable, Hashable {
  /// The stream's name in the file; empty where there is but one.
  public var name: String
  /// The unbroken stretches, in the order in which they are stored.
  public var spans: [TimeSpan]
  /// The sampling rate that the device promises, Hz; nil where the channels' rate is all that is known.
  public var nominalRate: Double?
  /// The sampling rate that the clock measured, Hz; nil where there is no such measurement.
  public var measuredRate: Double?

  /// Makes a stream.
  public init(name: String = "", spans: [TimeSpan], nominalRate: Double? = nil, measuredRate: Double? = nil) {
    self.name = name
    self.spans = spans
    self.nominalRate = nominalRate
    self.measuredRate = measuredRate
  }
}

/// What a recording holds, known without reading its samples.
public struct RecordingInfo: Sendable {
  /// The format, found by content.
  public var format: RecordingFormat
  /// The file as the caller named it.
  public var path: String
  /// Size of the file.
  public var byteCount: Int
  /// Other files that say what the recording holds: those of its samples and its markers, and sidecars.
  ///
  /// A hash of `path` alone does not vouch for them.
  public var companions: [String] = []
  /// All files of the recording, `path` first.
  public var files: [String] { [path] + companions }
  /// When the first sample was taken; nil where the file does not say so in a usable way.
  public var start: RecordingDate?
  /// Seconds from the first sample to the end of the last, gaps included; 0 without samples.
  public var duration: Double
  /// The channels, without those that only carry annotations.
  public var channels: [Channel]
  /// The streams to which the channels belong (`Channel.stream`); never empty.
  public var streams: [RecordingStream]
  /// Seconds of a data record where the format has such; a copy in the same family keeps it.
  public var recordDuration: Double?
  /// Who was recorded; never shown unless asked for.
  public var identity: RecordingIdentity
  /// Defects that were found on opening, annotations included.
  public var warnings: [RecordingWarning]
  /// Legal things that are good to know: text that is not ASCII, a record count that had to be taken from the size.
  public var notes: [RecordingWarning]

  /// Makes a description of a recording.
  public init(
    format: RecordingFormat, path: String, byteCount: Int, start: RecordingDate?, duration: Double, channels: [Channel], spans: [TimeSpan],
    recordDuration: Double? = nil, identity: RecordingIdentity = .anonymous, warnings: [RecordingWarning] = [],
    notes: [RecordingWarning] = []
  ) {
    self.init(
      format: format, path: path, byteCount: byteCount, start: start, duration: duration, channels: channels,
      streams: [RecordingStream(spans: spans)], recordDuration: recordDuration, identity: identity, warnings: warnings, notes: notes)
  }

  /// Makes a description of a recording of several streams.
  ///
  /// - Parameter streams: At least one.
  public init(
    format: RecordingFormat, path: String, byteCount: Int, start: RecordingDate?, duration: Double, channels: [Channel],
    streams: [RecordingStream], recordDuration: Double? = nil, identity: RecordingIdentity = .anonymous, warnings: [RecordingWarning] = [],
    notes: [RecordingWarning] = []
  ) {
    precondition(!streams.isEmpty && channels.allSatisfy { streams.indices.contains($0.stream) }, "channels of \(streams.count) streams")
    self.format = format
    self.path = path
    self.byteCount = byteCount
    self.start = start
    self.duration = duration
    self.channels = channels
    self.streams = streams
    self.recordDuration = recordDuration
    self.identity = identity
    self.warnings = warnings
    self.notes = notes
  }

  /// The unbroken stretches of the first stream, in the order in which they are stored; more than one where it has gaps.
  public var spans: [TimeSpan] {
    get { streams[0].spans }
    set { streams[0].spans = newValue }
  }

  /// How the samples of channels with a sampling rate hang on time.
  ///
  /// - Parameter sampleRate: Hz; the rate of one of the channels. A rate that no channel has gives the timeline such a channel would have.
  public func timeline(sampleRate: Double) -> Timeline {
    let channel = channels.first { $0.sampleRate == sampleRate }
    return Timeline(sampleRate: sampleRate, sampleCount: channel?.sampleCount, spans: streams[channel?.stream ?? 0].spans)
  }

  /// How the samples of a channel hang on time.
  public func timeline(of channel: Int) -> Timeline {
    let channel = channels[channel]
    return Timeline(sampleRate: channel.sampleRate, sampleCount: channel.sampleCount, spans: streams[channel.stream].spans)
  }
}

extension Timeline {
  /// Makes the timeline of a channel from the unbroken stretches of its recording.
  ///
  /// Each stretch holds the samples it states, or else `round(duration · rate)`; the last one takes what is left of `sampleCount`.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - sampleCount: Samples stored in all stretches; nil where only the stretches decide.
  ///   - spans: The stretches, in the order in which they are stored.
  public init(sampleRate: Double, sampleCount: Int?, spans: [TimeSpan]) {
    let ranges = Self.ranges(sampleRate: sampleRate, sampleCount: sampleCount, spans: spans)
    let segments = zip(ranges, spans).filter { !$0.0.isEmpty }.map { range, span in
      let measured = span.sampleCount.map { Double($0) / span.duration }
      return Segment(
        firstSample: range.lowerBound, sampleCount: range.count, start: span.start,
        measuredRate: measured.map { SamplingRate.isUsable($0) ? $0 : sampleRate })
    }
    self.init(sampleRate: sampleRate, segments: segments)
  }

  /// For each span the samples that it holds; empty where it is shorter than half a sample.
  static func ranges(sampleRate: Double, sampleCount: Int?, spans: [TimeSpan]) -> [Range<Int>] {
    var first = 0
    return spans.enumerated().map { place, span in
      var count = max(0, span.sampleCount ?? Int(exactly: (span.duration * sampleRate).rounded()) ?? 0)
      if let sampleCount {
        let left = max(0, sampleCount - first)
        count = place == spans.count - 1 ? left : min(count, left)
      }
      if first.addingReportingOverflow(count).overflow { count = 0 }
      defer { first += count }
      return first..<(first + count)
    }
  }
}
