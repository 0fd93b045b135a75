import MinhangCore

/// A source, a decoder and a sink at work together: the one path of offline and live decoding.
public enum DecodingSession {
  /// What is measured by the clock on the wall, and only when asked for.
  public struct Timing: Sendable, Hashable {
    /// Whether a latency record is written before the summary.
    public var isReported: Bool
    /// The longest that a block may take, seconds; nil for no limit.
    public var deadline: Double?

    /// Makes the wishes.
    public init(isReported: Bool = false, deadline: Double? = nil) {
      self.isReported = isReported
      self.deadline = deadline
    }
  }

  /// What a session came to.
  public struct Outcome: Sendable, Hashable {
    /// The counts, as in the last line.
    public var summary: StreamSummary
    /// Blocks that took longer than the deadline.
    public var deadlineMisses: Int
  }

  /// Decodes a source to its end.
  ///
  /// - Parameters:
  ///   - source: Hands out the model's channels in the model's order.
  ///   - decoder: At its start, with the events announced that are known.
  ///   - header: The first record.
  ///   - sink: Takes the records; flushed after each block.
  ///   - timing: What to measure.
  ///   - clock: Measures it.
  /// - Returns: The counts.
  /// - Throws: `StreamingError` of the source or the sink.
  public static func run<Source: SignalSource, Sink: RecordSink, WallClock: Clock>(
    _ source: inout Source, decoder: inout OnlineDecoder, header: StreamHeader, into sink: inout Sink, timing: Timing = Timing(),
    clock: WallClock
  ) async throws(StreamingError) -> Outcome where WallClock.Duration == Duration {
    var latencies = LatencyHistogram()
    var misses = 0
    try sink.write(.header(header))
    try sink.flush()
    var block = SignalBlock(channelCount: header.channels.count, sampleCount: 0)
    var records: [StreamRecord] = []
    while let startTime = try await source.next(into: &block) {
      let arrival = clock.now
      records.removeAll(keepingCapacity: true)
      decoder.process(&block, startTime: startTime) { records.append($0) }
      for record in records { try sink.write(record) }
      try sink.flush()
      guard timing.isReported || timing.deadline != nil else { continue }
      let seconds = arrival.duration(to: clock.now) / .seconds(1)
      latencies.add(seconds)
      if let deadline = timing.deadline, seconds > deadline { misses += 1 }
    }
    records.removeAll(keepingCapacity: true)
    let summary = decoder.finish { records.append($0) }
    for record in records { try sink.write(record) }
    if timing.isReported { try sink.write(.latency(LatencyReport(latencies, deadlineMisses: misses))) }
    try sink.write(.summary(summary))
    try sink.flush()
    return Outcome(summary: summary, deadlineMisses: misses)
  }
}

extension LatencyReport {
  /// The figures of a histogram.
  init(_ histogram: LatencyHistogram, deadlineMisses: Int) {
    self.init(
      blocks: histogram.count, median: histogram.quantile(0.5), percentile99: histogram.quantile(0.99), maximum: histogram.maximum,
      deadlineMisses: deadlineMisses)
  }
}
