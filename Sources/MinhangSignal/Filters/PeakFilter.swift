#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A filter that keeps one frequency: a resonator.
public enum PeakFilter {
  /// Designs a second-order peak; equals `scipy.signal.iirpeak(frequency, quality, fs=sampleRate)`.
  ///
  /// - Parameters:
  ///   - frequency: The frequency to keep, Hz; above 0 and below half the sampling rate.
  ///   - quality: Frequency over the width of the peak at −3 dB; positive.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  ///
  /// **Source:** Orfanidis 1996, "Introduction to signal processing", section 11.3, equation 11.3.21.
  public static func filter(frequency: Double, quality: Double = 30, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    try PassBand.lowPass(frequency).validate(sampleRate: sampleRate)
    guard quality.isFinite, quality > 0 else {
      throw SignalError(.invalidParameter, "the quality of a peak is \(quality); expected a positive, finite number")
    }
    let angle = 2 * frequency / sampleRate * Double.pi
    let gain = 1 / (1 + tan(angle / quality / 2))
    guard gain > 0, gain < 1 else {
      throw SignalError(
        .invalidParameter,
        "the quality of a peak at \(frequency) Hz is \(quality), which makes it wider than the spectrum or too narrow to resolve; "
          + "expected a number nearer to 30")
    }
    let section = SecondOrderSection(b0: 1 - gain, b1: 0, b2: -(1 - gain), a1: -2 * gain * cos(angle), a2: 2 * gain - 1)
    return SectionedFilter(sections: [section], sampleRate: sampleRate)
  }
}
