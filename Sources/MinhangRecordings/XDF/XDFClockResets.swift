// Purpose: where the clock of a stream was set anew while it was recorded.
//
// Source: pyxdf (BSD-2-Clause), the reference reader of XDF: its rules and thresholds. A new stretch begins where the time of measurement goes
// back, or where both the step of the time and the step of the offset stand out: by more than 5 s and 5 median deviations, and by more than
// 1 s and 10 median deviations.

enum XDFClockResets {
  /// The stretches of clock offsets between resets; never empty for at least one offset.
  static func stretches(times: [Double], values: [Double]) -> [Range<Int>] {
    guard times.count > 1 else { return times.isEmpty ? [] : [0..<1] }
    let timeSteps = zip(times.dropFirst(), times).map { $0 - $1 }
    let valueSteps = zip(values.dropFirst(), values).map { $0 - $1 }
    let late = standingOut(timeSteps, deviations: 5, seconds: 5)
    let shifted = standingOut(valueSteps, deviations: 10, seconds: 1)
    var stretches: [Range<Int>] = []
    var first = 0
    for k in timeSteps.indices where timeSteps[k] < 0 || (late[k] && shifted[k]) {
      stretches.append(first..<(k + 1))
      first = k + 1
    }
    return stretches + [first..<times.count]
  }

  private static func standingOut(_ steps: [Double], deviations: Double, seconds: Double) -> [Bool] {
    let middle = median(steps)
    let distances = steps.map { abs($0 - middle) }
    let spread = median(distances) + .ulpOfOne
    return distances.map { $0 / spread > deviations && $0 > seconds }
  }

  /// The median; of an even number of values the mean of the middle two.
  ///
  /// The values are finite and at least one.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Whether the last offset is out of line with those before it, as left behind by a sender that ended while it was recorded.
  ///
  /// Its time comes more than 10 usual steps later, or its value lies more than 10 robust standard deviations off.
  /// **Source:** pyxdf; liblsl issue 246.
  static func isLastStray(times: [Double], values: [Double]) -> Bool {
    guard times.count >= 3, let lastTime = times.last, let lastValue = values.last else { return false }
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    let usual = median(Array(steps.dropLast()))
    let lastStep = abs(lastTime - times[times.count - 2])
    let ratio = usual > 0 ? lastStep / usual : lastStep > 0 ? .infinity : 1
    let earlier = Array(values.dropLast())
    let middle = median(earlier)
    let spread = median(earlier.map { abs($0 - middle) })
    // A median deviation times 1.4826 is the standard deviation of a normal distribution.
    let score = spread > .ulpOfOne ? abs(lastValue - middle) / (1.4826 * spread) : 0
    return ratio > 10 || score > 10
  }
}
