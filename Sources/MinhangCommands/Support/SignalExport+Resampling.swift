import MinhangBCI

extension SignalExport {
  /// Brings every channel to one sampling rate, by a polyphase filter that runs anew in each segment.
  ///
  /// Before the first sample of a segment and after its last the signal is continued by that sample, so that an electrode's offset makes no
  /// transient. What was stored as whole numbers is so no more: the range is fitted to the result.
  ///
  /// - Parameter newRate: Hz.
  /// - Throws: `SignalError` for a ratio that is not rational, `CommandFailure` where channels of several rates end up with other segments.
  mutating func resample(to newRate: Double) throws {
    for place in groups.indices {
      let old = groups[place].timeline
      let ratio = try ResamplingRatio(from: old.sampleRate, to: newRate)
      let timeline = Timeline(
        sampleRate: newRate,
        segments: old.segments.compactMap { segment in
          let first = ratio.firstOutput(atOrAfter: segment.firstSample)
          let count = ratio.firstOutput(atOrAfter: segment.sampleRange.upperBound) - first
          let offset = Double(first) * Double(ratio.down) / Double(ratio.up) - Double(segment.firstSample)
          return count > 0 ? Segment(firstSample: first, sampleCount: count, start: segment.start + offset / old.sampleRate) : nil
        })
      let pass = groups[place].pass
      groups[place].timeline = timeline
      groups[place].pass = { body in try Self.resample(pass, ratio, timeline, body) }
      for index in groups[place].places {
        channels[index].sampleRate = newRate
        channels[index].sampleCount = timeline.sampleCount
      }
    }
    guard let first = groups.first?.timeline, groups.allSatisfy({ $0.timeline == first }) else {
      throw CommandFailure(
        .usage, "--resample: channels of different rates end at different samples at \(JSONValue.decimal(newRate)) Hz",
        hint: "choose channels of one rate with --channels")
    }
    streams = [RecordingStream(spans: first.segments.map { TimeSpan(start: $0.start, duration: Double($0.sampleCount) / newRate) })]
    for place in channels.indices { channels[place].stream = 0 }
    recordDuration = nil
    isRangeFitted = true
  }

  private static func resample(
    _ pass: @escaping Pass, _ ratio: ResamplingRatio, _ timeline: Timeline, _ body: (inout SignalBlock) throws -> Void
  ) throws {
    var resampler = StreamingResampler(ratio, edge: .edge)
    var output = SignalBlock(channelCount: 0, sampleCount: 0)
    var segment: Int?
    try pass { block in
      if let segment, segment != block.segment {
        resampler.finish(into: &output)
        if !output.isEmpty { try body(&output) }
      }
      segment = block.segment
      resampler.process(block, into: &output)
      if !output.isEmpty { try body(&output) }
    }
    resampler.finish(into: &output)
    if !output.isEmpty { try body(&output) }
  }
}
