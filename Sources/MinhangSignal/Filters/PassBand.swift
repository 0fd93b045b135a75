/// What a filter lets through, in hertz.
public enum PassBand: Sendable, Hashable {
  /// Everything below the cutoff.
  case lowPass(Double)
  /// Everything above the cutoff.
  case highPass(Double)
  /// What lies between the two edges.
  case bandPass(ClosedRange<Double>)
  /// What lies outside the two edges.
  case bandStop(ClosedRange<Double>)

  /// The edges, Hz, ascending: one for low and high pass, two for bands.
  public var edges: [Double] {
    switch self {
    case .lowPass(let cutoff), .highPass(let cutoff): [cutoff]
    case .bandPass(let band), .bandStop(let band): [band.lowerBound, band.upperBound]
    }
  }

  /// Throws unless every edge lies between 0 and half the sampling rate and bands are not empty.
  func validate(sampleRate: Double) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a filter is \(sampleRate) Hz; expected a positive, finite number")
    }
    for edge in edges where !(edge > 0 && edge < sampleRate / 2) {
      throw SignalError(
        .invalidFrequency,
        "a filter's edge is \(edge) Hz; expected a frequency above 0 and below \(sampleRate / 2) Hz, half the sampling rate of \(sampleRate) Hz"
      )
    }
    if edges.count == 2, edges[0] == edges[1] {
      throw SignalError(.invalidFrequency, "a filter's band is \(edges[0])–\(edges[1]) Hz; expected two different edges")
    }
  }
}
