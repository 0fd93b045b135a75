/// The area under the receiver operating characteristic.
public enum AreaUnderCurve {
  /// The probability that a trial of the second class scores higher than one of the first, ties counting half.
  ///
  /// **Source:** Hanley & McNeil 1982, "The meaning and use of the area under a ROC curve", Radiology 143:29 (the Mann–Whitney statistic).
  ///
  /// - Parameters:
  ///   - scores: One score a trial, finite, greater for the second class.
  ///   - isSecond: Whether the trial is of the second class.
  /// - Returns: 0 … 1; nil where only one class occurs.
  public static func twoClass(scores: [Double], isSecond: [Bool]) -> Double? {
    precondition(scores.count == isSecond.count, "\(scores.count) scores and \(isSecond.count) labels")
    let positives = isSecond.count(where: { $0 })
    let negatives = isSecond.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    // Twice the sum of the ranks of the second class, ranks of ties averaged: whole numbers, so exact.
    var doubledRanks = 0
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count && scores[order[last + 1]] == scores[order[first]] { last += 1 }
      doubledRanks += order[first...last].count(where: { isSecond[$0] }) * (first + last + 2)
      first = last + 1
    }
    return (Double(doubledRanks) - Double(positives) * Double(positives + 1)) / (2 * Double(positives) * Double(negatives))
  }

  /// The mean over the classes of the area of each class against all others (one against rest, macro average).
  ///
  /// - Parameters:
  ///   - probabilities: For each trial the probability of each class.
  ///   - labels: The class of each trial.
  ///   - classes: Number of classes.
  /// - Returns: 0 … 1; nil where a class does not occur.
  public static func multiClass(probabilities: [[Double]], labels: [Int], classes: Int) -> Double? {
    var sum = 0.0
    for label in 0..<classes {
      guard let area = twoClass(scores: probabilities.map { $0[label] }, isSecond: labels.map { $0 == label }) else { return nil }
      sum += area
    }
    return classes == 0 ? nil : sum / Double(classes)
  }
}
