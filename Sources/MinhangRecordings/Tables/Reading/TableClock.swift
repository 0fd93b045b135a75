import MinhangCore

/// Finds sampling rate and gaps in a column of time stamps, row after row.
///
/// The step is the median of the first rows' steps. A jump of more than one and a half steps is a gap; so is a stamp that lies more than half
/// a step before the one before it. Holds the segments and at most a few thousand stamps, whatever the length.
struct TableClock {
  /// Rows on which the step is decided.
  private static let headRows = 4096
  private static let keptStamps = 4096

  /// Rows of one unbroken stretch.
  struct Run {
    var firstRow: Int
    var firstTime: Double
    var lastRow: Int
    var lastTime: Double
  }

  private(set) var runs: [Run] = []
  /// The median step, seconds; nil until it is decided.
  private(set) var step: Double?
  /// Stamps equal to or a little before the one before.
  private(set) var repeated = 0
  /// Stamps that went back.
  private(set) var wentBack = 0
  private(set) var count = 0
  private var head: [(row: Int, time: Double)] = []
  private var kept: [(row: Int, time: Double)] = []
  private var keptStride = 1

  /// Takes a row's stamp, in seconds; not finite is not counted.
  mutating func add(row: Int, time: Double) {
    guard time.isFinite else { return }
    count += 1
    if row.isMultiple(of: keptStride) {
      kept.append((row, time))
      if kept.count > Self.keptStamps {
        keptStride *= 2
        kept = kept.filter { $0.row.isMultiple(of: keptStride) }
      }
    }
    if step == nil {
      head.append((row, time))
      if head.count == Self.headRows { decide() }
    } else {
      place(row, time)
    }
  }

  /// Decides what is still open.
  mutating func finish() { if step == nil { decide() } }

  private mutating func decide() {
    var steps = zip(head, head.dropFirst()).map { ($1.time - $0.time) / Double($1.row - $0.row) }.filter(\.isFinite)
    steps.sort()
    var middle = steps.isEmpty ? 0 : steps[steps.count / 2]
    if steps.count.isMultiple(of: 2), !steps.isEmpty { middle = middle / 2 + steps[steps.count / 2 - 1] / 2 }
    // Stamps coarser than the samples: the mean step serves.
    if middle == 0, let first = head.first, let last = head.last, last.row > first.row {
      middle = (last.time - first.time) / Double(last.row - first.row)
      if middle > 0 { coarseness = steps.last ?? 0 }
    }
    step = middle
    for (row, time) in head { place(row, time) }
    head = []
  }

  /// The largest step among coarse stamps, seconds; 0 for ordinary ones.
  private(set) var coarseness = 0.0

  private mutating func place(_ row: Int, _ time: Double) {
    guard let step, step > 0, var run = runs.last else {
      if runs.isEmpty { runs.append(Run(firstRow: row, firstTime: time, lastRow: row, lastTime: time)) }
      return
    }
    let jump = time - run.lastTime - Double(row - run.lastRow - 1) * step
    let isBack = jump < -0.5 * step - coarseness
    if jump > max(1.5 * step, 1.5 * coarseness) || isBack {
      if isBack { wentBack += 1 }
      // Beyond this number the stamps have no rate, which the caller says.
      if runs.count < 1_000_000 { runs.append(Run(firstRow: row, firstTime: time, lastRow: row, lastTime: time)) }
      return
    }
    if jump <= 0 { repeated += 1 }
    run.lastRow = row
    run.lastTime = time
    runs[runs.count - 1] = run
  }

  /// Rate over all unbroken stretches, Hz; nil where no two stamps follow each other.
  var meanRate: Double? {
    let rows = runs.reduce(0) { $0 + ($1.lastRow - $1.firstRow) }
    let time = runs.reduce(0.0) { $0 + ($1.lastTime - $1.firstTime) }
    let rate = Double(rows) / time
    return rows > 0 && SamplingRate.isUsable(rate) ? rate : nil
  }

  /// The stretch with the most rows.
  var longest: Run? { runs.max { $0.lastRow - $0.firstRow < $1.lastRow - $1.firstRow } }

  /// The largest distance of a kept stamp from the straight line through the ends of its stretch, seconds.
  func unevenness(sampleRate: Double?) -> Double {
    var worst = 0.0
    var place = 0
    for run in runs where run.lastRow > run.firstRow {
      let slope = sampleRate.map { 1 / $0 } ?? (run.lastTime - run.firstTime) / Double(run.lastRow - run.firstRow)
      while place < kept.count, kept[place].row < run.firstRow { place += 1 }
      while place < kept.count, kept[place].row <= run.lastRow {
        worst = max(worst, abs(kept[place].time - run.firstTime - Double(kept[place].row - run.firstRow) * slope))
        place += 1
      }
      worst = max(worst, abs(run.lastTime - run.firstTime - Double(run.lastRow - run.firstRow) * slope))
    }
    return worst
  }
}

/// Finds lost samples in a column that counts them, which may begin anew at 0 after some number (255 for OpenBCI).
struct TableCounter {
  private static let headRows = 4096
  /// No place is beyond this: sums cannot overflow, whatever a file counts.
  private static let farthest = 1 << 60

  /// Where a stretch begins: its row, and its place if no sample had been lost.
  struct Run {
    var firstRow: Int
    var firstIndex: Int
  }

  private(set) var runs: [Run] = []
  /// Samples that the count skips.
  private(set) var lost = 0
  /// Places where the count begins anew for no reason.
  private(set) var resets = 0
  private var head: [(row: Int, value: Int)] = []
  private var isDecided = false
  private var step = 1
  private var period: Int?
  private var last: (row: Int, value: Int, index: Int)?

  /// Takes a row's count; what is no whole number is not counted.
  mutating func add(row: Int, value: Double) {
    guard let value = Int(exactly: value), value.magnitude < 1 << 40 else { return }
    if isDecided { return place(row, value) }
    head.append((row, value))
    if head.count == Self.headRows { finish() }
  }

  /// Decides what is still open.
  mutating func finish() {
    guard !isDecided else { return }
    isDecided = true
    var steps: [Int: Int] = [:]
    for (a, b) in zip(head, head.dropFirst()) where b.row == a.row + 1 && b.value > a.value { steps[b.value - a.value, default: 0] += 1 }
    step = steps.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    let largest = head.map(\.value).max() ?? 0
    let falls = zip(head, head.dropFirst()).count { $1.value < $0.value }
    if falls > 0, largest < 1 << 16, head.allSatisfy({ $0.value >= 0 }) { period = largest + step }
    for (row, value) in head { place(row, value) }
    head = []
  }

  private mutating func place(_ row: Int, _ value: Int) {
    guard let last else {
      runs.append(Run(firstRow: row, firstIndex: row))
      self.last = (row, value, row)
      return
    }
    var distance = value - last.value
    if distance < 0, let period, value < period { distance += period }
    let rows = row - last.row
    var advance = distance / step
    if distance <= 0 || distance % step != 0 {
      resets += 1
      advance = rows
      appendRun(Run(firstRow: row, firstIndex: min(last.index + rows, Self.farthest)))
    } else if advance != rows {
      lost += max(0, advance - rows)
      appendRun(Run(firstRow: row, firstIndex: min(last.index + advance, Self.farthest)))
    }
    self.last = (row, value, min(last.index + advance, Self.farthest))
  }

  private mutating func appendRun(_ run: Run) { if runs.count < 1_000_000 { runs.append(run) } }
}
