import CMinhangKernels
import MinhangAlgebra
import MinhangCore

/// Thomson's multitaper estimate of power spectral densities: the weighted mean of the periodograms of one signal under orthogonal tapers.
///
/// A design for signals of one length: the Slepian tapers are computed when it is made, and then serve any number of signals. Equals
/// `mne.time_frequency.psd_array_multitaper(x, sampleRate, bandwidth, adaptive, low_bias, normalization)`. A NaN or an infinity spoils its own
/// channel and no other.
///
/// **Source:** Thomson 1982, "Spectrum estimation and harmonic analysis", Proc. IEEE 70:1055; weights: Percival & Walden 1993, eq. 368–370.
public struct MultitaperEstimator: SpectrumEstimator {
  /// How the tapers' periodograms are weighted.
  public enum Weighting: Sendable, Hashable {
    /// By each taper's concentration, the same at every frequency.
    case concentration
    /// By Thomson's adaptive rule, which lowers tapers that leak where the spectrum is low; with fewer than three tapers as `.concentration`.
    ///
    /// Ends when the mean squared change of the weights is below 1e-10 at every frequency, or after so many rounds.
    case adaptive(maximumRounds: Int = 150)
  }

  /// What the powers are divided by.
  public enum Normalization: String, Sendable, Hashable, CaseIterable {
    /// By the length only: µV² × (samples per second) / Hz, the reference implementation's default.
    case length
    /// By the sampling rate too: densities, µV²/Hz.
    case full
  }

  /// Hz.
  public let sampleRate: Double
  /// The tapers in use.
  public let tapers: SlepianTapers
  /// How the tapers' periodograms are weighted.
  public let weighting: Weighting
  /// What the powers are divided by.
  public let normalization: Normalization
  /// What is taken off the signal first.
  public let detrend: Detrend
  /// Most threads that channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let transform: RealFourierTransform
  private let frequencies: [Double]
  /// `[tapers × samples]`; for fixed weights multiplied by the roots of the weights.
  private let coefficients: [Double]

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - length: Samples of every signal, at least 2.
  ///   - bandwidth: Full width of the band that is smoothed over, Hz; at least `sampleRate / length`, below `sampleRate`. Nil: `8 · sampleRate / length`.
  ///   - weighting: How the tapers' periodograms are weighted.
  ///   - lowBias: Whether only tapers with more than 90 % of their power within the band are used (if there is none, the best one).
  ///   - normalization: What the powers are divided by.
  ///   - detrend: What is taken off the signal first.
  ///   - threads: Most threads that channels are shared out over.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` or `.invalidParameter`.
  public init(
    sampleRate: Double, length: Int, bandwidth: Double? = nil, weighting: Weighting = .concentration, lowBias: Bool = true,
    normalization: Normalization = .full, detrend: Detrend = .constant, threads: Int = 1
  ) throws(SignalError) {
    tapers = try Self.tapers(sampleRate: sampleRate, length: length, bandwidth: bandwidth, lowBias: lowBias)
    self.sampleRate = sampleRate
    self.normalization = normalization
    self.detrend = detrend
    self.threads = threads
    if case .adaptive = weighting, tapers.count >= 3 { self.weighting = weighting } else { self.weighting = .concentration }
    transform = try RealFourierTransform(length: length)
    frequencies = (0...(length / 2)).map { Double($0) * sampleRate / Double(length) }
    let isFixed = self.weighting == .concentration
    coefficients = tapers.scaled(by: tapers.concentrations.map { isFixed ? $0.squareRoot() : 1 })
  }

  /// The tapers for a bandwidth: as many as are concentrated.
  static func tapers(sampleRate: Double, length: Int, bandwidth: Double?, lowBias: Bool) throws(SignalError) -> SlepianTapers {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    let product = bandwidth.map { $0 * Double(length) / (2 * sampleRate) } ?? 4
    guard product >= 0.5, product < Double(length) / 2 else {
      throw SignalError(
        .invalidParameter,
        "the bandwidth of a multitaper spectrum of \(length) samples is \(bandwidth ?? 8 * sampleRate / Double(max(length, 1))) Hz; expected at "
          + "least \(sampleRate / Double(max(length, 1))) Hz and below \(sampleRate) Hz")
    }
    let all = try SlepianTapers(length: length, timeHalfBandwidth: product, count: Int(2 * product))
    return lowBias ? all.concentrated(above: 0.9) : all
  }

  /// The densities of every channel.
  ///
  /// O(channels · tapers · length · log length).
  ///
  /// - Parameter signal: `[channels × samples]`, of the length that the estimator is for.
  /// - Throws: `SignalError` with `.invalidLength`.
  public func spectrum(of signal: SignalBlock) throws(SignalError) -> PowerSpectrum {
    guard signal.sampleCount == tapers.length else {
      throw SignalError(.invalidLength, "a signal of \(signal.sampleCount) samples for a multitaper design of \(tapers.length)")
    }
    let channels = signal.channelCount
    let densities = signal.withUnsafeStorage { samples, stride in
      nonisolated(unsafe) let samples = samples
      return concurrentMap(count: channels, threads: threads) { c in self.densities(of: samples + c * stride) }
    }
    return PowerSpectrum(
      frequencies: frequencies, resolution: sampleRate / Double(tapers.length), densities: densities.flatMap { $0 },
      channelCount: channels, windowCount: 1)
  }

  private func densities(of samples: UnsafePointer<Double>) -> [Double] {
    let (length, bins) = (tapers.length, transform.binCount)
    let line = detrend.line(through: samples, count: length)
    let isFixed = weighting == .concentration
    var powers = [Double](repeating: 0, count: isFixed ? bins : bins * tapers.count)
    var scratch = FourierScratch(length: length)
    scratch.withBuffers { tapered, spectrum in
      powers.withUnsafeMutableBufferPointer { powers in
        coefficients.withUnsafeBufferPointer { coefficients in
          for k in 0..<tapers.count {
            minhang_taper(samples, coefficients.baseAddress! + k * length, length, line.level, line.slope, tapered)
            transform.forward(tapered, into: spectrum)
            minhang_add_power(spectrum, bins, powers.baseAddress! + (isFixed ? 0 : k * bins))
          }
        }
      }
    }
    // Two sides in one, except where a bin is its own mirror image.
    for k in stride(from: 0, to: powers.count, by: bins) {
      powers[k] /= 2
      if length % 2 == 0 { powers[k + bins - 1] /= 2 }
    }
    var scale = 2.0
    if isFixed {
      scale /= tapers.concentrations.reduce(0, +)
    } else if case .adaptive(let rounds) = weighting {
      powers = AdaptiveWeights(concentrations: tapers.concentrations, maximumRounds: rounds).combined(powers)
    }
    if normalization == .full { scale /= sampleRate }
    return powers.map { $0 * scale }
  }
}
