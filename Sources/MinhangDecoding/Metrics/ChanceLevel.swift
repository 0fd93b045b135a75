/// What guessing would score.
public struct ChanceLevel: Sendable, Hashable {
  /// The accuracy of always deciding for the most frequent class.
  public let majority: Double
  /// The accuracy that guessing among equally likely classes does not exceed with the probability `confidence`.
  ///
  /// **Source:** Combrisson & Jerbi 2015, "Exceeding chance level by chance", J. Neurosci. Methods 250:126: the quantile of the binomial
  /// distribution with `p = 1/classes`, over the number of trials.
  public let threshold: Double
  /// The same with `p` the share of the most frequent class: what an unbalanced set needs.
  public let majorityThreshold: Double
  /// The probability with which guessing stays at or below the thresholds.
  public let confidence: Double

  /// The chance levels of a set of trials.
  ///
  /// - Parameters:
  ///   - classCounts: Number of trials of each class; at least one trial in all.
  ///   - confidence: Between 0 and 1.
  public init(classCounts: [Int], confidence: Double = 0.95) {
    let trials = classCounts.reduce(0, +)
    precondition(trials > 0 && confidence > 0 && confidence < 1, "\(trials) trials, confidence \(confidence)")
    let share = Double(classCounts.max() ?? 0) / Double(trials)
    majority = share
    threshold = Double(Self.binomialQuantile(confidence, trials: trials, probability: 1 / Double(classCounts.count))) / Double(trials)
    majorityThreshold = Double(Self.binomialQuantile(confidence, trials: trials, probability: share)) / Double(trials)
    self.confidence = confidence
  }

  /// The smallest number of successes that is not exceeded with at least the given probability.
  static func binomialQuantile(_ level: Double, trials n: Int, probability p: Double) -> Int {
    guard p > 0 else { return 0 }
    guard p < 1 else { return n }
    let (logP, logQ) = (Mathematics.naturalLogarithm(p), Mathematics.naturalLogarithm(1 - p))
    // log of the binomial coefficient, by its recurrence: log C(n, k+1) = log C(n, k) + log((n − k)/(k + 1)).
    var choices = 0.0
    var cumulative = 0.0
    for k in 0..<n {
      cumulative += Mathematics.exponential(choices + Double(k) * logP + Double(n - k) * logQ)
      if cumulative >= level { return k }
      choices += Mathematics.naturalLogarithm(Double(n - k) / Double(k + 1))
    }
    return n
  }
}
