import MinhangCore

/// When each record starts, gathered record by record and kept as unbroken runs.
///
/// A run ends where the next record starts more than half a sample away from the end of the one before (EDF+ 2.2.4; half a sample of the
/// fastest channel). Memory grows with the gaps, not with the records.
struct EDFRecordTimes {
  /// Records that follow each other without a gap.
  struct Run: Hashable {
    var firstRecord: Int
    var count: Int
    /// Seconds from the header's start.
    var start: Double
    var exactStart: ExactDecimal?
  }

  private(set) var runs: [Run] = []
  private let duration: ExactDecimal
  private let tolerance: Double
  private var missing = 0
  private var firstMissing = 0
  private var gaps = 0
  private var missingSeconds = 0.0
  private var overlaps = 0
  private var firstGap: (record: Int, seconds: Double)?
  private var firstOverlap: (record: Int, seconds: Double)?
  private var drift = 0.0

  /// - Parameters:
  ///   - duration: Seconds of a record.
  ///   - fastestRate: The highest sampling rate, Hz.
  init(duration: ExactDecimal, fastestRate: Double) {
    self.duration = duration
    tolerance = 0.5 / fastestRate
  }

  /// Takes the start of the next record; nil where the record does not say.
  mutating func add(_ time: (value: Double, exact: ExactDecimal?)?) {
    guard var run = runs.last else {
      if time == nil { noteMissing(0) }
      runs.append(Run(firstRecord: 0, count: 1, start: time?.value ?? 0, exactStart: time == nil ? .zero : time?.exact))
      last = time?.value ?? 0
      return
    }
    let record = run.firstRecord + run.count
    let expected = last + duration.value
    guard let time else {
      noteMissing(record)
      extend(&run, to: expected)
      return
    }
    let deviation = time.value - expected
    if abs(deviation) <= tolerance {
      extend(&run, to: time.value)
      return
    }
    if deviation > 0 {
      gaps += 1
      missingSeconds += deviation
      firstGap = firstGap ?? (record, deviation)
    } else {
      overlaps += 1
      firstOverlap = firstOverlap ?? (record, -deviation)
    }
    runs.append(Run(firstRecord: record, count: 1, start: time.value, exactStart: time.exact))
    last = time.value
  }

  private var last = 0.0

  private mutating func extend(_ run: inout Run, to time: Double) {
    run.count += 1
    runs[runs.count - 1] = run
    last = time
    let even = run.start + duration.times(run.count - 1)
    if abs(time - even) > abs(drift) { drift = time - even }
  }

  private mutating func noteMissing(_ record: Int) {
    if missing == 0 { firstMissing = record }
    missing += 1
  }

  /// Start of the first record, seconds from the header's start.
  var origin: (value: Double, exact: ExactDecimal?) { runs.first.map { ($0.start, $0.exactStart) } ?? (0, .zero) }

  /// The runs as spans of time from the first sample.
  var spans: [TimeSpan] {
    runs.map { run in
      let exact = run.exactStart.flatMap { start in origin.exact.flatMap { start.minus($0) } }
      return TimeSpan(start: exact?.value ?? (run.start - origin.value), duration: duration.times(run.count))
    }
  }

  /// Tells of everything that was not as it should be.
  func report(variant: EDFVariant, log: inout WarningLog) {
    if missing > 0 {
      log.add(
        .recordTime,
        "\(missing) data records do not say when they start, the first is record \(firstMissing + 1); each is taken to follow the one before"
      )
    }
    if origin.value < 0 || origin.value >= 1 {
      log.add(.recordTime, "data record 1 starts at \(origin.value) s; expected 0 or a part of a second, times are counted from there")
    }
    if let firstGap {
      let claim = variant == .discontinuous ? "" : " although the file says that it is continuous"
      log.add(
        .gap,
        "the recording has \(gaps) gaps, \(missingSeconds) s missing in all\(claim); the first, of \(firstGap.seconds) s, is before data record \(firstGap.record + 1)"
      )
    }
    if let firstOverlap {
      log.add(
        .overlap,
        "\(overlaps) data records start before the one before them ends; the first is record \(firstOverlap.record + 1), by \(firstOverlap.seconds) s"
      )
    }
    if abs(drift) > tolerance {
      log.add(
        .drift, "record times and sampling rate drift apart by up to \(abs(drift)) s in a stretch without gaps; time follows the rate")
    }
  }
}
