/// How far a sample must lie from zero to count as a spike.
public enum SpikeThreshold: Sendable, Hashable {
  /// A distance for each channel, or one for all, in the unit of the samples; above 0.
  case given([Double])
  /// A multiple of the root mean square of the first samples of each segment.
  ///
  /// Spikes raise it: a channel with many of them gets a higher threshold.
  case rootMeanSquare(multiple: Double, samples: Int)
  /// A multiple of `median(|x|) / 0.6745` of the first samples of each segment: the standard deviation of the noise, which spikes hardly raise.
  ///
  /// **Source:** Quiroga, Nadasdy & Ben-Shaul 2004, Neural Comput. 16:1661, equation 3.1.
  case medianDeviation(multiple: Double, samples: Int)

  /// Samples at the beginning of a segment from which the threshold is learnt, and in which no crossing is found.
  public var learningSamples: Int {
    switch self {
    case .given: 0
    case .rootMeanSquare(_, let samples), .medianDeviation(_, let samples): samples
    }
  }

  /// Samples of each channel that learning must keep.
  var samplesKept: Int { if case .medianDeviation(_, let samples) = self { samples } else { 0 } }

  /// Throws unless the numbers make a threshold.
  func validate() throws(SignalError) {
    switch self {
    case .given(let levels):
      guard !levels.isEmpty, levels.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw SignalError(.invalidParameter, "spike thresholds of \(levels); expected at least one, all finite and above 0")
      }
    case .rootMeanSquare(let multiple, let samples), .medianDeviation(let multiple, let samples):
      guard multiple > 0, multiple.isFinite else {
        throw SignalError(.invalidParameter, "a spike threshold of \(multiple) times the noise; expected a finite number above 0")
      }
      guard (1...1 << 24).contains(samples) else {
        throw SignalError(.invalidLength, "a spike threshold from \(samples) samples; expected 1\u{2026}\(1 << 24)")
      }
    }
  }

  /// The threshold that the finite samples of a lesson give; NaN, which nothing crosses, for none.
  ///
  /// - Parameters:
  ///   - samples: Those that are kept; sorted afterwards.
  ///   - squares: The sum of the squares of all.
  ///   - count: How many there were.
  func level(of samples: UnsafeMutableBufferPointer<Double>, squares: Double, count: Int) -> Double {
    switch self {
    case .given: return .nan
    case .rootMeanSquare(let multiple, _): return multiple * (squares / Double(count)).squareRoot()
    case .medianDeviation(let multiple, _):
      guard !samples.isEmpty else { return .nan }
      for i in samples.indices { samples[i] = samples[i].magnitude }
      Self.sort(samples)
      let middle = samples.count / 2
      let median = samples.count.isMultiple(of: 2) ? (samples[middle - 1] + samples[middle]) / 2 : samples[middle]
      return multiple * (median / 0.6745)
    }
  }

  /// Sorts in place without any memory; finite values only.
  ///
  /// **Source:** Williams 1964, "Algorithm 232: heapsort".
  private static func sort(_ values: UnsafeMutableBufferPointer<Double>) {
    func sink(_ start: Int, _ end: Int) {
      var parent = start
      while 2 * parent + 1 < end {
        var child = 2 * parent + 1
        if child + 1 < end, values[child] < values[child + 1] { child += 1 }
        guard values[parent] < values[child] else { return }
        values.swapAt(parent, child)
        parent = child
      }
    }
    for start in stride(from: values.count / 2 - 1, through: 0, by: -1) { sink(start, values.count) }
    for end in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(0, end)
      sink(0, end)
    }
  }
}
