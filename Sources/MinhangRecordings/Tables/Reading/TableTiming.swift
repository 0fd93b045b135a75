import MinhangCore

/// Sampling rate and unbroken stretches of a table.
struct TableTiming: Sendable {
  var sampleRate: Double
  var stream: RecordingStream
  /// The first sample's stamp, seconds; nil where there is no column of times.
  var origin: Double?

  /// Rows that follow each other at a rate that is stated, without a gap.
  init(rowCount: Int, sampleRate: Double) {
    self.sampleRate = sampleRate
    stream = RecordingStream(spans: rowCount > 0 ? [TimeSpan(start: 0, duration: Double(rowCount) / sampleRate)] : [])
  }

  /// Rows that a column counts.
  init(rowCount: Int, sampleRate: Double, counter: TableCounter, column: String, log: inout WarningLog) {
    self.init(rowCount: rowCount, sampleRate: sampleRate)
    guard let first = counter.runs.first, counter.runs.count > 1 else { return }
    let ends = counter.runs.dropFirst().map(\.firstRow) + [rowCount]
    let origin = first.firstIndex - first.firstRow
    stream.spans = zip(counter.runs, ends).enumerated().map { place, item in
      let (run, end) = item
      let row = place == 0 ? 0 : run.firstRow
      return TimeSpan(
        start: Double(run.firstIndex - (run.firstRow - row) - origin) / sampleRate, duration: Double(end - row) / sampleRate)
    }
    if counter.lost > 0 {
      log.add(.gap, "column \(column) skips \(counter.lost) samples; there are \(counter.runs.count) segments")
    }
    if counter.resets > 0 { log.add(.recordTime, "column \(column) begins anew \(counter.resets) times; each is a new segment") }
  }

  /// Rows with time stamps.
  ///
  /// A rate whose grid the stamps keep within their last decimal is taken as it is, a whole number first. Stamps that wander (a clock
  /// that measures) give a nominal rate, a whole number within 0.2 %, and stretches that keep the measured length.
  ///
  /// - Parameters:
  ///   - resolution: Seconds that the stamps' last decimal counts.
  /// - Returns: nil where the stamps have no rate.
  init?(rowCount: Int, clock: TableClock, resolution: Double, column: String, log: inout WarningLog) {
    guard let mean = clock.meanRate, let longest = clock.longest, let step = clock.step, step > 0, let first = clock.runs.first,
      clock.runs.count <= max(64, rowCount / 8), mean > 1e-6, mean < 1e9
    else { return nil }
    let largest = max(abs(first.firstTime), abs(clock.runs[clock.runs.count - 1].lastTime))
    let tolerance = max(resolution, clock.coarseness) + 4 * largest.ulp
    let rows = longest.lastRow - longest.firstRow
    let simple = Self.simpleRate(rows: Double(rows), time: longest.lastTime - longest.firstTime, tolerance: tolerance)
    let isEven = simple.map { clock.unevenness(sampleRate: $0) <= tolerance * 1.001 } ?? false
    let whole = mean.rounded()
    sampleRate = isEven ? simple ?? mean : whole >= 4 && abs(whole - mean) <= 0.002 * mean ? whole : mean
    let rate = isEven ? sampleRate : mean
    let begin = first.firstTime - Double(first.firstRow) / rate
    origin = begin
    let ends = clock.runs.dropFirst().map(\.firstRow) + [rowCount]
    // Differences of large numbers, brought back to the decimals that were written.
    let decimals = resolution > 1e-10 ? (1 / resolution).rounded() : 0
    let spans = zip(clock.runs, ends).enumerated().map { place, item -> TimeSpan in
      let (run, end) = item
      guard place > 0 else {
        let length = Self.duration(run, count: end - run.firstRow, rate: rate, isEven: isEven) + Double(run.firstRow) / rate
        return TimeSpan(start: 0, duration: length, sampleCount: isEven ? nil : end)
      }
      var start = run.firstTime - begin
      if decimals > 0, (start * decimals).magnitude < 1e15, abs((start * decimals).rounded() / decimals - start) <= 2 * largest.ulp {
        start = (start * decimals).rounded() / decimals
      }
      return TimeSpan(
        start: start, duration: Self.duration(run, count: end - run.firstRow, rate: rate, isEven: isEven),
        sampleCount: isEven ? nil : end - run.firstRow)
    }
    stream = RecordingStream(spans: spans, nominalRate: isEven ? nil : sampleRate, measuredRate: isEven ? nil : mean)
    report(clock, mean: mean, isEven: isEven, column: column, log: &log)
  }

  private static func duration(_ run: TableClock.Run, count: Int, rate: Double, isEven: Bool) -> Double {
    let steps = run.lastRow - run.firstRow
    guard !isEven, steps > 0, run.lastTime > run.firstTime else { return Double(count) / rate }
    return (run.lastTime - run.firstTime) / Double(steps) * Double(count)
  }

  /// The simplest rate that `rows` steps in `time`, known within `tolerance`, allow; nil where none is simple.
  private static func simpleRate(rows: Double, time: Double, tolerance: Double) -> Double? {
    let mean = rows / time
    let lowest = rows / (time + tolerance)
    let highest = time > tolerance ? rows / (time - tolerance) : .infinity
    func isPossible(_ rate: Double) -> Bool { rate > 0 && rate.isFinite && rate >= lowest && rate <= highest }
    if isPossible(mean.rounded()) { return mean.rounded() }
    var scale = 10.0
    for _ in 0..<6 {
      let step = (time / rows * scale).rounded() / scale
      if isPossible(1 / step) { return 1 / step }
      scale *= 10
    }
    for part in [2.0, 3, 4, 5, 8, 10] where isPossible((mean * part).rounded() / part) { return (mean * part).rounded() / part }
    return nil
  }

  private func report(_ clock: TableClock, mean: Double, isEven: Bool, column: String, log: inout WarningLog) {
    if clock.runs.count > 1 {
      log.add(.gap, "column \(column) jumps \(clock.runs.count - 1) times; there are \(clock.runs.count) segments")
    }
    if clock.wentBack > 0 { log.add(.overlap, "column \(column) goes back \(clock.wentBack) times; each is a new segment") }
    if clock.repeated > 0 {
      log.add(.recordTime, "column \(column) does not rise at \(clock.repeated) rows; the rows are taken to follow at an even rate")
    }
    if !isEven {
      let wander = clock.unevenness(sampleRate: nil) * mean
      if wander > 2 {
        log.add(
          .drift,
          "column \(column) wanders up to \((wander * 10).rounded() / 10) samples from an even rate; the rows are taken to follow evenly")
      }
      log.note(.drift, "column \(column) measures \(mean) Hz; signals are taken at \(sampleRate) Hz, times follow the column")
    }
    if sampleRate < 1 {
      log.add(
        .sampleRate, "column \(column) gives a sampling rate of \(sampleRate) Hz, which is hardly meant; are its times in another unit?")
    }
  }
}
