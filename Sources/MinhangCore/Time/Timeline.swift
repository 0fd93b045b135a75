/// An unbroken stretch of samples.
public struct Segment: Sendable, Hashable {
  /// Index of the first sample, counted in stored samples from the start of the recording.
  public var firstSample: Int
  /// Number of samples.
  public var sampleCount: Int
  /// Time of the first sample, seconds from the recording's first sample.
  public var start: Double
  /// Samples a second that the clock measured in this segment, where that is known better than by the timeline's sampling rate.
  ///
  /// A device that promises 256 Hz runs at 255.998 Hz by the clock of its host: signals are worked on at 256 Hz, times follow the clock.
  public var measuredRate: Double?

  /// Makes a segment.
  public init(firstSample: Int, sampleCount: Int, start: Double, measuredRate: Double? = nil) {
    self.firstSample = firstSample
    self.sampleCount = sampleCount
    self.start = start
    self.measuredRate = measuredRate
  }

  /// The sample indices of the segment.
  public var sampleRange: Range<Int> { firstSample..<(firstSample + sampleCount) }
}

/// A break between two segments.
public struct Gap: Sendable, Hashable {
  /// Index of the first sample after the break.
  public var sample: Int
  /// Time of that sample, seconds.
  public var time: Double
  /// Seconds missing before it; negative where the clock went back.
  public var missing: Double

  /// Makes a gap.
  public init(sample: Int, time: Double, missing: Double) {
    self.sample = sample
    self.time = time
    self.missing = missing
  }
}

/// How sample indices hang on time, for the channels of one sampling rate.
///
/// The index counts samples that exist; a gap takes time and no index. Within a segment time runs evenly at the sampling rate.
public struct Timeline: Sendable, Hashable {
  /// Samples a second, Hz.
  public let sampleRate: Double
  /// The unbroken stretches, in order of their sample indices, without a hole between them.
  public let segments: [Segment]

  /// Which segment holds a time, where they do not start one after the other has ended.
  private let cover: TimelineCover?

  /// Makes a timeline of segments.
  public init(sampleRate: Double, segments: [Segment]) {
    self.sampleRate = sampleRate
    self.segments = segments
    // Half a sample of play: record times are decimal texts.
    let isChronological = zip(segments, segments.dropFirst()).allSatisfy { before, after in
      before.start + (Double(before.sampleCount) - 0.5) / (before.measuredRate ?? sampleRate) <= after.start
    }
    cover = isChronological ? nil : TimelineCover(segments, sampleRate: sampleRate)
  }

  /// Makes a timeline without gaps.
  public init(sampleRate: Double, sampleCount: Int) {
    self.init(sampleRate: sampleRate, segments: sampleCount > 0 ? [Segment(firstSample: 0, sampleCount: sampleCount, start: 0)] : [])
  }

  /// Samples a second of time in a segment.
  public func rate(in segment: Segment) -> Double { segment.measuredRate ?? sampleRate }

  /// Time at which a segment ends: one sampling interval after its last sample, seconds.
  public func end(of segment: Segment) -> Double { segment.start + Double(segment.sampleCount) / rate(in: segment) }

  /// Number of samples in all segments.
  public var sampleCount: Int { segments.last.map { $0.firstSample + $0.sampleCount } ?? 0 }

  /// Index of the segment that holds a sample; nil outside.
  ///
  /// O(log segments).
  public func segmentIndex(ofSample sample: Int) -> Int? {
    let place = segments.partitioningIndex { $0.sampleRange.upperBound > sample }
    return place < segments.count && segments[place].sampleRange.contains(sample) ? place : nil
  }

  /// Time of a sample, seconds from the recording's first sample.
  ///
  /// Past the end the last segment is continued, before the start the first.
  public func time(ofSample sample: Int) -> Double {
    guard let first = segments.first, let last = segments.last else { return Double(sample) / sampleRate }
    let segment = segmentIndex(ofSample: sample).map { segments[$0] } ?? (sample < first.firstSample ? first : last)
    return segment.start + Double(sample - segment.firstSample) / rate(in: segment)
  }

  /// The sample nearest to a time, `firstSample + round((time − start) · rate)` in its segment; nil where no sample exists at that time.
  ///
  /// Halves round to even, as the reference implementations do. A time up to half a sample outside a segment belongs to it; where the clock
  /// went back and several segments hold the time, the first does.
  ///
  /// O(log segments).
  public func sample(atTime time: Double) -> Int? {
    if let cover { return cover.segments(near: time).lazy.compactMap { self.sample(atTime: time, in: segments[$0]) }.first }
    // The last segment that starts at or before the time, and the one after it, to which the half sample before its start belongs.
    let next = segments.partitioningIndex { $0.start > time }
    for place in [next - 1, next] where segments.indices.contains(place) {
      if let sample = sample(atTime: time, in: segments[place]) { return sample }
    }
    return nil
  }

  private func sample(atTime time: Double, in segment: Segment) -> Int? {
    let offset = ((time - segment.start) * rate(in: segment)).rounded(.toNearestOrEven)
    guard let offset = Int(exactly: offset), offset >= 0, offset < segment.sampleCount else { return nil }
    return segment.firstSample + offset
  }

  /// The samples from `start` on and before `end`, seconds; nil is the recording's own beginning or end.
  ///
  /// A time within a millionth of a sample of a sample's time is that sample's time: `2.3 · 160` is sample 368, whatever its last bit.
  public func samples(from start: Double?, to end: Double?) -> Range<Int> {
    let first = start.map { firstSample(notBefore: $0) } ?? 0
    let last = end.map { firstSample(notBefore: $0) } ?? sampleCount
    return first..<max(first, last)
  }

  private func firstSample(notBefore time: Double) -> Int {
    for segment in segments {
      let offset = (time - segment.start) * rate(in: segment)
      let nearest = offset.rounded()
      let needed = abs(offset - nearest) < 1e-6 ? nearest : offset.rounded(.up)
      if needed < Double(segment.sampleCount) { return segment.firstSample + Int(max(0, needed)) }
    }
    return sampleCount
  }

  /// The breaks between the segments.
  public var gaps: [Gap] {
    zip(segments, segments.dropFirst()).map { before, after in
      Gap(sample: after.firstSample, time: after.start, missing: after.start - end(of: before))
    }
  }
}
