/// The mean squared error of the probabilities.
public enum BrierScore {
  /// Two classes: mean of `(p − y)²` for the second class, 0 … 1.
  ///
  /// More classes: mean of the sum over the classes of `(p − y)²`, 0 … 2.
  ///
  /// Both as the field's reference scales them. **Source:** Brier 1950, "Verification of forecasts expressed in terms of probability",
  /// Mon. Weather Rev. 78:1.
  ///
  /// - Parameters:
  ///   - probabilities: For each trial the probability of each class.
  ///   - labels: The class of each trial.
  /// - Returns: nil without trials.
  public static func of(probabilities: [[Double]], labels: [Int]) -> Double? {
    precondition(probabilities.count == labels.count, "\(probabilities.count) rows of probabilities and \(labels.count) labels")
    guard let classes = probabilities.first?.count else { return nil }
    var sum = 0.0
    for (row, label) in zip(probabilities, labels) {
      for c in row.indices where classes != 2 || c == 1 {
        let error = row[c] - (c == label ? 1 : 0)
        sum += error * error
      }
    }
    return sum / Double(labels.count)
  }
}
