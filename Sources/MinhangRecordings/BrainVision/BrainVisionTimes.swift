import MinhangCore

/// The unbroken stretches of a recording: a `New Segment` marker begins one, and so does each segment of segmented data.
///
/// Where two neighbouring markers carry dates, the dates give the time that is missing between their stretches. Without them nothing is known but that
/// there is a break: the stretches stay apart, without time between them.
struct BrainVisionTimes {
  private(set) var spans: [TimeSpan] = []
  private(set) var start: RecordingDate?

  /// The time of the sample that is nearest, where the two differ by less than the microsecond in which dates count.
  static func onGrid(_ time: Double, rate: Double) -> Double {
    let nearest = (time * rate).rounded() / rate
    return abs(nearest - time) <= 1e-6 ? nearest : time
  }

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
          // A sample and a half of play: recorders date a segment by the clock of the computer.
          if later + 1.5 / rate < end { backwards += 1 }
          time = max(end, Self.onGrid(later, rate: rate))
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
        "the length of \(unknown) \(unknown == 1 ? "break" : "breaks") between segments is not known: the markers carry no dates; segments follow each other without time between"
      )
    }
    if backwards > 0 {
      log.add(
        .overlap,
        "\(backwards) \(backwards == 1 ? "segment begins" : "segments begin") before the end of the last one, by the dates of the markers; they follow without time between"
      )
    }
  }
}
