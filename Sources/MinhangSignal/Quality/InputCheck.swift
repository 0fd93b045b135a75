import MinhangCore

/// Looks at every sample before any filter does, and names the channels that would spoil a result.
///
/// Streaming, with the same findings for any cutting into blocks. Three defects of each channel: samples that are not finite; stretches without
/// any change for a second or longer; samples at an end of the range that the file's calibration allows. The last two are looked for only in
/// channels that must move (brain, eye, heart and muscle potentials): a trigger line or a temperature may rest.
public struct InputCheck: Sendable {
  /// From where on something is a defect.
  public struct Thresholds: Sendable, Hashable {
    /// A stretch without change is flat from this length on, seconds.
    public var flatDuration = 1.0
    /// A channel is disqualified when more than this part of its samples is flat.
    ///
    /// Less is reported only: many recordings end with a little padding.
    public var flatFraction = 0.1
    /// A channel is at the rail when more than this part of its samples is.
    public var railFraction = 0.001

    /// The usual thresholds.
    public init() {}
  }

  /// The channels, in the order of the blocks.
  public let channels: [Channel]
  /// The thresholds.
  public let thresholds: Thresholds
  /// Samples of each channel that were inspected.
  public private(set) var sampleCount = 0

  private var states: [ChannelState]
  private var nextSample: Int?
  private var segment = 0

  /// Makes a check.
  ///
  /// - Parameters:
  ///   - channels: The channels of the blocks to come, in order.
  ///   - thresholds: From where on something is a defect.
  public init(channels: [Channel], thresholds: Thresholds = Thresholds()) {
    self.channels = channels
    self.thresholds = thresholds
    states = channels.map { ChannelState($0, thresholds) }
  }

  /// Looks at a block.
  ///
  /// O(values), allocates nothing.
  ///
  /// - Precondition: the block has as many channels as the check.
  public mutating func inspect(_ block: SignalBlock) {
    precondition(block.channelCount == channels.count, "a block of \(block.channelCount) channels for a check of \(channels.count)")
    guard !block.isEmpty else { return }
    let follows = nextSample == block.firstSample && segment == block.segment
    nextSample = block.sampleRange.upperBound
    segment = block.segment
    let (count, first) = (block.sampleCount, block.firstSample)
    sampleCount += count
    block.withUnsafeStorage { samples, stride in
      for c in states.indices {
        if !follows { states[c].endRun() }
        states[c].inspect(UnsafeBufferPointer(start: samples + c * stride, count: count), firstSample: first)
      }
    }
  }

  /// The defects found so far: by channel, then in the order of `ChannelDefect`.
  public func findings() -> [ChannelFinding] {
    var findings: [ChannelFinding] = []
    for (c, channel) in channels.enumerated() {
      var state = states[c]
      state.endRun()
      func add(_ defect: ChannelDefect, _ tally: ChannelState.Tally, _ what: String, isDisqualifying: Bool) {
        let time = roundedTime(Double(tally.firstSample) / channel.sampleRate)
        let message =
          "channel \(channel.name.quotedForDisplay()): \(tally.count) of \(sampleCount) samples \(what), the first at sample \(tally.firstSample)"
          + " (\(time) s)"
        findings.append(
          ChannelFinding(
            channel: c, name: channel.name, defect: defect, count: tally.count, firstSample: tally.firstSample, message: message,
            isDisqualifying: isDisqualifying))
      }
      let total = Double(max(sampleCount, 1))
      if state.nonFinite.count > 0 { add(.nonFinite, state.nonFinite, "are NaN or infinite", isDisqualifying: true) }
      if state.flat.count > 0 {
        let isMuch = Double(state.flat.count) > thresholds.flatFraction * total
        add(.flat, state.flat, "do not change for \(thresholds.flatDuration) s or longer", isDisqualifying: isMuch)
      }
      if Double(state.atRail.count) > thresholds.railFraction * total {
        add(.atRail, state.atRail, "lie at the end of the amplifier's range", isDisqualifying: true)
      }
    }
    return findings
  }

  private func roundedTime(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
