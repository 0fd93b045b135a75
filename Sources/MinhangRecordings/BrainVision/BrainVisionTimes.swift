import MinhangCore

/// The unbroken stretches of a recording: a `New Segment` marker begins one, and so does each segment of segmented data.
///
/// Where two neighbouring markers carry dates, the dates give the time that is missing between their stretches. Without them nothing is known but that
/// there is a break: the stretches stay apart, without time between them.
struct BrainVisionTimes {
  private(set) var spans: [TimeSpan] = []
  private(set) var start: RecordingDate?

  /// More stretches than any recording has: a million.
  private static let limit = 1_000_000

  init(_ markers: [BrainVisionMarkers.Marker], header: BrainVisionHeader, sampleCount: Int, log: inout WarningLog) {
    let rate = header.sampleRate
    var dates: [Int: BrainVisionDate] = [:]
    var breaks: Set<Int> = []
    for marker in markers where marker.isSegment && marker.sample < max(1, sampleCount) {
      if marker.sample > 0 { breaks.insert(marker.sample) }
      if let date = marker.date { dates[marker.sample] = date }
    }
    if let length = header.segmentDataPoints, length > 0, length < sampleCount {
      if sampleCount / length <= Self.limit {
        breaks.formUnion(stride(from: length, to: sampleCount, by: length))
      } else {
        log.add(.gap, "segments of \(length) samples in a recording of \(sampleCount) are hardly meant; ignored")
      }
    }
    if let first = dates.min(by: { $0.key < $1.key }) { start = first.value.date.advanced(by: -Double(first.key) / rate) }
    guard sampleCount > 0 else { return }
    let starts = [0] + breaks.sorted()
    var (unknown, backwards) = (0, 0)
    var time = 0.0
    for (k, sample) in starts.enumerated() {
      if k > 0 {
        let end = time + Double(sample - starts[k - 1]) / rate
        if let before = dates[starts[k - 1]], let date = dates[sample] {
          let later = time + date.seconds(since: before)
          // Half a sample of play: the dates are rounded to microseconds.
          if later + 0.5 / rate < end { backwards += 1 }
          time = max(end, later)
        } else {
          unknown += 1
          time = end
        }
      }
      let next = k + 1 < starts.count ? starts[k + 1] : sampleCount
      spans.append(TimeSpan(start: time, duration: Double(next - sample) / rate))
    }
    if unknown > 0 {
      log.note(
        .gap,
        "\(unknown) breaks between segments are of unknown length: the markers carry no dates; segments follow each other without time between"
      )
    }
    if backwards > 0 {
      log.add(
        .overlap,
        "\(backwards) segments begin before the one before them ends, by the dates of their markers; they follow without time between")
    }
  }
}
