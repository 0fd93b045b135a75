import MinhangCore

/// Root mean squares of overlapping windows.
struct WindowedAmplitude: Sendable {
  /// Samples of a window.
  let length: Int
  /// First sample of each window.
  let starts: [Int]

  /// Windows of `length` samples, each start rounded from a step that need not be whole; the last one ends before the signal does.
  init(length: Int, step: Double, sampleCount: Int) {
    self.length = length
    let room = Double(sampleCount - length)
    let count = room > 0 ? Int((room / step).rounded(.up)) : 0
    starts = (0..<count).map { Int((Double($0) * step).rounded(.toNearestOrEven)) }
  }

  /// The root mean square of each window, from running sums of the squares.
  func rootMeanSquares(of samples: some Collection<Double>) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(samples.count + 1)
    var sum = 0.0
    for value in samples {
      sum += value * value
      sums.append(sum)
    }
    // Running sums may fall by a rounding error where the signal rests.
    return starts.map { (max(sums[$0 + length] - sums[$0], 0) / Double(length)).squareRoot() }
  }
}
