#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How long a filter and how much of a taper a wanted attenuation needs: Kaiser's rules of thumb for the window method.
///
/// **Source:** Kaiser 1974, "Nonrecursive digital filter design using the I₀-sinh window function"; Oppenheim & Schafer 2010, section 7.6.
public struct KaiserDesign: Sendable, Hashable {
  /// Number of taps.
  public let tapCount: Int
  /// Shape of the taper: `Taper.kaiser(beta)`.
  public let beta: Double

  /// The taper to design with.
  public var taper: Taper { .kaiser(beta) }

  /// Finds the shortest filter; equals `scipy.signal.kaiserord`.
  ///
  /// - Parameters:
  ///   - attenuation: Largest ripple, in both bands, as decibels below 1; at least 8.
  ///   - transitionWidth: Hz; from the edge of one band to that of the next.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidParameter` or `.invalidFrequency`.
  public init(attenuation: Double, transitionWidth: Double, sampleRate: Double) throws(SignalError) {
    try FiniteImpulseResponse.validate(sampleRate: sampleRate)
    guard attenuation >= 8, attenuation <= 1000 else {
      throw SignalError(.invalidParameter, "the attenuation of a Kaiser design is \(attenuation) dB; expected 8…1000 dB")
    }
    guard transitionWidth > 0, transitionWidth < sampleRate / 2 else {
      throw SignalError(
        .invalidFrequency,
        "the transition of a Kaiser design is \(transitionWidth) Hz; expected more than 0 and less than \(sampleRate / 2) Hz")
    }
    let taps = ((attenuation - 7.95) / 2.285 / (Double.pi * (transitionWidth / (0.5 * sampleRate))) + 1).rounded(.up)
    guard taps <= 1e6 else {
      throw SignalError(.invalidFrequency, "a transition of \(transitionWidth) Hz needs \(taps) taps; expected a wider one")
    }
    tapCount = Int(taps)
    beta = Self.beta(attenuation: attenuation)
  }

  /// The shape for an attenuation; equals `scipy.signal.kaiser_beta`.
  public static func beta(attenuation: Double) -> Double {
    if attenuation > 50 { return 0.1102 * (attenuation - 8.7) }
    if attenuation > 21 { return 0.5842 * pow(attenuation - 21, 0.4) + 0.07886 * (attenuation - 21) }
    return 0
  }

  /// The attenuation that a number of taps reaches, dB; equals `scipy.signal.kaiser_atten`.
  public static func attenuation(tapCount: Int, transitionWidth: Double, sampleRate: Double) -> Double {
    2.285 * Double(tapCount - 1) * Double.pi * (transitionWidth / (0.5 * sampleRate)) + 7.95
  }
}
