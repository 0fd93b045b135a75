import CMinhangKernels
import MinhangAlgebra
import MinhangCore

/// The short-time Fourier transform: spectra of tapered windows at equal steps, and the way back.
///
/// Window `p` has its middle (sample `windowLength / 2` of the window) at the signal's sample `p · step`; windows reach over both ends, where the
/// signal counts as zero, as far as the taper there is not zero, so that every sample can be got back. Bins are those of the Fourier transform of
/// the tapered window, 0 … half the sampling rate, with phases counted from the window's first sample, times the factor of the scale. Equals
/// `scipy.signal.ShortTimeFFT(taper, step, sampleRate, mfft=transformLength, scale_to=…, phase_shift=None).stft(x)`. A NaN or an infinity spoils
/// the windows of its own channel that hold it.
///
/// **Source:** Allen & Rabiner 1977, "A unified approach to short-time Fourier analysis and synthesis", Proc. IEEE 65:1558.
public struct ShortTimeFourierTransform: Sendable {
  /// What the Fourier transform of a tapered window is multiplied by.
  public enum Scale: String, Sendable, Hashable, CaseIterable {
    /// 1.
    case none
    /// `1 / Σ taper`: a sine of amplitude A on a bin has the magnitude A/2.
    case magnitude
    /// `1 / √(sampleRate · Σ taper²)`: squared magnitudes are two-sided densities, µV²/Hz.
    case density
  }

  /// Hz.
  public let sampleRate: Double
  /// Samples of a window.
  public let windowLength: Int
  /// Samples from one window's start to the next one's.
  public let step: Int
  /// Length of the Fourier transform.
  public let transformLength: Int
  /// What the Fourier transform of a tapered window is multiplied by.
  public let scale: Scale
  /// Most threads that channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let coefficients: [Double]
  private let factor: Double
  private let forward: RealFourierTransform
  private let inverse: InverseRealFourierTransform

  /// Makes a transform.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - windowLength: Samples of a window, at least 1.
  ///   - step: Samples from one window's start to the next one's, 1 … `windowLength`.
  ///   - taper: What each window is multiplied by.
  ///   - transformLength: Length of the Fourier transform, at least `windowLength` (padded with zeros); nil: `windowLength`.
  ///   - scale: What the result is multiplied by.
  ///   - threads: Most threads that channels are shared out over.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidFrequency`.
  public init(
    sampleRate: Double, windowLength: Int, step: Int, taper: Taper = .hann, transformLength: Int? = nil, scale: Scale = .none,
    threads: Int = 1
  ) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard windowLength >= 1 else {
      throw SignalError(.invalidLength, "the window of a spectrum is \(windowLength) samples; expected at least 1")
    }
    guard (1...windowLength).contains(step) else {
      throw SignalError(.invalidLength, "the step from window to window is \(step) samples; expected 1…\(windowLength)")
    }
    let length = transformLength ?? windowLength
    guard length >= windowLength else {
      throw SignalError(.invalidLength, "the transform of a spectrum is \(length) samples; expected at least the window's \(windowLength)")
    }
    forward = try RealFourierTransform(length: length)
    inverse = try InverseRealFourierTransform(length: length)
    coefficients = taper.coefficients(count: windowLength)
    switch scale {
    case .none: factor = 1
    case .magnitude: factor = 1 / coefficients.reduce(0, +).magnitude
    case .density: factor = 1 / (sampleRate * coefficients.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    self.sampleRate = sampleRate
    self.windowLength = windowLength
    self.step = step
    self.transformLength = length
    self.scale = scale
    self.threads = threads
  }

  /// Numbers of the windows that hold a sample of a signal under a taper that is not zero.
  func windows(of count: Int) -> Range<Int> {
    let middle = windowLength / 2
    guard let first = coefficients.firstIndex(where: { $0 != 0 }), let last = coefficients.lastIndex(where: { $0 != 0 }) else {
      return 0..<0
    }
    // Window p covers p · step − middle + (first … last).
    let lowest = -((last - middle) / step)
    let highest = (count - 1 + middle - first) / step
    return lowest..<(highest + 1)
  }

  /// The transform of a signal.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  /// - Returns: `[channels × bins × windows]`; the map's `samples` are those in the windows' middles and may lie beyond the signal.
  public func map(of signal: SignalBlock) -> TimeFrequencyMap {
    let count = signal.sampleCount
    let windows = signal.isEmpty ? 0..<0 : windows(of: count)
    let bins = forward.binCount
    let rows = signal.withUnsafeStorage { samples, stride in
      nonisolated(unsafe) let samples = samples
      return concurrentMap(count: signal.channelCount, threads: threads) { c in
        self.rows(of: samples + c * stride, count: count, windows: windows)
      }
    }
    return TimeFrequencyMap(
      channelCount: signal.channelCount, frequencies: (0..<bins).map { Double($0) * sampleRate / Double(transformLength) },
      samples: windows.map { signal.firstSample + $0 * step }, values: rows.flatMap { $0 })
  }

  private func rows(of samples: UnsafePointer<Double>, count: Int, windows: Range<Int>) -> [Double] {
    let bins = forward.binCount
    var scratch = FourierScratch(length: transformLength)
    var result = [Double](repeating: 0, count: windows.count * bins * 2)
    scratch.withBuffers { tapered, spectrum in
      for (w, p) in windows.enumerated() {
        let start = p * step - windowLength / 2
        for i in 0..<windowLength {
          tapered[i] = (0..<count).contains(start + i) ? samples[start + i] * coefficients[i] : 0
        }
        forward.forward(tapered, into: spectrum)
        for k in 0..<bins {
          result[2 * (k * windows.count + w)] = spectrum[2 * k] * factor
          result[2 * (k * windows.count + w) + 1] = spectrum[2 * k + 1] * factor
        }
      }
    }
    return result
  }

  /// The signal of a map: each window transformed back, weighted by the taper, and the overlapping windows added up.
  ///
  /// Of all signals, the one whose transform is nearest to the map in the sense of least squares; for a map that this transform made, the signal
  /// itself.
  ///
  /// - Parameters:
  ///   - map: What `map(of:)` of an equal transform returned, changed at will.
  ///   - sampleCount: Samples of the signal.
  ///   - firstSample: Index of its first sample.
  /// - Throws: `SignalError` with `.invalidLength` where the map has another shape, `.invalidParameter` where steps and taper leave samples
  ///   without weight.
  ///
  /// **Source:** Griffin & Lim 1984, "Signal estimation from modified short-time Fourier transform", IEEE Trans. ASSP 32:236, eq. 6.
  public func signal(of map: TimeFrequencyMap, sampleCount: Int, firstSample: Int = 0) throws(SignalError) -> SignalBlock {
    let windows = sampleCount > 0 ? windows(of: sampleCount) : 0..<0
    let bins = forward.binCount
    guard map.samples == windows.map({ firstSample + $0 * step }), map.frequencies.count == bins else {
      throw SignalError(
        .invalidLength,
        "a map of \(map.frequencies.count) frequencies × \(map.samples.count) windows for a signal of \(sampleCount) samples; expected \(bins) × \(windows.count)"
      )
    }
    // Σ of the squared taper over all windows that cover a sample; it depends on the sample's place within a step only.
    let weights = (0..<step).map { place in
      stride(from: place, to: windowLength, by: step).reduce(0.0) { $0 + coefficients[$1] * coefficients[$1] }
    }
    guard weights.allSatisfy({ $0 > 1e-12 * Double(windowLength / step) }) else {
      throw SignalError(.invalidParameter, "steps of \(step) samples leave samples without weight under this taper; expected shorter steps")
    }
    var result = SignalBlock(channelCount: map.channelCount, sampleCount: sampleCount, firstSample: firstSample)
    result.withUnsafeMutableStorage { samples, stride in
      var scratch = FourierScratch(length: transformLength)
      scratch.withBuffers { tapered, spectrum in
        for c in 0..<map.channelCount {
          for (w, p) in windows.enumerated() {
            for k in 0..<bins {
              let i = 2 * ((c * bins + k) * windows.count + w)
              (spectrum[2 * k], spectrum[2 * k + 1]) = (map.values[i], map.values[i + 1])
            }
            inverse.backward(spectrum, into: tapered)
            let start = p * step - windowLength / 2
            for i in max(0, -start)..<max(max(0, -start), min(windowLength, sampleCount - start)) {
              samples[c * stride + start + i] += tapered[i] * coefficients[i] / (weights[i % step] * factor * Double(transformLength))
            }
          }
        }
      }
    }
    return result
  }
}
