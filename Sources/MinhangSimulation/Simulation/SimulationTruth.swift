import MinhangSignal

/// What is true of a simulated recording: everything that a decoder or an analysis is meant to find out.
///
/// A plain value that any encoder can write. Positions are in scalp radii (`HeadPoint`), amplitudes in µV, times in seconds from the
/// first sample.
public struct SimulationTruth: Sendable, Hashable, Codable {
  /// A rhythm with what each channel sees of it.
  public struct Rhythm: Sendable, Hashable, Codable {
    /// Band, side, frequency, amplitude, dipole.
    public var source: SimulatedRhythm
    /// µV at each channel for 1 µV at the standard position where the rhythm is largest: `[channels]`.
    public var leadField: [Double]
  }

  /// The ongoing activity.
  public struct Background: Sendable, Hashable, Codable {
    /// RMS in 1–40 Hz: root of the mean power over the 64 standard positions, µV.
    public var amplitude: Double
    /// Power falls as `1/f^exponent`.
    public var exponent: Double
    /// The sources, all of one strength.
    public var dipoles: [CurrentDipole]
  }

  /// The mains.
  public struct Line: Sendable, Hashable, Codable {
    /// Hz.
    public var frequency: Double
    /// Amplitude of the fundamental at each channel, µV.
    public var amplitudes: [Double]
  }

  /// Name and version of this description.
  public var schema = "minhang.simulation/1"
  /// The library's version; another version may give another signal for the same plan.
  public var version: String
  /// What the person was asked to do.
  public var paradigm: SimulatedParadigm
  /// The person's number.
  public var subject: Int
  /// The recording's seed.
  public var seed: UInt64
  /// Samples a second, Hz.
  public var sampleRate: Double
  /// Samples of each channel.
  public var sampleCount: Int
  /// The electrodes' names.
  public var channels: [String]
  /// Their places, of length 1.
  public var positions: [HeadPoint]
  /// As in the plan, dB.
  public var signalToNoise: Double
  /// Part of mu power lost over the opposite hand area, mean over trials as drawn for the person or as the plan asked.
  public var desynchronisation: Double
  /// Part of that loss on the same side as the hand.
  public var ipsilateralShare: Double
  /// The trials, in order.
  public var trials: [SimulatedTrial]
  /// The narrow-band sources.
  public var rhythms: [Rhythm]
  /// The broad-band sources.
  public var background: Background
  /// Density of the sensors' white noise, µV/√Hz.
  public var sensorNoise: Double
  /// The blinks, none unless asked for.
  public var blinks: [ArtefactBurst] = []
  /// Bursts of the left temporal muscle, none unless asked for.
  public var muscleLeft: [ArtefactBurst] = []
  /// Bursts of the right temporal muscle, none unless asked for.
  public var muscleRight: [ArtefactBurst] = []
  /// The mains, nil unless asked for.
  public var line: Line?
  /// RMS of each channel's drift, µV; nil unless asked for.
  public var drift: [Double]?
}
