import MinhangCore

/// How samples are cut into data records when a file is written.
///
/// Every channel must have a whole number of samples in a record, and the record's duration must be a decimal number of at most eight
/// characters. Among the durations that allow this the plan takes one that divides every unbroken stretch, so that no sample is invented; near
/// one second, with records of at most 61440 bytes; for few samples one record of them all. Where none divides, the last record of a stretch is
/// filled up by repeating each channel's last number, and `paddedSamples` says how many.
struct EDFRecordPlan {
  /// An unbroken stretch in records.
  struct Stretch {
    /// Which of the recording's spans it is.
    var span: Int
    var firstRecord: Int
    var recordCount: Int
    /// Nanoseconds from the first sample.
    var start: Int
  }

  var recordDuration: ExactDecimal
  var samplesPerRecord: [Int]
  var stretches: [Stretch]
  var paddedSamples: [Int]

  var recordCount: Int { stretches.last.map { $0.firstRecord + $0.recordCount } ?? 0 }

  /// Whether each stretch follows the one before without a gap.
  var isContinuous: Bool {
    guard let step = recordDuration.nanoseconds else { return stretches.count <= 1 }
    return zip(stretches, stretches.dropFirst()).allSatisfy { $1.start == $0.start + $0.recordCount * step }
  }

  /// Plans records that hold annotations only.
  init(annotationsOnly count: Int) {
    recordDuration = .zero
    samplesPerRecord = []
    stretches = [Stretch(span: 0, firstRecord: 0, recordCount: count, start: 0)]
    paddedSamples = []
  }

  /// Plans for channels and stretches.
  ///
  /// - Parameters:
  ///   - rates: Sampling rate of each channel, Hz; not empty.
  ///   - counts: For each channel the samples in each stretch.
  ///   - spans: The stretches.
  ///   - bytesPerSample: Bytes of a stored number.
  ///   - wish: A record duration to keep if it divides everything: that of the file that is copied.
  init(
    rates: [Double], counts: [[Int]], spans: [TimeSpan], bytesPerSample: Int, wish: Double?, path: String
  ) throws(RecordingError) {
    func failure(_ what: String) -> RecordingError { RecordingError(.notRepresentable, path: path, what) }
    var ratios: [Ratio] = []
    for rate in rates {
      guard let ratio = Ratio(rate) else { throw failure("a sampling rate of \(rate) Hz is no fraction that data records can hold") }
      ratios.append(ratio)
    }
    // The shortest time in which every channel has a whole number of samples: lcm(denominators) / gcd(numerators).
    let divisor = ratios.dropFirst().reduce(ratios[0].numerator) { Ratio.greatestCommonDivisor($0, $1.numerator) }
    let multiple = ratios.reduce(Int?(1)) { $0.flatMap { [next = $1.denominator] in Ratio.leastCommonMultiple($0, next) } }
    guard let multiple, multiple < 1 << 40 else { throw failure("the sampling rates have no common data record") }
    let unit = Ratio(multiple, divisor)
    let unitSamples = ratios.map { Int((Double($0.numerator) / Double(unit.denominator)).rounded()) * (unit.numerator / $0.denominator) }
    // Units in each stretch: as many as the longest channel needs.
    let units = spans.indices.map { span in
      rates.indices.map { (counts[$0][span] + unitSamples[$0] - 1) / unitSamples[$0] }.max() ?? 0
    }
    let room = spans.indices.map { span in
      span + 1 < spans.count ? spans[span + 1].start - spans[span].start - Double(units[span]) * unit.value : .infinity
    }
    let bytes = unitSamples.reduce(0, +) * bytesPerSample
    guard let best = Self.best(unit: unit, units: units, room: room, bytes: bytes, wish: wish) else {
      throw failure("no duration of a data record suits the sampling rates; expected a decimal number of seconds up to 8 characters")
    }
    recordDuration = best.duration
    samplesPerRecord = unitSamples.map { $0 * best.factor }
    stretches = []
    paddedSamples = [Int](repeating: 0, count: rates.count)
    for (span, count) in units.enumerated() where count > 0 {
      let records = (count + best.factor - 1) / best.factor
      // 4e18 ns, 126 years, for the start and as much for the records: their sum does not overflow.
      let length = records.multipliedReportingOverflow(by: recordDuration.nanoseconds ?? 0)
      guard let start = Int(exactly: (spans[span].start * 1e9).rounded()), abs(start) < 4_000_000_000_000_000_000, !length.overflow,
        length.partialValue < 4_000_000_000_000_000_000
      else {
        throw failure("a stretch that starts at \(spans[span].start) s is beyond what can be written")
      }
      stretches.append(Stretch(span: span, firstRecord: recordCount, recordCount: records, start: start))
      for channel in rates.indices { paddedSamples[channel] += records * samplesPerRecord[channel] - counts[channel][span] }
    }
    guard recordCount <= 99_999_999 else { throw failure("\(recordCount) data records are too many; expected at most 99999999") }
  }

  /// The best number of units in a record: one that divides every stretch if there is one, else one that adds little.
  private static func best(
    unit: Ratio, units: [Int], room: [Double], bytes: Int, wish: Double?
  ) -> (factor: Int, duration: ExactDecimal)? {
    let common = units.filter { $0 > 0 }.reduce(0) { Ratio.greatestCommonDivisor($0, $1) }
    let total = units.reduce(0, +)
    // Up to a minute in a record; at least one unit whatever it lasts; or what divides all stretches, be it the whole recording.
    let most = max(1, min(200_000, Int(min(60 / unit.value, 1e6))))
    var exact: Choice?
    var others: [Choice] = []
    for factor in Array(1...most) + divisors(of: common).filter({ $0 > most }) {
      guard let duration = decimal(unit, times: factor) else { continue }
      let choice = Choice(factor: factor, duration: duration, seconds: Double(factor) * unit.value, bytes: Double(bytes) * Double(factor))
      if common % factor == 0 {
        if exact.map({ choice.score(wish: wish).lexicographicallyPrecedes($0.score(wish: wish)) }) ?? true { exact = choice }
      } else {
        others.append(choice)
      }
    }
    if let exact, !exact.isHuge, !exact.isTiny || total / exact.factor <= mostTinyRecords { return (exact.factor, exact.duration) }
    // Some of the rest, evenly: a file may have a hundred thousand stretches.
    let step = max(1, others.count / 200)
    var best = exact.map { ($0, $0.isTiny || $0.isHuge ? [0.0, 1] : [0, 0]) }
    for choice in stride(from: 0, to: others.count, by: step).map({ others[$0] }) {
      let padded = units.map { ($0 + choice.factor - 1) / choice.factor * choice.factor - $0 }
      let runsIntoNext = zip(padded, room).contains { Double($0) * unit.value > $1 + unit.value / 2 }
      let padding = Double(padded.reduce(0, +)) * unit.value
      let score = [
        runsIntoNext ? 1 : 0, choice.isTiny || choice.isHuge ? 1 : 0, choice.seconds < 0.1 ? 1 : 0, padding, abs(log2(choice.seconds)),
      ]
      if best.map({ score.lexicographicallyPrecedes($0.1) }) ?? true { best = (choice, score) }
    }
    return best.map { ($0.0.factor, $0.0.duration) }
  }

  /// A duration that a record can have.
  private struct Choice {
    var factor: Int
    var duration: ExactDecimal
    var seconds: Double
    var bytes: Double

    /// A record carries about 24 bytes of time besides its samples: tiny ones waste space.
    var isTiny: Bool { bytes < 48 }
    /// Larger records are refused by widely used readers.
    var isHuge: Bool { bytes > 10_000_000 }

    /// Less is better.
    func score(wish: Double?) -> [Double] {
      let isWished = wish.map { abs($0 - seconds) <= 1e-9 * seconds } ?? false
      return [isTiny || isHuge ? 1 : 0, isWished ? 0 : 1, bytes > 61440 ? 1 : 0, isTiny ? -bytes : 0, abs(log2(seconds))]
    }
  }

  /// Tiny records are written where no others hold all samples and none besides, as long as their times take a few megabytes only.
  private static let mostTinyRecords = 100_000

  /// The divisors of a whole number above 0.
  private static func divisors(of number: Int) -> [Int] {
    var divisors: [Int] = []
    var low = 1
    while low <= number / low {
      if number % low == 0 { divisors += low * low == number ? [low] : [low, number / low] }
      low += 1
    }
    return divisors
  }

  /// So many units as a decimal number of at most eight characters; nil where it is none.
  private static func decimal(_ unit: Ratio, times factor: Int) -> ExactDecimal? {
    let (numerator, overflow) = unit.numerator.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    var power = 1
    for scale in 0...6 {
      let (scaled, overflow) = numerator.multipliedReportingOverflow(by: power)
      if overflow { return nil }
      if scaled % unit.denominator == 0 {
        let decimal = ExactDecimal(mantissa: scaled / unit.denominator, scale: scale)
        return decimal.text.utf8.count <= 8 ? decimal : nil
      }
      power *= 10
    }
    return nil
  }
}

/// The logarithm to base 2, near enough to compare durations with.
private func log2(_ x: Double) -> Double { Double(x.exponent) + x.significand - 1 }
