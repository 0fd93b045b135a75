import MinhangCore

/// Finds where channels cross a threshold: the multiunit activity of intracortical electrodes.
///
/// As a stage it replaces each sample by 1 where the channel crosses its threshold and by 0 elsewhere; `find` hands out the places instead. A
/// crossing is the first sample strictly beyond the threshold after one that was not; it does not count within `refractory` samples of the
/// last one that did. The input is a signal without its slow part: put a high-pass (250 or 300 Hz) before it.
///
/// Nothing is known of the sample before the first one of a segment, nor of one that is NaN: what follows on it is no crossing. A threshold
/// that is learnt (`SpikeThreshold`) is learnt anew in each segment, from its first samples that are finite; there is no crossing in them. The
/// output has the same bits for any cutting into blocks and any number of channels beside. Allocates on the first block, nothing after that.
public struct ThresholdCrossings: CausalStage {
  /// The side of zero on which crossings count.
  public enum Polarity: Sendable, Hashable {
    /// Below minus the threshold: where most spikes of extracellular electrodes go.
    case negative
    /// Above the threshold.
    case positive
    /// On either side, with one refractory period.
    case both
  }

  /// How the threshold is found.
  public let threshold: SpikeThreshold
  /// The side on which crossings count.
  public let polarity: Polarity
  /// Samples from a crossing to the earliest next one that counts, at least 1.
  public let refractory: Int

  /// Where a sample lies; 0 within the threshold.
  private enum Side: Int8 { case below = -1, within = 0, above = 1, unknown = 2 }

  private struct State {
    var level = Double.nan
    var side = Side.unknown
    /// Samples in which no crossing counts.
    var resting = 0
    /// Finite samples that have been learnt from, and the sum of their squares.
    var learnt = 0
    var squares = 0.0
  }

  private var states: [State] = []
  /// Samples to learn a median from, channel after channel; empty for the other thresholds.
  private var lesson: [Double] = []
  private var segment: Int?
  /// Samples of the segment that have passed, up to the number that is learnt from.
  private var seen = 0

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - threshold: How far from zero; see `SpikeThreshold`.
  ///   - polarity: The side on which crossings count.
  ///   - refractory: Samples from a crossing to the earliest next one that counts: a millisecond's worth is usual.
  /// - Throws: `SignalError` with `.invalidParameter` or `.invalidLength`.
  public init(_ threshold: SpikeThreshold, polarity: Polarity = .negative, refractory: Int = 1) throws(SignalError) {
    try threshold.validate()
    guard (1...1 << 30).contains(refractory) else {
      throw SignalError(.invalidLength, "a refractory period of \(refractory) samples; expected 1\u{2026}\(1 << 30)")
    }
    self.threshold = threshold
    self.polarity = polarity
    self.refractory = refractory
  }

  /// 0: a crossing is known at its own sample.
  public var latency: Int { 0 }

  /// The threshold of each channel, in the unit of the samples; NaN where it is not known yet.
  ///
  /// Empty before the first block.
  public var levels: [Double] { states.map(\.level) }

  /// Replaces each sample by 1 where the channel crosses its threshold and by 0 elsewhere.
  ///
  /// - Precondition: the channel count stays the same until `reset()`; thresholds that are given are one, or one for each channel.
  public mutating func process(_ block: inout SignalBlock) {
    guard !block.isEmpty else { return }
    begin(block)
    let (channels, count) = (block.channelCount, block.sampleCount)
    block.withUnsafeMutableStorage { samples, stride in
      for c in 0..<channels {
        let row = samples + c * stride
        run(channel: c, row, count: count) { row[$0] = $1 ? 1 : 0 }
      }
    }
    advance(by: count)
  }

  /// Takes a block of the signal, which stays as it is, and calls `body` for each crossing: channel by channel, in order of time.
  ///
  /// - Precondition: as for `process(_:)`.
  /// - Parameters:
  ///   - block: `[channels × samples]`.
  ///   - body: Gets the channel and the index of the sample, counted from the start of the recording.
  public mutating func find(in block: SignalBlock, _ body: (_ channel: Int, _ sample: Int) -> Void) {
    guard !block.isEmpty else { return }
    begin(block)
    let (channels, count, first) = (block.channelCount, block.sampleCount, block.firstSample)
    block.withUnsafeStorage { samples, stride in
      for c in 0..<channels {
        run(channel: c, samples + c * stride, count: count) { if $1 { body(c, first + $0) } }
      }
    }
    advance(by: count)
  }

  /// Forgets everything, thresholds that were learnt included.
  public mutating func reset() { segment = nil }

  private mutating func begin(_ block: SignalBlock) {
    precondition(
      segment == nil || block.channelCount == states.count,
      "a block of \(block.channelCount) channels for a detector that runs on \(states.count); reset it first")
    guard segment != block.segment else { return }
    segment = block.segment
    seen = 0
    if states.count != block.channelCount {
      states = [State](repeating: State(), count: block.channelCount)
      lesson = [Double](repeating: 0, count: block.channelCount * threshold.samplesKept)
    }
    for c in states.indices { states[c] = State() }
    guard case .given(let levels) = threshold else { return }
    precondition(levels.count == 1 || levels.count == states.count, "\(levels.count) thresholds for \(states.count) channels")
    for c in states.indices { states[c].level = levels[levels.count == 1 ? 0 : c] }
  }

  private mutating func advance(by count: Int) { seen = min(threshold.learningSamples, seen + min(count, threshold.learningSamples)) }

  @inline(__always)
  private mutating func run(
    channel: Int, _ samples: UnsafePointer<Double>, count: Int, _ body: (_ place: Int, _ isCrossing: Bool) -> Void
  ) {
    var state = states[channel]
    let learning = threshold.learningSamples
    let lessons = min(count, learning - seen)
    if lessons > 0 {
      for i in 0..<lessons {
        if samples[i].isFinite {
          if threshold.samplesKept > 0 { lesson[channel * learning + state.learnt] = samples[i] }
          state.learnt += 1
          state.squares += samples[i] * samples[i]
        }
        if seen + i + 1 == learning {
          state.level = lesson.withUnsafeMutableBufferPointer { lesson in
            let start = threshold.samplesKept > 0 ? channel * learning : 0
            let count = threshold.samplesKept > 0 ? state.learnt : 0
            return threshold.level(
              of: UnsafeMutableBufferPointer(rebasing: lesson[start..<(start + count)]), squares: state.squares, count: state.learnt)
          }
          state.side = side(of: samples[i], level: state.level)
        }
        body(i, false)
      }
    }
    for i in max(0, lessons)..<count {
      let side = side(of: samples[i], level: state.level)
      let isBeyond = side == .below || side == .above
      let isCrossing = isBeyond && side != state.side && state.side != .unknown && state.resting == 0
      if isCrossing { state.resting = refractory }
      if state.resting > 0 { state.resting -= 1 }
      state.side = side
      body(i, isCrossing)
    }
    states[channel] = state
  }

  @inline(__always)
  private func side(of sample: Double, level: Double) -> Side {
    if sample.isNaN { return .unknown }
    if sample < -level, polarity != .positive { return .below }
    if sample > level, polarity != .negative { return .above }
    return .within
  }
}
