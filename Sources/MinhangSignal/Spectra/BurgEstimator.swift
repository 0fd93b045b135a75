import MinhangAlgebra
import MinhangCore

/// An autoregressive estimate of power spectral densities: the spectrum of the model that Burg's method fits.
///
/// Smooth, and sharp at peaks, from short signals; the order decides how many peaks it can have (half the order). The density is one-sided,
/// `2 · noiseVariance / (sampleRate · |1 + Σ a[k] e^(−iωk)|²)` (bins at 0 and half the rate not doubled). A channel without a model (see
/// `AutoregressiveModel.burg`) has NaN everywhere, as does one with a NaN or an infinity; no other channel is touched.
///
/// **Source:** Burg 1975; Marple 1987, "Digital spectral analysis", eq. 6.40 and chapter 8.
public struct BurgEstimator: SpectrumEstimator {
  /// Hz.
  public let sampleRate: Double
  /// Number of samples that the next one is predicted from.
  public let order: Int
  /// Points around the whole circle that the density is computed at: `transformLength / 2 + 1` bins.
  public let transformLength: Int
  /// What is taken off the signal first.
  public let detrend: Detrend
  /// Most threads that channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let transform: RealFourierTransform

  /// Makes an estimator.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - order: At least 1.
  ///   - transformLength: Points around the whole circle, more than `order`; the distance between bins is `sampleRate / transformLength`.
  ///   - detrend: What is taken off the signal first.
  ///   - threads: Most threads that channels are shared out over.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidOrder` or `.invalidLength`.
  public init(
    sampleRate: Double, order: Int, transformLength: Int = 1024, detrend: Detrend = .constant, threads: Int = 1
  ) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard order >= 1 else { throw SignalError(.invalidOrder, "the order of an autoregressive model is \(order); expected at least 1") }
    guard transformLength > order else {
      throw SignalError(
        .invalidLength, "\(transformLength) points of an autoregressive spectrum of order \(order); expected more than the order")
    }
    self.sampleRate = sampleRate
    self.order = order
    self.transformLength = transformLength
    self.detrend = detrend
    self.threads = threads
    transform = try RealFourierTransform(length: transformLength)
  }

  /// The models of every channel.
  ///
  /// - Parameter signal: `[channels × samples]`, more than `order` samples.
  /// - Throws: `SignalError` with `.tooShort`.
  public func models(of signal: SignalBlock) throws(SignalError) -> [AutoregressiveModel] {
    try concurrentMap(count: signal.channelCount, threads: threads) { (c) throws(SignalError) in
      var samples = Array(signal.channel(c))
      let line = samples.withUnsafeBufferPointer {
        $0.isEmpty ? (level: 0, slope: 0) : detrend.line(through: $0.baseAddress!, count: $0.count)
      }
      for i in samples.indices { samples[i] -= line.level + line.slope * Double(i) }
      return try AutoregressiveModel.burg(samples, order: order)
    }
  }

  /// The densities of every channel.
  ///
  /// - Parameter signal: `[channels × samples]`, more than `order` samples.
  /// - Throws: `SignalError` with `.tooShort`.
  public func spectrum(of signal: SignalBlock) throws(SignalError) -> PowerSpectrum {
    let densities = try models(of: signal).flatMap { model in
      let response = transform.forward([1] + model.coefficients + [Double](repeating: 0, count: transformLength - order - 1))
      return response.enumerated().map { k, value in
        let sides = k == 0 || 2 * k == transformLength ? 1.0 : 2.0
        return sides * model.noiseVariance / (sampleRate * value.squaredMagnitude)
      }
    }
    let resolution = sampleRate / Double(transformLength)
    return PowerSpectrum(
      frequencies: (0...(transformLength / 2)).map { Double($0) * sampleRate / Double(transformLength) }, resolution: resolution,
      densities: densities, channelCount: signal.channelCount, windowCount: 1)
  }
}
