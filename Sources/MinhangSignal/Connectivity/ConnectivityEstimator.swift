import MinhangCore

/// Cross-spectra and what follows from them (coherence, phase locking, phase lag) for pairs of channels, over windows or epochs.
///
/// Streaming: windows are cut from blocks as `WelchEstimator` cuts them, so memory is bounded by one window and the sums, and the result has the
/// same bits for any cutting into blocks. A window never spans a gap; to average over epochs, give each epoch of `windowLength` samples as a
/// block (with the overlap of 0, one window each). A NaN or an infinity spoils the pairs of its own channel and no other.
///
/// With the multitaper, each window's cross-spectrum is the mean over tapers, weighted by their concentrations.
///
/// **Source:** Welch 1967 for the averages; the measures: see `Connectivity`.
public struct ConnectivityEstimator: Sendable {
  /// What each window is multiplied by.
  public enum Tapering: Sendable, Hashable {
    /// One taper.
    case single(Taper)
    /// Slepian tapers of a bandwidth, as `MultitaperEstimator` takes them.
    case multitaper(bandwidth: Double?, lowBias: Bool = true)
  }

  /// Number of channels of every block.
  public let channelCount: Int
  /// The pairs of channels.
  public let pairs: [ChannelPair]
  /// Number of windows that were complete so far.
  public private(set) var windowCount = 0

  private let sampleRate: Double
  private var cutter: WindowCutter
  private var window: WindowSpectra
  private var sums: ConnectivitySums

  /// Values of all sums together that fit in memory on any machine that we expect: 2 GB.
  private static let limit = 1 << 28

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - channelCount: Number of channels, at least 1.
  ///   - windowLength: Samples of a window or epoch, at least 2.
  ///   - overlap: Samples shared by neighbouring windows, 0 … `windowLength − 1`.
  ///   - tapering: What each window is multiplied by.
  ///   - detrend: What is taken off each window first.
  ///   - pairs: The pairs of channels; nil: all with `first < second`, in order.
  /// - Throws: `SignalError` with `.invalidLength`, `.invalidFrequency` or `.invalidParameter`.
  public init(
    sampleRate: Double, channelCount: Int, windowLength: Int, overlap: Int = 0, tapering: Tapering = .single(.hann),
    detrend: Detrend = .constant, pairs: [ChannelPair]? = nil
  ) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard windowLength >= 2 else {
      throw SignalError(.invalidLength, "the window of a cross-spectrum is \(windowLength) samples; expected at least 2")
    }
    guard (0..<windowLength).contains(overlap) else {
      throw SignalError(.invalidLength, "the overlap of the windows is \(overlap) samples; expected 0…\(windowLength - 1)")
    }
    cutter = try WindowCutter(windowLength: windowLength, step: windowLength - overlap, channelCount: channelCount)
    window = try WindowSpectra(
      sampleRate: sampleRate, channelCount: channelCount, windowLength: windowLength, tapering: tapering, detrend: detrend)
    let bins = window.transform.binCount
    guard channelCount < 1 << 15, pairs != nil || channelCount * channelCount / 2 <= Self.limit / (bins * ConnectivitySums.count) else {
      throw SignalError(
        .invalidLength,
        "all pairs of \(channelCount) channels at \(bins) frequencies do not fit in memory; name the pairs, or shorten the window")
    }
    self.pairs =
      pairs ?? (0..<channelCount).flatMap { i in ((i + 1)..<max(i + 1, channelCount)).map { ChannelPair(i, $0) } }
    for pair in self.pairs where !(0..<channelCount).contains(pair.first) || !(0..<channelCount).contains(pair.second) {
      throw SignalError(
        .invalidParameter, "the pair \(pair.first), \(pair.second) of \(channelCount) channels; expected 0…\(channelCount - 1)")
    }
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    sums = ConnectivitySums(channelCount: channelCount, pairCount: self.pairs.count, binCount: bins)
  }

  /// Takes a block of the signal, or an epoch.
  ///
  /// - Precondition: the block has `channelCount` channels.
  public mutating func add(_ block: SignalBlock) {
    let step = cutter.step
    cutter.add(block) { run in
      for i in 0..<run.count {
        window.take(run.samples + i * step, stride: run.stride)
        sums.add(window.values, tapers: window.taperCount, pairs: pairs)
      }
      windowCount += run.count
    }
  }

  /// The connectivity of what was added so far; every value is NaN if no window was complete.
  ///
  /// The estimator can go on afterwards.
  public func connectivity() -> Connectivity {
    let length = window.windowLength
    return Connectivity(
      frequencies: (0...(length / 2)).map { Double($0) * sampleRate / Double(length) }, pairs: pairs, windowCount: windowCount,
      transformLength: length, sums: sums)
  }
}
