import MinhangCore

extension BIDSWriter {
  /// Events at the samples at which they happened, by the time of a data file that lost the length of gaps or the rate by the clock.
  ///
  /// - Parameters:
  ///   - source: The timeline of the events' onsets.
  ///   - stored: The timeline of the same samples in the data file.
  static func aligned(_ events: [Event], from source: Timeline, to stored: Timeline, report: inout Report) -> [Event] {
    guard source.sampleCount == stored.sampleCount, let last = source.segments.last,
      source.segments != stored.segments || source.sampleRate != stored.sampleRate
    else { return events }
    var moved = 0
    var largest = 0.0
    let aligned = events.map { event in
      let next = source.sample(atTime: event.onset) == nil ? source.segments.first { $0.start >= event.onset } : nil
      // In a gap the first sample after it; before the first and behind the last sample time goes on evenly.
      let isInGap = next.map { $0.firstSample > 0 } ?? false
      let sample = source.sample(atTime: event.onset) ?? next?.firstSample ?? last.firstSample + last.sampleCount
      let onset = stored.time(ofSample: sample) + (isInGap ? 0 : event.onset - source.time(ofSample: sample))
      let shift = abs(onset - event.onset)
      guard shift > 1e-6 else { return event }
      moved += 1
      largest = max(largest, shift)
      var event = event
      event.onset = onset
      return event
    }
    if moved > 0 {
      report.losses.append(
        "the time by the clock: \(moved) events are placed by their samples, off by up to \(DelimitedText.number(largest)) s")
    }
    return Event.sortedByOnset(aligned)
  }
}
