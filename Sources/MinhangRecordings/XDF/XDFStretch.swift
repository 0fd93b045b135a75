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
  var stamps: XDFStamps?
  /// Samples a second over all stretches; nil without two samples on a rising line.
  var measuredRate: Double?

  var count: Int { stretches.last?.samples.upperBound ?? stamps?.count ?? 0 }

  /// All times, seconds of the recording's clock.
  var all: [Double] {
    if let stamps { return Array(stamps) }
    var times: [Double] = []
    times.reserveCapacity(count)
    for stretch in stretches { for sample in stretch.samples { times.append(stretch.time(of: sample)) } }
    return times
  }

  /// The time of the first sample.
  var first: Double? { stamps?.first { _ in true } ?? stretches.first?.start }

  /// Lays stamps on lines.
  init(_ stamps: XDFStamps, header: XDFStreamHeader) {
    guard let start = stamps.first(where: { _ in true }) else { return }
    guard header.isRegular else {
      self.stamps = stamps
      return
    }
    var expected = header.nominalRate.map { 1 / $0 } ?? 0
    if header.canDropSamples || header.nominalRate == nil {
      let duration = stamps.reduce(start) { $1 } - start
      if header.nominalRate == nil { expected = max(0, duration / Double(stamps.count)) }
      if header.canDropSamples {
        self.stamps = stamps
        if stamps.count > 1 && duration > 0 { measuredRate = Double(stamps.count - 1) / duration }
        stretches = [XDFStretch(samples: 0..<stamps.count, start: start, interval: measuredRate.map { 1 / $0 } ?? 0)]
        layOutSteps(stamps, expected)
        return
      }
    }
    let threshold = max(1, 500 * expected)
    stretches = Self.lines(stamps, Self.cut(stamps) { abs($1 - $0) > threshold } ?? [])
    measuredRate = Self.rate(of: stretches)
  }

  /// Cuts a stream that may leave out samples where its stamps leap: by more than one and a half sampling intervals, or back.
  ///
  /// Stamps that stray so much that every tenth sample would begin a stretch say nothing of left out samples, and stay one.
  private mutating func layOutSteps(_ stamps: XDFStamps, _ expected: Double) {
    guard let pieces = Self.cut(stamps, most: stamps.count / 10 + 1, where: { abs($1 - $0) > 1.5 * expected || $1 < $0 }), pieces.count > 1
    else { return }
    stretches = Self.lines(stamps, pieces)
    measuredRate = Self.rate(of: stretches) ?? measuredRate
  }

  /// Samples a second over lines; nil without two samples on a rising one.
  private static func rate(of stretches: [XDFStretch]) -> Double? {
    let steps = stretches.reduce(0) { $0 + $1.samples.count - 1 }
    let seconds = stretches.reduce(0.0) { $0 + Double($1.samples.count - 1) * $1.interval }
    let rate = Double(steps) / seconds
    return SamplingRate.isUsable(rate) ? rate : nil
  }

  /// The stretches between samples whose stamp is apart from the one before it; nil where they are more than `most`.
  private static func cut(
    _ stamps: XDFStamps, most: Int = .max, where isApart: (_ before: Double, _ stamp: Double) -> Bool
  ) -> [Range<Int>]? {
    var pieces: [Range<Int>] = []
    var (first, sample, before) = (0, 0, 0.0)
    for stamp in stamps {
      if sample > 0 && isApart(before, stamp) {
        pieces.append(first..<sample)
        first = sample
        guard pieces.count < most else { return nil }
      }
      before = stamp
      sample += 1
    }
    return pieces + [first..<sample]
  }

  /// The lines of least squares; taken about the middle, where they lose no digits.
  private static func lines(_ stamps: XDFStamps, _ pieces: [Range<Int>]) -> [XDFStretch] {
    var stamp = stamps.makeIterator()
    return pieces.map { samples in
      let n = Double(samples.count)
      let middle = (n - 1) / 2
      var (origin, sum, products) = (0.0, 0.0, 0.0)
      for k in 0..<samples.count {
        let time = stamp.next() ?? 0
        if k == 0 { origin = time }
        let t = time - origin
        sum += t
        products += (Double(k) - middle) * t
      }
      // Σ (k − middle)² = n (n² − 1) / 12.
      let interval = samples.count > 1 ? products / (n * (n * n - 1) / 12) : 0
      return XDFStretch(samples: samples, start: origin + (sum / n - middle * interval), interval: interval)
    }
  }
}
