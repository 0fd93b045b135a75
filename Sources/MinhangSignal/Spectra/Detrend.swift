/// What is taken off each window before its spectrum is computed.
public enum Detrend: String, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case none
  /// The mean.
  case constant
  /// The straight line of least squares.
  case linear
}
