/// A narrow-band source of the brain.
public struct SimulatedRhythm: Sendable, Hashable, Codable {
  /// The kinds of rhythm.
  public enum Band: String, Sendable, Hashable, Codable {
    /// Of the hand area at rest, 8–13 Hz.
    case mu
    /// Of the hand area, 16–24 Hz.
    case beta
    /// Of the visual cortex, 8–13 Hz.
    case alpha
    /// Of the frontal midline, 5–7 Hz.
    case theta
  }

  /// A side of the head.
  public enum Side: String, Sendable, Hashable, Codable {
    /// The left hemisphere.
    case left
    /// The right hemisphere.
    case right
    /// Neither.
    case midline
  }

  /// What kind of rhythm it is.
  public var band: Band
  /// The hemisphere it lies in.
  public var side: Side
  /// Frequency of the spectral peak, Hz.
  public var frequency: Double
  /// Width of the peak between its half-power points, Hz.
  public var bandwidth: Double
  /// RMS at rest, µV, at the one of the 64 standard positions where it is largest.
  public var amplitude: Double
  /// Where it lies.
  public var dipole: CurrentDipole

  /// Makes a rhythm.
  public init(band: Band, side: Side, frequency: Double, bandwidth: Double, amplitude: Double, dipole: CurrentDipole) {
    self.band = band
    self.side = side
    self.frequency = frequency
    self.bandwidth = bandwidth
    self.amplitude = amplitude
    self.dipole = dipole
  }
}
