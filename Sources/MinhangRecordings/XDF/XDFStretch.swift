// Purpose: the time of each sample from stamps that jitter.
//
// Source: pyxdf. A stream of an even rate is cut where two stamps are further apart than 1 s and than 500 samples, and the stamps of each
// stretch are replaced by the straight line of least squares through them.

import MinhangCore

/// Samples of a stream on one line of time: sample `k` of it lies at `start + (k − first) · interval`.
struct XDFStretch: Sendable, Hashable {
  var samples: Range<Int>
  /// Time of the first sample, seconds of the recording's clock.
  var start: Double
  /// Seconds between samples.
  var interval: Double

  /// The time of a sample.
  func time(of sample: Int) -> Double { start + Double(sample - samples.lowerBound) * interval }
}

/// The times of a stream's samples.
struct XDFSampleTimes: Sendable {
  /// The lines; one for a stream that is not laid on lines.
  var stretches: [XDFStretch] = []
  /// The stamps themselves where they are not laid on lines.
  var stamps: [Double]?
  /// Samples a second over all stretches; nil without two samples on a rising line.
  var measuredRate: Double?

  var count: Int { stretches.last?.samples.upperBound ?? stamps?.count ?? 0 }

  /// All times, seconds of the recording's clock.
  var all: [Double] {
    if let stamps { return stamps }
    var times: [Double] = []
    times.reserveCapacity(count)
    for stretch in stretches { for sample in stretch.samples { times.append(stretch.time(of: sample)) } }
    return times
  }

  /// The time of the first sample.
  var first: Double? { stamps?.first ?? stretches.first?.start }

  /// Lays stamps on lines.
  init(_ stamps: [Double], header: XDFStreamHeader) {
    guard !stamps.isEmpty else { return }
    guard header.isRegular else {
      self.stamps = stamps
      return
    }
    if header.canDropSamples {
      self.stamps = stamps
      let duration = stamps[stamps.count - 1] - stamps[0]
      if stamps.count > 1 && duration > 0 { measuredRate = Double(stamps.count - 1) / duration }
      stretches = [XDFStretch(samples: 0..<stamps.count, start: stamps[0], interval: measuredRate.map { 1 / $0 } ?? 0)]
      layOutSteps(stamps, header)
      return
    }
    var first = 0
    let threshold = max(1, 500 * Self.expectedInterval(stamps, header))
    for k in 1..<(stamps.count + 1) where k == stamps.count || abs(stamps[k] - stamps[k - 1]) > threshold {
      stretches.append(Self.line(stamps, first..<k))
      first = k
    }
    var steps = 0
    var seconds = 0.0
    for stretch in stretches where stretch.samples.count > 1 {
      steps += stretch.samples.count - 1
      seconds += Double(stretch.samples.count - 1) * stretch.interval
    }
    let rate = Double(steps) / seconds
    measuredRate = SamplingRate.isUsable(rate) ? rate : nil
  }

  /// Cuts a stream that may leave out samples where its stamps leap: by more than one and a half sampling intervals, or back.
  ///
  /// Stamps that stray so much that every tenth sample would begin a stretch say nothing of left out samples, and stay one.
  private mutating func layOutSteps(_ stamps: [Double], _ header: XDFStreamHeader) {
    let expected = Self.expectedInterval(stamps, header)
    var pieces: [XDFStretch] = []
    var first = 0
    for k in 1..<(stamps.count + 1)
    where k == stamps.count || abs(stamps[k] - stamps[k - 1]) > 1.5 * expected || stamps[k] < stamps[k - 1] {
      pieces.append(Self.line(stamps, first..<k))
      first = k
      guard pieces.count <= stamps.count / 10 + 1 else { return }
    }
    guard pieces.count > 1 else { return }
    stretches = pieces
    let steps = pieces.reduce(0) { $0 + $1.samples.count - 1 }
    let seconds = pieces.reduce(0.0) { $0 + Double($1.samples.count - 1) * $1.interval }
    let rate = Double(steps) / seconds
    if SamplingRate.isUsable(rate) { measuredRate = rate }
  }

  private static func expectedInterval(_ stamps: [Double], _ header: XDFStreamHeader) -> Double {
    if let rate = header.nominalRate { return 1 / rate }
    let mean = (stamps[stamps.count - 1] - stamps[0]) / Double(stamps.count)
    return mean > 0 ? mean : 0
  }

  /// The line of least squares; taken about the middle, where it loses no digits.
  private static func line(_ stamps: [Double], _ samples: Range<Int>) -> XDFStretch {
    let n = Double(samples.count)
    let origin = stamps[samples.lowerBound]
    let middle = (n - 1) / 2
    var sum = 0.0
    var products = 0.0
    for k in samples {
      let t = stamps[k] - origin
      sum += t
      products += (Double(k - samples.lowerBound) - middle) * t
    }
    // Σ (k − middle)² = n (n² − 1) / 12.
    let interval = samples.count > 1 ? products / (n * (n * n - 1) / 12) : 0
    return XDFStretch(samples: samples, start: origin + (sum / n - middle * interval), interval: interval)
  }
}
