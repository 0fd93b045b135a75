import MinhangAlgebra
import MinhangCore

/// Welch's estimate of power spectral densities: the mean (or median) of the periodograms of overlapping, tapered windows.
///
/// Streaming: memory is bounded by one window and the block, and the result has the same bits for any cutting into blocks and any number of
/// channels beside. A window never spans a gap: a block of another segment, or one whose first sample does not follow on the last, starts the
/// windowing anew. A NaN or an infinity spoils its own channel's spectrum and no other.
///
/// The density is one-sided, `2 |X|² / (sampleRate · Σ taper²)` (bins at 0 and half the rate not doubled), averaged over windows. Equals
/// `scipy.signal.welch(x, sampleRate, window, nperseg, noverlap, nfft, detrend, average=average)`. The median needs every window's periodogram:
/// with it, and only with it, memory grows with the signal, by `channels × bins` values a window.
///
/// **Source:** Welch 1967, "The use of fast Fourier transform for the estimation of power spectra", IEEE Trans. Audio Electroacoust. 15:70.
public struct WelchEstimator: Sendable {
  /// Number of channels of every block.
  public let channelCount: Int
  /// Number of windows that were complete so far.
  public private(set) var windowCount = 0

  /// How the windows' periodograms become one.
  public let average: SpectrumAverage

  private let threads: Int
  private var cutter: WindowCutter
  private var periodogram: Periodogram
  /// Sums of `|X|²`, `[channels × bins]`; for the median `|X|²` itself, `[windows × channels × bins]`.
  private var power: [Double]

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - channelCount: Number of channels, at least 1.
  ///   - windowLength: Samples of a window, at least 1.
  ///   - overlap: Samples shared by neighbouring windows, 0 … `windowLength − 1`.
  ///   - taper: What each window is multiplied by.
  ///   - detrend: What is taken off each window first.
  ///   - transformLength: Length of the Fourier transform, at least `windowLength` (padded with zeros); nil: `windowLength`.
  ///   - average: How the windows' periodograms become one.
  ///   - threads: Workers that share the channels; the bits do not depend on their number. For the mean only.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidFrequency`.
  public init(
    sampleRate: Double, channelCount: Int, windowLength: Int, overlap: Int, taper: Taper = .hann, detrend: Detrend = .constant,
    transformLength: Int? = nil, average: SpectrumAverage = .mean, threads: Int = 1
  ) throws(SignalError) {
    periodogram = try Periodogram(
      sampleRate: sampleRate, windowLength: windowLength, transformLength: transformLength, taper: taper, detrend: detrend)
    guard (0..<windowLength).contains(overlap) else {
      throw SignalError(.invalidLength, "the overlap of the windows is \(overlap) samples; expected 0…\(windowLength - 1)")
    }
    self.channelCount = channelCount
    self.threads = max(1, min(threads, channelCount))
    cutter = try WindowCutter(windowLength: windowLength, step: windowLength - overlap, channelCount: channelCount)
    self.average = average
    power = [Double](repeating: 0, count: average == .mean ? channelCount * periodogram.binCount : 0)
  }

  /// Takes a block of the signal.
  ///
  /// - Precondition: the block has `channelCount` channels.
  public mutating func add(_ block: SignalBlock) {
    guard average == .mean else { return keep(block) }
    let bins = periodogram.binCount
    power.withUnsafeMutableBufferPointer { power in
      let power = power.baseAddress!
      let step = cutter.step
      cutter.add(block) { run in
        windowCount += run.count
        guard threads == 1 else {
          return periodogram.accumulate(run, ofChannels: channelCount, step: step, into: power, threads: threads)
        }
        // Channel by channel: each is read straight through, and its sums stay in the nearest cache.
        for c in 0..<channelCount {
          periodogram.accumulate(run.samples + c * run.stride, count: run.count, step: step, into: power + c * bins)
        }
      }
    }
  }

  /// The spectrum of what was added so far; empty if no window was complete.
  ///
  /// The estimator can go on afterwards.
  public func spectrum() -> PowerSpectrum {
    guard average == .median, windowCount > 0 else {
      return periodogram.spectrum(ofPower: power, channelCount: channelCount, windowCount: windowCount)
    }
    // As a sum over windows, which is what the scaling expects.
    let factor = Double(windowCount) / SpectrumAverage.medianBias(count: windowCount)
    let values = channelCount * periodogram.binCount
    var column = [Double](repeating: 0, count: windowCount)
    let medians = (0..<values).map { i in
      for w in 0..<windowCount { column[w] = power[w * values + i] }
      return SpectrumAverage.median(&column) * factor
    }
    return periodogram.spectrum(ofPower: medians, channelCount: channelCount, windowCount: windowCount)
  }

  /// Keeps the periodogram of every window, for the median.
  private mutating func keep(_ block: SignalBlock) {
    let (bins, step) = (periodogram.binCount, cutter.step)
    cutter.add(block) { run in
      for i in 0..<run.count {
        let first = power.count
        power.append(contentsOf: repeatElement(0, count: channelCount * bins))
        power.withUnsafeMutableBufferPointer { power in
          for c in 0..<channelCount {
            periodogram.accumulate(run.samples + c * run.stride + i * step, into: power.baseAddress! + first + c * bins)
          }
        }
      }
      windowCount += run.count
    }
  }
}

extension Periodogram {
  /// Adds `|X[k]|²` of all windows of a run to the sums of their channels, on several threads: each with its own working memory and a share of
  /// the channels.
  fileprivate func accumulate(
    _ run: WindowCutter.Run, ofChannels channels: Int, step: Int, into power: UnsafeMutablePointer<Double>, threads: Int
  ) {
    let (count, stride) = (run.count, run.stride)
    // Shares do not overlap, in the samples nor in the sums.
    nonisolated(unsafe) let (samples, power) = (run.samples, power)
    _ = concurrentMap(count: threads, threads: threads) { share in
      var worker = self
      for c in (share * channels / threads)..<((share + 1) * channels / threads) {
        worker.accumulate(samples + c * stride, count: count, step: step, into: power + c * binCount)
      }
    }
  }
}
