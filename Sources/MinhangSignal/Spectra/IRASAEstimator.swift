import MinhangAlgebra
import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Irregular-resampling auto-spectral analysis: separates the aperiodic part of a spectrum from oscillations, without a model of either.
///
/// The signal is resampled by each factor `h` and by `1/h`; peaks move, a power law does not. The geometric mean of the two spectra, and the median
/// of those over all factors, is the aperiodic part. Spectra are Welch's with half overlapping windows. Frequencies above
/// `sampleRate / (2 · largest factor)`, and those below `largest factor` times what the signal holds, mean little. Equals `yasa.irasa`. A NaN or an
/// infinity spoils its own channel and no other.
///
/// **Source:** Wen & Liu 2016, "Separating fractal and oscillatory components in the power spectrum of neurophysiological signal", Brain Topogr.
/// 29:13.
public struct IRASAEstimator: Sendable {
  /// The parts of a spectrum.
  public struct Result: Sendable, Hashable {
    /// The spectrum of the signal, µV²/Hz.
    public let mixed: PowerSpectrum
    /// Its aperiodic part, µV²/Hz, at the same frequencies.
    public let aperiodic: PowerSpectrum

    /// The oscillatory part, `mixed − aperiodic`, µV²/Hz, over the frequencies; below 0 where the median lies above.
    public func oscillatory(channel: Int) -> [Double] { zip(mixed.channel(channel), aperiodic.channel(channel)).map { $0 - $1 } }

    /// The straight line over logarithms that is nearest to the aperiodic part.
    ///
    /// - Parameters:
    ///   - channel: Index of the channel.
    ///   - range: Frequencies, Hz; at least two bins above frequency 0, else the numbers are NaN.
    public func component(channel: Int, range: ClosedRange<Double>) -> AperiodicComponent {
      let density = aperiodic.channel(channel)
      let bins = aperiodic.frequencies.indices.filter { aperiodic.frequencies[$0] > 0 && range.contains(aperiodic.frequencies[$0]) }
      return AperiodicComponent.fitted(
        to: bins.map { aperiodic.frequencies[$0] }, bins.map { log10(density[density.startIndex + $0]) }, mode: .fixed
      ).component
    }

    /// The square of the correlation between a component's logarithms and those of the aperiodic part, 0…1; NaN where either is constant.
    ///
    /// - Parameters:
    ///   - component: Of that channel.
    ///   - channel: Index of the channel.
    ///   - range: Frequencies, Hz; frequency 0 is left out.
    public func determination(of component: AperiodicComponent, channel: Int, range: ClosedRange<Double>) -> Double {
      let density = aperiodic.channel(channel)
      let bins = aperiodic.frequencies.indices.filter { aperiodic.frequencies[$0] > 0 && range.contains(aperiodic.frequencies[$0]) }
      return SpectralParameterization.squaredCorrelation(
        bins.map { component.logarithm(at: aperiodic.frequencies[$0]) }, bins.map { log10(density[density.startIndex + $0]) })
    }
  }

  /// Hz.
  public let sampleRate: Double
  /// Samples of a window.
  public let windowLength: Int
  /// Factors of the resampling, above 1.
  public let factors: [Double]
  /// What each window is multiplied by.
  public let taper: Taper
  /// How the windows' periodograms become one.
  public let average: SpectrumAverage
  /// Most threads that factors are shared out over; the bits do not depend on it.
  public let threads: Int

  /// The factors as ratios.
  private let ratios: [(up: ResamplingRatio, down: ResamplingRatio)]

  /// The factors of the published implementations: 1.1, 1.15 … 1.9.
  public static let standardFactors = (22...38).map { Double($0) / 20 }

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - windowLength: Samples of a window, at least 2; twice the period of the lowest frequency of interest or more.
  ///   - factors: Of the resampling, above 1 and at most 5, at least two; taken to four decimals.
  ///   - taper: What each window is multiplied by.
  ///   - average: How the windows' periodograms become one.
  ///   - threads: Most threads that factors are shared out over.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` or `.invalidParameter`.
  public init(
    sampleRate: Double, windowLength: Int, factors: [Double] = standardFactors, taper: Taper = .hamming, average: SpectrumAverage = .median,
    threads: Int = 1
  ) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard windowLength >= 2 else {
      throw SignalError(.invalidLength, "the window of a spectrum is \(windowLength) samples; expected at least 2")
    }
    guard factors.count >= 2, factors.allSatisfy({ $0 >= 1.0001 && $0 <= 5 }) else {
      throw SignalError(.invalidParameter, "the factors of the resampling are \(factors); expected at least two, above 1 and at most 5")
    }
    var ratios: [(up: ResamplingRatio, down: ResamplingRatio)] = []
    for factor in factors {
      let decimals = Int((factor * 10_000).rounded())
      ratios.append((try ResamplingRatio(up: decimals, down: 10_000), try ResamplingRatio(up: 10_000, down: decimals)))
    }
    self.ratios = ratios
    self.sampleRate = sampleRate
    self.windowLength = windowLength
    self.factors = factors
    self.taper = taper
    self.average = average
    self.threads = threads
  }

  /// The parts of the spectrum of every channel.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment, longer than the window times the largest factor.
  /// - Throws: `SignalError` with `.tooShort`.
  public func parts(of signal: SignalBlock) throws(SignalError) -> Result {
    // Resampled on a grid that begins at the first sample, wherever in the recording that lies.
    var signal = signal
    signal.firstSample = 0
    let placed = signal
    let mixed = try spectrum(of: placed, rate: sampleRate)
    guard !mixed.isEmpty else {
      throw SignalError(.tooShort, "a signal of \(signal.sampleCount) samples is shorter than a window of \(windowLength)")
    }
    let means = try concurrentMap(count: factors.count, threads: threads) { (i) throws(SignalError) in
      let longer = try spectrum(of: PolyphaseResampler(ratios[i].up).applied(to: placed), rate: factors[i] * sampleRate)
      let shorter = try spectrum(of: PolyphaseResampler(ratios[i].down).applied(to: placed), rate: sampleRate / factors[i])
      guard !shorter.isEmpty else {
        throw SignalError(
          .tooShort,
          "a signal of \(placed.sampleCount) samples, resampled by 1/\(factors[i]), is shorter than a window of \(windowLength)")
      }
      return (0..<placed.channelCount).flatMap { c in zip(longer.channel(c), shorter.channel(c)).map { ($0 * $1).squareRoot() } }
    }
    var column = [Double](repeating: 0, count: factors.count)
    let medians = means[0].indices.map { k in
      for i in means.indices { column[i] = means[i][k] }
      return SpectrumAverage.median(&column)
    }
    let aperiodic = PowerSpectrum(
      frequencies: mixed.frequencies, resolution: mixed.resolution, densities: medians, channelCount: mixed.channelCount,
      windowCount: mixed.windowCount)
    return Result(mixed: mixed, aperiodic: aperiodic)
  }

  private func spectrum(of signal: SignalBlock, rate: Double) throws(SignalError) -> PowerSpectrum {
    var estimator = try WelchEstimator(
      sampleRate: rate, channelCount: signal.channelCount, windowLength: windowLength, overlap: windowLength / 2, taper: taper,
      average: average)
    estimator.add(signal)
    return estimator.spectrum()
  }
}
