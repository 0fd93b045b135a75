/// A stretch of frequencies and the gain that a finite filter should have there; what lies between the bands is free.
public struct DesignBand: Sendable, Hashable {
  /// Hz.
  public var range: ClosedRange<Double>
  /// Wanted gain at the lower edge.
  public var lowerGain: Double
  /// Wanted gain at the upper edge; a straight line between.
  public var upperGain: Double
  /// How much an error here counts, against the other bands.
  public var weight: Double

  /// Makes a band of one gain.
  public init(_ range: ClosedRange<Double>, gain: Double, weight: Double = 1) {
    self.init(range, gains: gain, gain, weight: weight)
  }

  /// Makes a band whose gain follows a straight line.
  public init(_ range: ClosedRange<Double>, gains lower: Double, _ upper: Double, weight: Double = 1) {
    self.range = range
    lowerGain = lower
    upperGain = upper
    self.weight = weight
  }

  /// Throws unless bands ascend without overlap between 0 and half the sampling rate, with usable gains and weights.
  static func validate(_ bands: [DesignBand], sampleRate: Double) throws(SignalError) {
    try FiniteImpulseResponse.validate(sampleRate: sampleRate)
    guard !bands.isEmpty else { throw SignalError(.invalidParameter, "a filter of 0 bands; expected at least one") }
    for band in bands {
      guard band.range.lowerBound >= 0, band.range.upperBound <= sampleRate / 2, band.range.lowerBound < band.range.upperBound else {
        throw SignalError(
          .invalidFrequency,
          "a band of a filter is \(band.range.lowerBound)–\(band.range.upperBound) Hz; expected two edges within 0…\(sampleRate / 2) Hz")
      }
      guard band.lowerGain.isFinite, band.upperGain.isFinite, band.weight.isFinite, band.weight > 0 else {
        throw SignalError(
          .invalidParameter,
          "a band of a filter has gains \(band.lowerGain), \(band.upperGain) and weight \(band.weight); expected finite gains and a positive weight"
        )
      }
    }
    for (band, next) in zip(bands, bands.dropFirst()) where band.range.upperBound > next.range.lowerBound {
      throw SignalError(
        .invalidFrequency,
        "a band of a filter ends at \(band.range.upperBound) Hz and the next begins at \(next.range.lowerBound) Hz; expected no overlap")
    }
  }
}
