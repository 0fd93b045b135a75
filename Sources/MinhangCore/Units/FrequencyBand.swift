/// A named band of frequencies, in hertz.
public struct FrequencyBand: Sendable, Hashable {
  /// What people call the band: `alpha`.
  public var name: String
  /// Its edges, Hz.
  public var range: ClosedRange<Double>

  /// Makes a band.
  public init(name: String, range: ClosedRange<Double>) {
    self.name = name
    self.range = range
  }

  /// The bands used when none are named: delta 1–4, theta 4–8, alpha 8–13, beta 13–30, gamma 30–45 Hz.
  public static let standard: [FrequencyBand] = [
    FrequencyBand(name: "delta", range: 1...4), FrequencyBand(name: "theta", range: 4...8), FrequencyBand(name: "alpha", range: 8...13),
    FrequencyBand(name: "beta", range: 13...30), FrequencyBand(name: "gamma", range: 30...45),
  ]
}
