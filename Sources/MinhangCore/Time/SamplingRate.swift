/// The sampling rates that recordings may have: a rate outside comes from damage, and a time that is multiplied by it is no number of samples.
public enum SamplingRate {
  /// Hz: from a sample in eleven days to one in a nanosecond.
  ///
  /// Times of up to 10⁹ s are fewer than 2⁶³ samples at any of them.
  public static let range = 1e-6...1e9

  /// What a message says that it expected.
  public static let expected = "a sampling rate of 0.000001\u{2026}1000000000 Hz"

  /// Whether a number is a sampling rate; NaN is none.
  public static func isUsable(_ rate: Double) -> Bool { range.contains(rate) }
}
