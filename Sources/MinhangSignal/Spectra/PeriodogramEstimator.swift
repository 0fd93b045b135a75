import MinhangCore

/// The periodogram: the squared Fourier transform of the whole signal as one window.
///
/// The density is one-sided, `2 |X|² / (sampleRate · Σ taper²)` (bins at 0 and half the rate not doubled). Its variance does not fall with the
/// length of the signal: use `WelchEstimator` or `MultitaperEstimator` where that matters. Equals
/// `scipy.signal.periodogram(x, sampleRate, window, nfft, detrend)`. A NaN or an infinity spoils its own channel and no other.
///
/// **Source:** Schuster 1898, "On the investigation of hidden periodicities", Terr. Magn. 3:13.
public struct PeriodogramEstimator: SpectrumEstimator {
  /// Hz.
  public let sampleRate: Double
  /// What the signal is multiplied by.
  public let taper: Taper
  /// What is taken off the signal first.
  public let detrend: Detrend
  /// Length of the Fourier transform; nil: that of the signal.
  public let transformLength: Int?

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - taper: What the signal is multiplied by.
  ///   - detrend: What is taken off the signal first.
  ///   - transformLength: Length of the Fourier transform, at least that of the signal (padded with zeros); nil: that of the signal.
  public init(sampleRate: Double, taper: Taper = .boxcar, detrend: Detrend = .constant, transformLength: Int? = nil) {
    self.sampleRate = sampleRate
    self.taper = taper
    self.detrend = detrend
    self.transformLength = transformLength
  }

  /// The densities of every channel.
  ///
  /// - Parameter signal: `[channels × samples]`, at least one of each.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidFrequency`.
  public func spectrum(of signal: SignalBlock) throws(SignalError) -> PowerSpectrum {
    var periodogram = try Periodogram(
      sampleRate: sampleRate, windowLength: signal.sampleCount, transformLength: transformLength, taper: taper, detrend: detrend)
    let channels = signal.channelCount
    return signal.withUnsafeStorage { samples, stride in
      periodogram.spectrum(of: samples, stride: stride, channelCount: channels)
    }
  }
}
