#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A filter that removes one frequency: mains hum.
public enum NotchFilter {
  /// Designs a second-order notch; equals `scipy.signal.iirnotch(frequency, quality, fs=sampleRate)`.
  ///
  /// - Parameters:
  ///   - frequency: The frequency to remove, Hz; above 0 and below half the sampling rate.
  ///   - quality: Frequency over the width of the notch at −3 dB; positive. 30 removes 50 Hz with a width of 1.7 Hz.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  ///
  /// **Source:** Orfanidis 1996, "Introduction to signal processing", section 11.3.
  public static func filter(frequency: Double, quality: Double = 30, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    try PassBand.lowPass(frequency).validate(sampleRate: sampleRate)
    guard quality.isFinite, quality > 0 else {
      throw SignalError(.invalidParameter, "the quality of a notch is \(quality); expected a positive, finite number")
    }
    let angle = 2 * frequency / sampleRate * Double.pi
    // At −3 dB the bandwidth parameter is β = tan(width / 2); Eq. 11.3.6.
    let gain = 1 / (1 + tan(angle / quality / 2))
    guard gain > 0, gain < 1 else {
      throw SignalError(
        .invalidParameter, "the quality of a notch at \(frequency) Hz is \(quality), which makes it wider than the spectrum")
    }
    let section = SecondOrderSection(b0: gain, b1: -2 * gain * cos(angle), b2: gain, a1: -2 * gain * cos(angle), a2: 2 * gain - 1)
    return SectionedFilter(sections: [section], sampleRate: sampleRate)
  }
}
