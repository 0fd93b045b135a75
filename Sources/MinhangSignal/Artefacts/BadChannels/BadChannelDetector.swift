import MinhangAlgebra
import MinhangCore

/// Finds channels that would spoil an average reference, a spatial filter or a component analysis.
///
/// In windows of one second: samples that are not finite; no movement; the robust amplitude (from the quartiles, of the signal above 1 Hz); the
/// ratio of the median absolute deviations above and below 50 Hz; the correlation with the other channels between 1 and 50 Hz. Over all
/// windows: the power at the line. Amplitude and noise ratio are medians over windows and are compared between channels by robust scores,
/// `(value − median) / (0.7413 · interquartile range)`; this needs at least five usable channels, the correlation at least three. A window in
/// which a channel is flat or not finite does not count for its other criteria.
///
/// Streaming, the same findings for any cutting into blocks; memory is bounded by a window and some numbers a window and channel. Windows do
/// not span gaps. Give it channels of one kind only, and not yet an average reference.
///
/// **Source:** Bigdely-Shamlo et al. 2015, "The PREP pipeline", Front. Neuroinform. 9:16, section "Detecting noisy channels"; line noise as in
/// EEGLAB's clean_rawdata, as a plain ratio. Differences from PREP: causal filters, medians over windows, and no random-sample consensus.
public struct BadChannelDetector: Sendable {
  /// The channels, in the order of the blocks.
  public let channels: [Channel]
  /// The thresholds.
  public let thresholds: BadChannelThresholds
  /// Frequency of the line, Hz; nil: not looked at.
  public let lineFrequency: Double?
  /// Number of windows seen.
  public private(set) var windowCount = 0

  private let windowLength: Int
  private var finite: FiniteHold
  private var broad: CausalFilter
  private var low: CausalFilter
  private var high: CausalFilter?
  private var cutter: WindowCutter
  private var welch: WelchEstimator?
  private var tallies: [WindowTally]

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - channels: The channels of the blocks to come, at least one, all of one sampling rate above 4 Hz.
  ///   - lineFrequency: Hz, more than 2 and less than half the sampling rate less 1; nil: line noise is not looked at.
  ///   - thresholds: From where on a channel is bad.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength`.
  public init(
    channels: [Channel], lineFrequency: Double? = nil, thresholds: BadChannelThresholds = BadChannelThresholds()
  ) throws(SignalError) {
    let rate = channels.first?.sampleRate ?? .nan
    guard rate.isFinite, rate > 4, rate <= 1e7, channels.allSatisfy({ $0.sampleRate == rate }) else {
      throw SignalError(
        .invalidFrequency, "bad channels are looked for in \(channels.count) channels of \(rate) Hz; expected one rate above 4 Hz for all")
    }
    if let lineFrequency, !(lineFrequency > 2 && lineFrequency < rate / 2 - 1) {
      throw SignalError(
        .invalidFrequency, "the line frequency is \(lineFrequency) Hz; expected more than 2 Hz and less than \(rate / 2 - 1) Hz")
    }
    guard thresholds.windowDuration > 0, thresholds.windowDuration * rate >= 8, thresholds.windowDuration * rate <= 1e8 else {
      throw SignalError(.invalidLength, "windows of \(thresholds.windowDuration) s; expected at least 8 samples")
    }
    self.channels = channels
    self.lineFrequency = lineFrequency
    self.thresholds = thresholds
    windowLength = Int((thresholds.windowDuration * rate).rounded())
    finite = FiniteHold(channelCount: channels.count)
    broad = CausalFilter(try Butterworth.filter(order: 4, .highPass(1), sampleRate: rate))
    let split = min(50, 0.4 * rate)
    low = CausalFilter(try Butterworth.filter(order: 4, .lowPass(split), sampleRate: rate))
    high = rate > 120 ? CausalFilter(try Butterworth.filter(order: 4, .highPass(split), sampleRate: rate)) : nil
    cutter = try WindowCutter(windowLength: windowLength, step: windowLength, channelCount: Row.allCases.count * channels.count)
    if lineFrequency != nil {
      let length = Int((2 * rate).rounded())
      welch = try WelchEstimator(sampleRate: rate, channelCount: channels.count, windowLength: length, overlap: length / 2)
    }
    tallies = [WindowTally](repeating: WindowTally(), count: channels.count)
  }

  /// The rows that a channel has in the windows: itself, its filtered forms, and 1 where its samples are finite.
  private enum Row: Int, CaseIterable { case raw, broad, low, high, finite }

  /// Looks at a block.
  ///
  /// - Precondition: the block has as many channels as the detector.
  public mutating func add(_ block: SignalBlock) {
    let n = channels.count
    precondition(block.channelCount == n, "a block of \(block.channelCount) channels for a detector of \(n)")
    guard !block.isEmpty else { return }
    var raw = block
    let flags = finite.hold(&raw)
    welch?.add(raw)
    var broadband = raw
    broad.process(&broadband)
    var (below, above) = (broadband, broadband)
    low.process(&below)
    high?.process(&above)
    var rows = SignalBlock(
      channelCount: Row.allCases.count * n, sampleCount: block.sampleCount, firstSample: block.firstSample, segment: block.segment)
    rows.withUnsafeMutableStorage { target, stride in
      for (r, source) in [raw, broadband, below, above, flags].enumerated() {
        source.withUnsafeStorage { samples, sourceStride in
          for c in 0..<n { (target + (r * n + c) * stride).update(from: samples + c * sourceStride, count: block.sampleCount) }
        }
      }
    }
    // Taken out and put back: the closure changes the other properties.
    var cutter = cutter
    cutter.add(rows) { run in
      for i in 0..<run.count { look(at: run.samples + i * windowLength, stride: run.stride) }
    }
    self.cutter = cutter
  }

  private mutating func look(at window: UnsafePointer<Double>, stride: Int) {
    let (n, length) = (channels.count, windowLength)
    windowCount += 1
    func row(_ row: Row, _ channel: Int) -> UnsafeBufferPointer<Double> {
      UnsafeBufferPointer(start: window + (row.rawValue * n + channel) * stride, count: length)
    }
    var usable: [Int] = []
    for c in 0..<n {
      if row(.finite, c).contains(0) {
        tallies[c].nonFinite += 1
      } else if row(.raw, c).reduce(-.infinity, max) - row(.raw, c).reduce(.infinity, min) < thresholds.flatPeakToPeak {
        tallies[c].flat += 1
      } else {
        usable.append(c)
        tallies[c].amplitudes.append(OrderStatistics.robustDeviation(ofSorted: row(.broad, c).sorted()))
        if high != nil {
          let below = OrderStatistics.medianAbsoluteDeviation(Array(row(.low, c)))
          tallies[c].noiseRatios.append(OrderStatistics.medianAbsoluteDeviation(Array(row(.high, c))) / below)
        }
      }
    }
    guard usable.count >= 3 else { return }
    let correlations = Self.correlations(usable.map { row(.low, $0) })
    for (i, c) in usable.enumerated() {
      let others = (0..<usable.count).filter { $0 != i }.map { correlations[i, $0].magnitude }.sorted()
      tallies[c].correlated += 1
      if !(OrderStatistics.quantile(0.98, ofSorted: others) >= thresholds.correlation) { tallies[c].uncorrelated += 1 }
    }
  }

  /// Pearson's correlations of some rows.
  private static func correlations(_ rows: [UnsafeBufferPointer<Double>]) -> Matrix {
    let length = rows[0].count
    let centred = rows.flatMap { row -> [Double] in
      let mean = row.reduce(0, +) / Double(length)
      let norm = row.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
      return row.map { ($0 - mean) / norm }
    }
    return centred.withUnsafeBufferPointer { Matrix(gramOfRows: $0.baseAddress!, count: rows.count, length: length, stride: length) }
  }

  /// What is wrong so far: by channel, then in the order of `BadChannelCriterion`; none before the first window.
  public func findings() -> [BadChannelFinding] {
    guard windowCount > 0 else { return [] }
    let deviations = scores { $0.amplitudes }
    let noises = scores { $0.noiseRatios }
    let spectrum = welch?.spectrum()
    var findings: [BadChannelFinding] = []
    for (c, tally) in tallies.enumerated() {
      func check(_ criterion: BadChannelCriterion, _ value: Double, _ threshold: Double) {
        guard value > threshold else { return }
        findings.append(
          BadChannelFinding(channel: c, name: channels[c].name, criterion: criterion, value: value, threshold: threshold))
      }
      check(.nonFinite, Double(tally.nonFinite) / Double(windowCount), thresholds.nonFiniteFraction)
      check(.flat, Double(tally.flat) / Double(windowCount), thresholds.flatFraction)
      check(.deviation, deviations[c].magnitude, thresholds.deviationScore)
      check(.highFrequencyNoise, noises[c], thresholds.noiseScore)
      check(.correlation, Double(tally.uncorrelated) / Double(max(tally.correlated, 1)), thresholds.correlationFraction)
      if let spectrum, !spectrum.isEmpty, let line = lineFrequency {
        let power = spectrum.bandPower((line - 1)...(line + 1), channel: c)
        check(.lineNoise, power / spectrum.bandPower(1...45, channel: c), thresholds.lineRatio)
      }
    }
    return findings
  }

  /// Indices of the channels with at least one finding, ascending.
  public func badChannels() -> [Int] { Set(findings().map(\.channel)).sorted() }

  /// Robust scores of the channels' medians over windows; 0 for all where fewer than five channels are usable.
  private func scores(_ values: (WindowTally) -> [Double]) -> [Double] {
    let medians = tallies.map { OrderStatistics.median(values($0).filter(\.isFinite)) }
    guard medians.count(where: \.isFinite) >= 5 else { return [Double](repeating: 0, count: medians.count) }
    return OrderStatistics.robustScores(medians)
  }
}

/// What the detector remembers of one channel.
private struct WindowTally: Sendable {
  /// Windows with samples that are not finite.
  var nonFinite = 0
  /// Windows without movement.
  var flat = 0
  /// Windows in which the channel was compared with others, and those in which it was like none.
  var correlated = 0
  var uncorrelated = 0
  /// One value a usable window.
  var amplitudes: [Double] = []
  var noiseRatios: [Double] = []
}

/// Replaces samples that are not finite by the channel's last finite one, 0 before the first.
private struct FiniteHold: Sendable {
  private var last: [Double]
  private var segment: Int?

  init(channelCount: Int) { last = [Double](repeating: 0, count: channelCount) }

  /// Replaces in place.
  ///
  /// - Returns: 1 where a sample was finite, else 0.
  mutating func hold(_ block: inout SignalBlock) -> SignalBlock {
    if segment != block.segment {
      segment = block.segment
      for c in last.indices { last[c] = 0 }
    }
    var flags = block
    for c in last.indices {
      for i in 0..<block.sampleCount {
        let value = block[channel: c, sample: i]
        flags[channel: c, sample: i] = value.isFinite ? 1 : 0
        if value.isFinite { last[c] = value } else { block[channel: c, sample: i] = last[c] }
      }
    }
    return flags
  }
}
