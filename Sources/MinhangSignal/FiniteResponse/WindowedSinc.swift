#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finite filters by the window method: the ideal response, cut off by a taper.
///
/// **Source:** Oppenheim & Schafer 2010, "Discrete-time signal processing", section 7.5.
public enum WindowedSinc {
  /// Designs a filter for a band; equals `scipy.signal.firwin(tapCount, edges, window=taper, pass_zero=band, fs=sampleRate)`.
  ///
  /// The edges are the −6 dB points.
  ///
  /// - Parameters:
  ///   - tapCount: Number of taps, 1…1000000; odd where half the sampling rate is let through (high pass, band-stop).
  ///   - band: What to let through, Hz.
  ///   - taper: Window, in its symmetric form.
  ///   - isScaled: Whether the gain is exactly 1 at 0 Hz, at half the sampling rate, or in the middle of the (first) band.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` or `.invalidParameter`.
  public static func filter(
    tapCount: Int, _ band: PassBand, taper: Taper = .hamming, isScaled: Bool = true, sampleRate: Double
  ) throws(SignalError) -> FiniteImpulseResponse {
    try band.validate(sampleRate: sampleRate)
    let passesZero =
      switch band {
      case .lowPass, .bandStop: true
      case .highPass, .bandPass: false
      }
    return try filter(
      tapCount: tapCount, edges: band.edges, passesZero: passesZero, taper: taper, isScaled: isScaled, sampleRate: sampleRate)
  }

  /// Designs a filter with any number of bands, let through and stopped in turn.
  ///
  /// - Parameters:
  ///   - tapCount: Number of taps, 1…1000000; odd where half the sampling rate is let through.
  ///   - edges: −6 dB points, ascending, Hz; at least one.
  ///   - passesZero: Whether the first band, from 0 Hz, is let through.
  ///   - taper: Window, in its symmetric form.
  ///   - isScaled: Whether the gain is exactly 1 at 0 Hz, at half the sampling rate, or in the middle of the first band let through.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` or `.invalidParameter`.
  public static func filter(
    tapCount: Int, edges: [Double], passesZero: Bool, taper: Taper = .hamming, isScaled: Bool = true, sampleRate: Double
  ) throws(SignalError) -> FiniteImpulseResponse {
    try FiniteImpulseResponse.validate(tapCount: tapCount)
    try FiniteImpulseResponse.validate(sampleRate: sampleRate)
    guard !edges.isEmpty, edges.allSatisfy({ $0 > 0 && $0 < sampleRate / 2 }), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw SignalError(
        .invalidFrequency, "the edges of a filter are \(edges) Hz; expected at least one, ascending, between 0 and \(sampleRate / 2) Hz")
    }
    let passesNyquist = (edges.count % 2 == 0) == passesZero
    guard !passesNyquist || tapCount % 2 == 1 else {
      throw SignalError(
        .invalidLength, "\(tapCount) taps for a filter that passes half the sampling rate; expected an odd number of taps")
    }
    let fractions = (passesZero ? [0] : []) + edges.map { $0 / (0.5 * sampleRate) } + (passesNyquist ? [1] : [])
    let bands = stride(from: 0, to: fractions.count, by: 2).map { (left: fractions[$0], right: fractions[$0 + 1]) }
    let centre = 0.5 * Double(tapCount - 1)
    let window = taper.symmetricCoefficients(count: tapCount)
    var taps = (0..<tapCount).map { index in
      let position = Double(index) - centre
      let ideal = bands.reduce(0.0) { sum, band in
        sum + band.right * sinc(band.right * position) - band.left * sinc(band.left * position)
      }
      return ideal * window[index]
    }
    if isScaled {
      let first = bands[0]
      let frequency = first.left == 0 ? 0 : first.right == 1 ? 1 : 0.5 * (first.left + first.right)
      let gain = taps.indices.reduce(0.0) { $0 + taps[$1] * cos(Double.pi * (Double($1) - centre) * frequency) }
      taps = taps.map { $0 / gain }
    }
    return FiniteImpulseResponse(taps: taps, sampleRate: sampleRate)
  }

  /// `sin(πx) / (πx)`.
  static func sinc(_ x: Double) -> Double {
    let angle = Double.pi * (x == 0 ? 1e-20 : x)
    return sin(angle) / angle
  }
}
