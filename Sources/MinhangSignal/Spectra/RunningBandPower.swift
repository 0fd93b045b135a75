import MinhangCore

/// Band power the cheap way, for live use: causal band-passes and a running mean of their squared outputs.
///
/// Every `step` samples, once `windowLength` samples of a segment have passed, it gives for each band and channel the mean over the last
/// `windowLength` samples of the squared output of the band's filter, µV². The filters run as `CausalFilter` runs them.
///
/// The running mean does not drift: the squares of each step are summed by themselves, sample after sample, and the window's sum is made anew from
/// the sums of its steps, along a binary tree in which one path changes a step: exact up to rounding, without a subtraction, in
/// `log2(windowLength / step)` additions. So the result has the same bits for any cutting into blocks and any number of channels beside, and a value
/// that was once large leaves nothing behind. A NaN or an infinity spoils its own channel until the next restart (it stays in the filter), and no
/// other. A block of another segment, or one whose first sample does not follow on the last, starts filters and windows anew.
///
/// Allocates when it is made, and nothing after that in `process`. Latency: none beyond the window; a reading is complete at its window's last
/// sample. Unlike `SlidingBandPower`, whose bins add up over adjacent bands, the bands here overlap by the flanks of their filters.
///
/// **Source:** Pfurtscheller & Lopes da Silva 1999, Clin. Neurophysiol. 110:1842, section 3: band-pass, square, average.
public struct RunningBandPower: Sendable {
  /// Number of channels of every block.
  public let channelCount: Int
  /// The filter of each band.
  public let filters: [SectionedFilter]
  /// Samples that the squares are averaged over: a multiple of `step`.
  public let windowLength: Int
  /// Samples from one reading to the next.
  public let step: Int
  /// Whether the filters start at the steady state of the first sample, as `CausalFilter` does.
  public let startsAtSteadyState: Bool

  private var cascades: [SectionCascade]
  private var ring: StepRing
  /// Sums of squares of the step that has begun, `[bands × channels]`, channels in whole groups of lanes.
  private var begun: [Double]
  private var samplesOfStep = 0
  private var stepsOfSegment = 0
  private var nextSample: Int?
  private var segment = 0

  /// Values of all sums together that fit in memory on any machine that we expect: 2 GB.
  private static let limit = 1 << 28

  /// Makes a running band power from filters.
  ///
  /// - Parameters:
  ///   - filters: One for each band, at least one; stable.
  ///   - channelCount: Number of channels, at least 1.
  ///   - windowLength: Samples that the squares are averaged over: a multiple of `step`.
  ///   - step: Samples from one reading to the next, at least 1.
  ///   - startsAtSteadyState: Whether the first sample of a segment counts as the level that has always been; false starts from zero.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidParameter`.
  public init(
    filters: [SectionedFilter], channelCount: Int, windowLength: Int, step: Int, startsAtSteadyState: Bool = true
  ) throws(SignalError) {
    guard !filters.isEmpty, filters.allSatisfy({ !$0.sections.isEmpty && $0.isStable }) else {
      throw SignalError(
        .invalidParameter, "\(filters.count) filters for running band power; expected at least one, all stable and not empty")
    }
    guard channelCount >= 1, channelCount < 1 << 24 else {
      throw SignalError(.invalidLength, "running band power of \(channelCount) channels; expected 1…\(1 << 24)")
    }
    guard step >= 1, windowLength >= step, windowLength % step == 0, windowLength < 1 << 40 else {
      throw SignalError(
        .invalidLength,
        "a running mean over \(windowLength) samples every \(step); expected a whole, positive number of steps in the window")
    }
    let lanes = SectionCascade.lanes
    let padded = (channelCount + lanes - 1) / lanes * lanes
    let (width, overflow) = padded.multipliedReportingOverflow(by: filters.count)
    guard !overflow, windowLength / step <= Self.limit / width / 2 else {
      throw SignalError(
        .invalidLength,
        "\(windowLength / step) steps of \(channelCount) channels × \(filters.count) bands do not fit in memory; expected longer steps")
    }
    self.filters = filters
    self.channelCount = channelCount
    self.windowLength = windowLength
    self.step = step
    self.startsAtSteadyState = startsAtSteadyState
    cascades = filters.map { SectionCascade($0) }
    for i in cascades.indices { cascades[i].allocate(channelCount: channelCount) }
    ring = StepRing(steps: windowLength / step, width: width)
    begun = [Double](repeating: 0, count: width)
  }

  /// Makes a running band power with Butterworth band-passes.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - channelCount: Number of channels, at least 1.
  ///   - bands: Edges of each band, Hz, above 0 and below half the sampling rate; at least one band.
  ///   - order: Of each band-pass: so many poles at each edge.
  ///   - windowLength: Samples that the squares are averaged over: a multiple of `step`.
  ///   - step: Samples from one reading to the next, at least 1.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidOrder`, `.invalidLength` or `.invalidParameter`.
  public init(
    sampleRate: Double, channelCount: Int, bands: [ClosedRange<Double>], order: Int = 2, windowLength: Int, step: Int
  ) throws(SignalError) {
    var filters: [SectionedFilter] = []
    for band in bands { filters.append(try Butterworth.filter(order: order, .bandPass(band), sampleRate: sampleRate)) }
    try self.init(filters: filters, channelCount: channelCount, windowLength: windowLength, step: step)
  }

  /// Takes a block of the signal, which stays as it is, and calls `body` for every reading that it completes, in order.
  ///
  /// Allocates nothing.
  ///
  /// - Precondition: the block has `channelCount` channels.
  /// - Parameters:
  ///   - block: `[channels × samples]`.
  ///   - body: Gets each reading; the reading must not be kept.
  public mutating func process(_ block: SignalBlock, _ body: (BandPowerReading) -> Void) {
    precondition(block.channelCount == channelCount, "a block of \(block.channelCount) channels; expected \(channelCount)")
    guard !block.isEmpty else { return }
    if nextSample != block.firstSample || segment != block.segment { start(with: block) }
    nextSample = block.sampleRange.upperBound
    var done = 0
    while done < block.sampleCount {
      let count = min(step - samplesOfStep, block.sampleCount - done)
      block.withUnsafeStorage { samples, stride in filter(samples + done, stride: stride, count: count) }
      done += count
      samplesOfStep += count
      guard samplesOfStep == step else { return }
      samplesOfStep = 0
      ring.push(&begun)
      stepsOfSegment += 1
      if stepsOfSegment >= windowLength / step { hand(endingBefore: block.firstSample + done, to: body) }
    }
  }

  /// Takes a block of the signal and returns the windows that it completes, in order; allocates for them.
  ///
  /// - Precondition: the block has `channelCount` channels.
  public mutating func add(_ block: SignalBlock) -> [BandPowerWindow] {
    var windows: [BandPowerWindow] = []
    process(block) { windows.append(BandPowerWindow($0)) }
    return windows
  }

  /// Forgets everything that was processed, as at a gap; the design stays.
  public mutating func reset() { nextSample = nil }

  // MARK: - Steps

  private mutating func start(with block: SignalBlock) {
    segment = block.segment
    samplesOfStep = 0
    stepsOfSegment = 0
    ring.clear()
    for i in begun.indices { begun[i] = 0 }
    for i in cascades.indices {
      cascades[i].clear()
      guard startsAtSteadyState else { continue }
      for c in 0..<channelCount { cascades[i].settle(channel: c, at: block[channel: c, sample: 0]) }
    }
  }

  private mutating func filter(_ samples: UnsafePointer<Double>, stride: Int, count: Int) {
    let width = begun.count / cascades.count
    let groups = width / SectionCascade.lanes
    begun.withUnsafeMutableBufferPointer { begun in
      // A few groups of channels at a time: their samples stay in the nearest cache from band to band.
      for first in Swift.stride(from: 0, to: groups, by: 8) {
        let some = first..<min(first + 8, groups)
        for b in cascades.indices {
          cascades[b].addPower(of: samples, stride: stride, count: count, to: begun.baseAddress! + b * width, groups: some)
        }
      }
    }
  }

  private func hand(endingBefore end: Int, to body: (BandPowerReading) -> Void) {
    ring.withSums { sums in
      body(
        BandPowerReading(
          firstSample: end - windowLength, sampleCount: windowLength, segment: segment, channelCount: channelCount,
          bandCount: cascades.count, values: sums, strides: (1, begun.count / cascades.count), divisor: Double(windowLength)))
    }
  }
}
