/// Butterworth filters: maximally flat in the pass band, −3 dB at each edge.
public enum Butterworth {
  /// Orders that can be designed.
  ///
  /// Beyond this the outer sections have gains that no signal survives.
  public static let orders = 1...100

  /// The analogue low-pass with −3 dB at 1 rad/s.
  ///
  /// - Parameter order: 1…100.
  /// - Throws: `SignalError` with `.invalidOrder`.
  public static func prototype(order: Int) throws(SignalError) -> AnaloguePrototype {
    try FilterFamily.validate(order: order, in: orders, family: "a Butterworth")
    return .butterworth(order: order)
  }

  /// Designs a filter as second-order sections.
  ///
  /// Poles of the analogue prototype, band transform, bilinear transform with the edges pre-warped, sections paired by nearest zeros. The same
  /// sections, in the same order, as `scipy.signal.butter(order, edges, fs=sampleRate, output="sos")` to about 1e-14. As there, a band has
  /// `order` poles at each edge, so `order` sections; a low or high pass has `(order + 1) / 2`. Where a band lies evenly around a quarter of
  /// the sampling rate (`low + high = sampleRate / 2`), mirrored poles are equally near the unit circle and rounding decides their order, here
  /// as there; the response is the same in either order.
  ///
  /// - Parameters:
  ///   - order: 1…100.
  ///   - band: What to let through, Hz; edges above 0 and below half the sampling rate.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidOrder` or `.invalidFrequency`.
  ///
  /// **Source:** Butterworth 1930; Parks & Burrus 1987, "Digital filter design".
  public static func filter(order: Int, _ band: PassBand, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    try prototype(order: order).filter(band, sampleRate: sampleRate)
  }
}
