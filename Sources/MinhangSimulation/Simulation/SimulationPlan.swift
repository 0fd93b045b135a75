#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What to simulate: a value that, with the version of the library, fixes every bit of the recording.
public struct SimulationPlan: Sendable, Hashable {
  /// What the person is asked to do.
  public var paradigm: SimulatedParadigm = .motorImagery
  /// Which person: 1…1 000 000.
  ///
  /// Ability, anatomy and peak frequencies follow from the number alone.
  public var subject = 1
  /// Number of trials, 1…10 000; for paradigms that have them.
  public var trials = 40
  /// Length of a recording at rest, seconds, 1…604 800, rounded up to whole seconds.
  public var restDuration = 60.0
  /// Number of electrodes, 1…64; `ElectrodeLayout.cap(channelCount:)` says which.
  public var channelCount = 32
  /// Samples a second, 100…20 000 Hz.
  public var sampleRate = 250.0
  /// How far the mu rhythm stands out, dB, −60…60: its power at rest at the electrode where it is largest, over the mean power over the
  /// 64 standard positions that the background has in 8–30 Hz.
  public var signalToNoise = Self.defaultSignalToNoise
  /// Part of mu power lost over the opposite hand area while imagining, 0…0.95; nil for the person's own.
  ///
  /// At 0 nothing in the signal
  /// depends on the class.
  public var desynchronisation: Double?
  /// The disturbances to add.
  public var artefacts: Set<SimulatedArtefact> = []
  /// The mains' frequency for the `line` artefact, Hz; below half the sampling rate.
  public var lineFrequency = 50.0
  /// Which recording of that person: noise, order of the classes and times of the cues follow from it.
  public var seed: UInt64 = 0

  /// Makes a plan of the defaults: 40 trials of motor imagery of the first person, 32 channels at 250 Hz, without artefacts.
  public init() {}

  /// The ratio at which people are as different as they are: of the first 30 subjects (40 trials, seed 1) a CSP-LDA decoder in five
  /// blocked folds tells the hands apart with 0.81 on average, 20 % of them below 0.75 and 3 % above 0.95.
  public static let defaultSignalToNoise = 5.0

  /// `signalToNoise` as a ratio of powers.
  var signalToNoiseRatio: Double { pow(10, signalToNoise / 10) }

  /// Checks every number.
  func validate() throws(SimulationError) {
    func check<Number: Comparable>(_ name: String, _ value: Number, _ range: ClosedRange<Number>) throws(SimulationError) {
      if !range.contains(value) {
        throw SimulationError(.outOfRange, "\(name) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
      }
    }
    try check("subject", subject, 1...1_000_000)
    try check("number of trials", trials, 1...10_000)
    try check("duration of rest in seconds", restDuration, 1...604_800)
    try check("number of channels", channelCount, 1...64)
    try check("sampling rate in Hz", sampleRate, 100...20_000)
    try check("signal-to-noise ratio in dB", signalToNoise, -60...60)
    if let desynchronisation { try check("desynchronisation", desynchronisation, 0...0.95) }
    if artefacts.contains(.line), !(lineFrequency > 0 && lineFrequency < sampleRate / 2) {
      throw SimulationError(
        .outOfRange, "line frequency is \(lineFrequency) Hz; expected above 0 and below half the sampling rate, \(sampleRate / 2) Hz")
    }
  }
}
