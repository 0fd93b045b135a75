/// How the periodograms of several windows become one.
public enum SpectrumAverage: String, Sendable, Hashable, CaseIterable {
  /// The mean.
  case mean
  /// The median, divided by the median's bias: a few windows with artefacts hardly change it.
  case median

  /// What the median of `count` independent periodograms is, relative to their mean.
  ///
  /// Exact for odd counts; for even ones it is that of the next lower odd count, as the reference implementation has it. Tends to ln 2.
  ///
  /// **Source:** Allen et al. 2012, "FINDCHIRP", Phys. Rev. D 85:122006, appendix B.
  public static func medianBias(count: Int) -> Double {
    precondition(count >= 1, "the median of \(count) windows")
    // Allen et al., eq. B11: Σ (−1)^(l+1) / l.
    var bias = 1.0
    for l in stride(from: 2, to: count, by: 2) { bias += 1 / Double(l + 1) - 1 / Double(l) }
    return bias
  }

  /// The median of some values, in the memory given, whose order changes; NaN if one of them is.
  static func median(_ values: inout [Double]) -> Double {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }
}
