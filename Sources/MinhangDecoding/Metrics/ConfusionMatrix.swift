/// How many trials of each class were decided for each class.
public struct ConfusionMatrix: Sendable, Hashable {
  /// `counts[true class][decided class]`.
  public private(set) var counts: [[Int]]

  /// Makes a matrix of zeros.
  public init(classes: Int) { counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes) }

  /// Counts pairs of true and decided classes.
  public init(classes: Int, labels: [Int], decisions: [Int]) {
    precondition(labels.count == decisions.count, "\(labels.count) labels and \(decisions.count) decisions")
    self.init(classes: classes)
    for (label, decision) in zip(labels, decisions) { add(label: label, decision: decision) }
  }

  /// Counts one trial.
  public mutating func add(label: Int, decision: Int) { counts[label][decision] += 1 }

  /// Number of trials.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Share of trials decided rightly; nil without trials.
  public var accuracy: Double? {
    let total = total
    return total == 0 ? nil : Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Mean over the classes that occur of the share of their trials decided rightly; nil without trials.
  public var balancedAccuracy: Double? {
    let recalls = counts.indices.compactMap { label -> Double? in
      let trials = counts[label].reduce(0, +)
      return trials == 0 ? nil : Double(counts[label][label]) / Double(trials)
    }
    return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// Agreement beyond chance, `(p₀ − pₑ)/(1 − pₑ)`; nil where chance alone agrees fully (one class only) or without trials.
  ///
  /// **Source:** Cohen 1960, "A coefficient of agreement for nominal scales", Educ. Psychol. Meas. 20:37.
  public var kappa: Double? {
    let total = Double(total)
    guard let accuracy else { return nil }
    let expected = counts.indices.reduce(0.0) { sum, label in
      let row = Double(counts[label].reduce(0, +))
      let column = Double(counts.reduce(0) { $0 + $1[label] })
      return sum + row * column / (total * total)
    }
    return expected == 1 ? nil : (accuracy - expected) / (1 - expected)
  }
}
