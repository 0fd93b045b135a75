import MinhangCore

/// A simulated recording: hands out its samples block by block, the same bits for any sizes of the blocks.
///
/// The scalp's potential is the sum of 160 sources of `1/f` noise spread over the cortex, of the person's rhythms, of sensor noise and of
/// the artefacts asked for. Sources reach the electrodes through the exact potential of a dipole in a head of three spherical shells
/// (`SphericalHead`); the reference is the mean over the whole sphere. A channel's samples do not depend on which other channels are
/// recorded.
///
/// Memory is bounded by the tile of 64 samples in which the simulation runs, and by the block.
public struct EEGSimulation: Sendable {
  /// What is simulated.
  public let plan: SimulationPlan
  /// The channels: EEG in µV.
  public let channels: [Channel]
  /// Cues and rests, in order.
  public let events: [Event]
  /// What is true of the recording.
  public let truth: SimulationTruth
  /// Samples of each channel.
  public let sampleCount: Int
  /// Index of the next sample to be handed out.
  public private(set) var position = 0

  private let mixer: TileMixer
  private var sources: Sources
  private let sourcesAtStart: Sources
  private var rows: [Double]
  private var tile: [Double]

  private struct Sources: Sendable {
    var components: [any SimulationComponent]
    var electrodes: [any ElectrodeComponent]
  }

  /// Prepares a recording.
  ///
  /// - Throws: `SimulationError` with the code `outOfRange` when a number of the plan is outside its range.
  public init(_ plan: SimulationPlan) throws(SimulationError) {
    try plan.validate()
    self.plan = plan
    let names = ElectrodeLayout.cap(channelCount: plan.channelCount) ?? []
    let positions = names.compactMap { ElectrodeLayout.index(of: $0) }
    let places = positions.map { ElectrodeLayout.positions[$0] }
    let subject = SimulatedSubject(number: plan.subject)
    var sessions = SeededGenerator(seed: plan.seed, stream: UInt64(plan.subject))
    let seed = sessions.next()

    // The background comes first: the size of mu is measured against it.
    let filter = AperiodicFilter(exponent: subject.backgroundExponent, sampleRate: plan.sampleRate)
    let backgroundPower = subject.backgroundAmplitude * subject.backgroundAmplitude * filter.power(in: 8...30) / filter.power(in: 1...40)
    let muAmplitude = (backgroundPower * plan.signalToNoiseRatio).squareRoot()
    let rhythms = subject.rhythms(muAmplitude: muAmplitude)
    let script = ParadigmScript.make(plan, subject: subject, rhythms: rhythms, seed: seed)
    var anatomy = subject.backgroundAnatomy()
    let background = BackgroundActivity(
      amplitude: subject.backgroundAmplitude, filter: filter, electrodes: positions, anatomy: &anatomy, seed: seed)
    let activity = RhythmActivity(
      rhythms, modulations: script.modulations, electrodes: positions, sampleRate: plan.sampleRate, seed: seed)

    sampleCount = Int((script.duration * plan.sampleRate).rounded())
    events = script.events
    channels = names.enumerated().map { [sampleCount] index, name in
      Channel(index: index, name: name, sampleRate: plan.sampleRate, sampleCount: sampleCount)
    }
    var truth = SimulationTruth(
      version: Minhang.version, paradigm: plan.paradigm, subject: plan.subject, seed: plan.seed, sampleRate: plan.sampleRate,
      sampleCount: sampleCount, channels: names, positions: places, signalToNoise: plan.signalToNoise,
      desynchronisation: plan.desynchronisation ?? subject.desynchronisation, ipsilateralShare: subject.ipsilateralShare,
      trials: script.trials,
      rhythms: zip(rhythms, activity.leadFields).map { .init(source: $0, leadField: $1) },
      background: .init(
        amplitude: subject.backgroundAmplitude, exponent: subject.backgroundExponent, dipoles: background.dipoles),
      sensorNoise: SensorNoise.density)
    var components: [any SimulationComponent] = [background, activity] + script.components
    var electrodes: [any ElectrodeComponent] = [SensorNoise(positions: positions, sampleRate: plan.sampleRate, seed: seed)]
    // In the order of the cases, not of the set: the sums must be the same every time.
    for artefact in SimulatedArtefact.allCases where plan.artefacts.contains(artefact) {
      switch artefact {
      case .blinks:
        let blinks = BlinkArtefact(duration: script.duration, electrodes: places, sampleRate: plan.sampleRate, seed: seed)
        truth.blinks = blinks.blinks
        components.append(blinks)
      case .line:
        let line = LineNoise(frequency: plan.lineFrequency, positions: positions, sampleRate: plan.sampleRate, seed: seed)
        truth.line = .init(frequency: plan.lineFrequency, amplitudes: line.amplitudes)
        components.append(line)
      case .drift:
        let drift = ElectrodeDrift(positions: positions, sampleRate: plan.sampleRate, seed: seed)
        truth.drift = drift.amplitudes
        electrodes.append(drift)
      case .muscle:
        let muscle = MuscleBursts(duration: script.duration, electrodes: places, sampleRate: plan.sampleRate, seed: seed)
        (truth.muscleLeft, truth.muscleRight) = (muscle.bursts[0], muscle.bursts[1])
        components.append(muscle)
      }
    }
    self.truth = truth
    sources = Sources(components: components, electrodes: electrodes)
    sourcesAtStart = sources
    mixer = TileMixer(topographies: components.flatMap(\.topographies), channelCount: names.count)
    rows = [Double](repeating: 0, count: mixer.rowCount * Tile.length)
    tile = [Double](repeating: 0, count: names.count * Tile.length)
  }

  /// Length of the recording, seconds.
  public var duration: Double { Double(sampleCount) / plan.sampleRate }

  /// Hands out the next samples.
  ///
  /// - Parameters:
  ///   - count: How many at most; at least 1.
  ///   - block: Gets `[channels × samples]` in µV and its place in the recording; its memory is reused while it is large enough.
  /// - Returns: Whether there was a sample left; if not, the block has none.
  @discardableResult
  public mutating func read(_ count: Int, into block: inout SignalBlock) -> Bool {
    precondition(count > 0, "a block of \(count) samples")
    let count = min(count, sampleCount - position)
    block.resize(channelCount: channels.count, sampleCount: count)
    block.firstSample = position
    block.segment = 0
    var done = 0
    while done < count {
      let offset = position % Tile.length
      if offset == 0 { renderTile() }
      let part = min(Tile.length - offset, count - done)
      block.withUnsafeMutableStorage { storage, stride in
        for c in channels.indices {
          for t in 0..<part { storage[c * stride + done + t] = tile[c * Tile.length + offset + t] }
        }
      }
      done += part
      position += part
    }
    return count > 0
  }

  /// The whole rest of the recording as one block.
  ///
  /// Memory grows with its length: for tests and short recordings.
  public mutating func readAll() -> SignalBlock {
    var block = SignalBlock(channelCount: channels.count, sampleCount: 0, firstSample: position)
    if position < sampleCount { read(sampleCount - position, into: &block) }
    return block
  }

  /// Goes back to the first sample.
  public mutating func reset() {
    sources = sourcesAtStart
    position = 0
  }

  /// Computes the tile that begins at `position`.
  private mutating func renderTile() {
    let firstSample = position
    rows.withUnsafeMutableBufferPointer { rows in
      tile.withUnsafeMutableBufferPointer { tile in
        guard var row = rows.baseAddress, let signal = tile.baseAddress else { return }
        for i in sources.components.indices {
          sources.components[i].render(firstSample: firstSample, into: row)
          row += sources.components[i].topographies.count * Tile.length
        }
        mixer.mix(UnsafePointer(row - mixer.rowCount * Tile.length), into: signal)
        for i in sources.electrodes.indices { sources.electrodes[i].add(firstSample: firstSample, to: signal) }
      }
    }
  }
}
