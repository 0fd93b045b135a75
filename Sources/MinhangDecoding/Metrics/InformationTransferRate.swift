/// How much a decision tells, in bits.
public enum InformationTransferRate {
  /// Bits of one decision among `classes` equally likely ones, `log₂N + P·log₂P + (1 − P)·log₂((1 − P)/(N − 1))`.
  ///
  /// At or below chance (`P ≤ 1/N`) it is 0: the formula would count being wrong on purpose as information.
  /// **Source:** Wolpaw et al. 2000, "Brain-computer interface technology: a review of the first international meeting", IEEE Trans. Rehabil.
  /// Eng. 8:164.
  ///
  /// - Parameters:
  ///   - accuracy: `P`, 0 … 1.
  ///   - classes: `N`, at least 2.
  public static func bitsPerDecision(accuracy: Double, classes: Int) -> Double {
    precondition(classes >= 2 && accuracy >= 0 && accuracy <= 1, "accuracy \(accuracy) of \(classes) classes")
    let n = Double(classes)
    guard accuracy > 1 / n else { return 0 }
    guard accuracy < 1 else { return Mathematics.binaryLogarithm(n) }
    return Mathematics.binaryLogarithm(n) + accuracy * Mathematics.binaryLogarithm(accuracy)
      + (1 - accuracy) * Mathematics.binaryLogarithm((1 - accuracy) / (n - 1))
  }

  /// Bits a minute.
  ///
  /// - Parameters:
  ///   - accuracy: 0 … 1.
  ///   - classes: At least 2.
  ///   - decisionTime: Seconds that one decision takes, more than 0.
  public static func bitsPerMinute(accuracy: Double, classes: Int, decisionTime: Double) -> Double {
    precondition(decisionTime > 0, "a decision time of \(decisionTime) s")
    return bitsPerDecision(accuracy: accuracy, classes: classes) * 60 / decisionTime
  }
}
