import MinhangCore
import MinhangSignal

/// One simulated person: what stays the same in all of the person's recordings, whatever their seed.
///
/// Ranges, drawn evenly by the subject's number:
/// - desynchronisation while imagining 35–70 % of mu power, and 10–25 % of that on the same side: Pfurtscheller & Lopes da Silva 1999, "Event-related
///   EEG/MEG synchronization and desynchronization: basic principles", Clin. Neurophysiol. 110:1842; Pfurtscheller, Brunner, Schlögl & Lopes da Silva
///   2006, "Mu rhythm (de)synchronization and EEG single-trial classification of different motor imagery tasks", NeuroImage 31:153. That ability differs
///   so much between people: Blankertz et al. 2010, "Neurophysiological predictor of SMR-based BCI performance", NeuroImage 51:1303.
/// - peaks: mu 9.5–12.5, beta 17–23, alpha 9–11.5, theta 5.5–6.5 Hz: Klimesch 1999, "EEG alpha and theta oscillations reflect cognitive and memory performance",
///   Brain Res. Rev. 29:169, for individual frequencies.
/// - background 9–15 µV in 1–40 Hz, falling as `1/f^1.0 … 1/f^1.4`: Donoghue et al. 2020, Nat. Neurosci. 23:1655.
public struct SimulatedSubject: Sendable, Hashable {
  /// The person's number, from 1.
  public let number: Int
  /// Part of mu power lost over the hand area opposite to the imagined hand, 0…1, on average over trials.
  public let desynchronisation: Double
  /// Part of that loss seen on the same side as the hand.
  public let ipsilateralShare: Double
  /// Exponent of the background's `1/f^exponent` power.
  public let backgroundExponent: Double
  /// RMS of the background in 1–40 Hz, µV: root of the mean power over the 64 standard positions.
  public let backgroundAmplitude: Double
  /// RMS of occipital alpha where it is largest, µV.
  public let alphaAmplitude: Double
  private let muFrequency: Double
  private let betaFrequency: Double
  private let alphaFrequency: Double
  private let thetaFrequency: Double

  /// Makes the person of a number.
  public init(number: Int) {
    self.number = number
    var generator = Self.generator(number, stream: 0)
    func draw(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + generator.nextUniform() * (range.upperBound - range.lowerBound)
    }
    desynchronisation = draw(0.35...0.7)
    ipsilateralShare = draw(0.1...0.25)
    backgroundExponent = draw(1.0...1.4)
    backgroundAmplitude = draw(9...15)
    alphaAmplitude = draw(5...10)
    muFrequency = draw(9.5...12.5)
    betaFrequency = draw(17...23)
    alphaFrequency = draw(9...11.5)
    thetaFrequency = draw(5.5...6.5)
  }

  /// The person's rhythms.
  ///
  /// The hand areas lie below C3 and C4: mu a little behind them (sensory), beta a little before (motor).
  ///
  /// - Parameter muAmplitude: RMS of mu at rest where it is largest, µV; beta is half of it.
  func rhythms(muAmplitude: Double) -> [SimulatedRhythm] {
    var generator = Self.generator(number, stream: 1)
    func dipole(_ name: String, forward: Double = 0, tilt: Double = 0.25) -> CurrentDipole {
      guard let point = ElectrodeLayout.position(of: name) else { preconditionFailure("no position \(name)") }
      return .below(point + HeadPoint(x: 0, y: forward, z: 0), jitter: 0.06, tilt: tilt, &generator)
    }
    func rhythm(
      _ band: SimulatedRhythm.Band, _ side: SimulatedRhythm.Side, _ frequency: Double, _ bandwidth: Double, _ amplitude: Double,
      _ dipole: CurrentDipole
    ) -> SimulatedRhythm {
      SimulatedRhythm(band: band, side: side, frequency: frequency, bandwidth: bandwidth, amplitude: amplitude, dipole: dipole)
    }
    return [
      rhythm(.mu, .left, muFrequency, 2.5, muAmplitude, dipole("C3", forward: -0.06)),
      rhythm(.mu, .right, muFrequency + 0.2, 2.5, muAmplitude, dipole("C4", forward: -0.06)),
      rhythm(.beta, .left, betaFrequency, 5, muAmplitude / 2, dipole("C3", forward: 0.08)),
      rhythm(.beta, .right, betaFrequency + 0.4, 5, muAmplitude / 2, dipole("C4", forward: 0.08)),
      rhythm(.alpha, .left, alphaFrequency, 1.2, alphaAmplitude, dipole("PO3")),
      rhythm(.alpha, .right, alphaFrequency + 0.1, 1.2, alphaAmplitude, dipole("PO4")),
      rhythm(.theta, .midline, thetaFrequency, 1.5, alphaAmplitude / 3, dipole("Fz")),
    ]
  }

  /// Gives the dipoles of the background.
  func backgroundAnatomy() -> SeededGenerator { Self.generator(number, stream: 2) }

  /// A stream of the person's own: people with neighbouring numbers share nothing.
  private static func generator(_ number: Int, stream: UInt64) -> SeededGenerator {
    SeededGenerator(seed: 0x4D69_6E68_616E_6731, stream: UInt64(number) << 8 | stream)
  }
}
