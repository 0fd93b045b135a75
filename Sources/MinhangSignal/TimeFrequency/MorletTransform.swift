import MinhangAlgebra
import MinhangCore

/// The continuous wavelet transform with Morlet wavelets, through the Fourier transform: offline only.
///
/// Each channel is convolved with each wavelet; the value at a sample looks half a wavelet into the past and the future, and the signal counts as
/// zero beyond its ends. Equals `mne.time_frequency.tfr_array_morlet(…, output="complex", decim)`, whose power and phase are those of the map.
/// A NaN or an infinity spoils its whole channel and no other.
///
/// **Source:** Tallon-Baudry & Bertrand 1999, "Oscillatory gamma activity in humans", Trends Cogn. Sci. 3:151.
public struct MorletTransform: Sendable {
  /// One for each frequency.
  public let wavelets: [MorletWavelet]
  /// Hz.
  public let sampleRate: Double
  /// Most threads that channels are shared out over; the bits do not depend on it.
  public let threads: Int

  /// Makes a transform.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - frequencies: Hz, at least one; above 0, at most half the sampling rate.
  ///   - cycles: Of every wavelet, or one number for each frequency.
  ///   - hasZeroMean: Whether the mean of each continuous wavelet is zero.
  ///   - threads: Most threads that channels are shared out over.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  public init(
    sampleRate: Double, frequencies: [Double], cycles: [Double] = [7], hasZeroMean: Bool = true, threads: Int = 1
  ) throws(SignalError) {
    guard !frequencies.isEmpty, cycles.count == 1 || cycles.count == frequencies.count else {
      throw SignalError(
        .invalidParameter, "\(cycles.count) numbers of cycles for \(frequencies.count) frequencies; expected one for all or one for each")
    }
    var wavelets: [MorletWavelet] = []
    for (i, frequency) in frequencies.enumerated() {
      wavelets.append(
        try MorletWavelet(
          frequency: frequency, cycles: cycles.count == 1 ? cycles[0] : cycles[i], sampleRate: sampleRate, hasZeroMean: hasZeroMean))
    }
    self.wavelets = wavelets
    self.sampleRate = sampleRate
    self.threads = threads
  }

  /// The transform of a signal.
  ///
  /// O(channels · frequencies · samples · log samples).
  ///
  /// - Parameters:
  ///   - signal: `[channels × samples]`, one unbroken segment, at least as long as the longest wavelet.
  ///   - decimation: Every so many samples are kept, from the first; at least 1. Nothing is filtered before.
  /// - Returns: `[channels × frequencies × times]`.
  /// - Throws: `SignalError` with `.tooShort` or `.invalidParameter`.
  public func map(of signal: SignalBlock, decimation: Int = 1) throws(SignalError) -> TimeFrequencyMap {
    guard decimation >= 1 else { throw SignalError(.invalidParameter, "the decimation of a map is \(decimation); expected at least 1") }
    let count = signal.sampleCount
    let longest = wavelets.reduce(0) { max($0, $1.values.count) }
    guard count >= longest else {
      throw SignalError(.tooShort, "a signal of \(count) samples is too short for a wavelet of \(longest)")
    }
    let kept = Array(stride(from: 0, to: count, by: decimation))
    let convolution = try WaveletConvolution(wavelets, count: count)
    let rows = signal.withUnsafeStorage { samples, stride in
      nonisolated(unsafe) let samples = samples
      return concurrentMap(count: signal.channelCount, threads: threads) { c in
        convolution.values(of: samples + c * stride, count: count, decimation: decimation, kept: kept.count)
      }
    }
    return TimeFrequencyMap(
      channelCount: signal.channelCount, frequencies: wavelets.map(\.frequency), samples: kept.map { $0 + signal.firstSample },
      values: rows.flatMap { $0 })
  }
}

/// Wavelets in the frequency domain, for signals of one length.
private struct WaveletConvolution: Sendable {
  private let wavelets: [MorletWavelet]
  private let forward: RealFourierTransform
  private let inverse: InverseRealFourierTransform
  /// `[wavelets × (real, imaginary part) × bins × 2]`: the spectra of the parts, over the transform's length.
  private let spectra: [Double]

  init(_ wavelets: [MorletWavelet], count: Int) throws(SignalError) {
    let longest = wavelets.reduce(0) { max($0, $1.values.count) }
    let length = RealFourierTransform.fastLength(atLeast: count + longest - 1)
    let forward = try RealFourierTransform(length: length)
    inverse = try InverseRealFourierTransform(length: length)
    let factor = 1 / Double(length)
    spectra = wavelets.flatMap { wavelet in
      [\ComplexNumber.real, \ComplexNumber.imaginary].flatMap { part in
        let padded = wavelet.values.map { $0[keyPath: part] * factor } + [Double](repeating: 0, count: length - wavelet.values.count)
        return forward.forward(padded).flatMap { [$0.real, $0.imaginary] }
      }
    }
    self.forward = forward
    self.wavelets = wavelets
  }

  /// The transform of one channel: `[frequencies × times × 2]`.
  func values(of samples: UnsafePointer<Double>, count: Int, decimation: Int, kept: Int) -> [Double] {
    let bins = forward.binCount
    var input = FourierScratch(length: forward.length)
    var output = input
    return [Double](unsafeUninitializedCapacity: wavelets.count * kept * 2) { result, initialized in
      input.withBuffers { padded, spectrum in
        padded.update(from: samples, count: count)
        forward.forward(padded, into: spectrum)
        output.withBuffers { convolved, product in
          for (w, wavelet) in wavelets.enumerated() {
            // The middle of the convolution: the wavelet's centre at the sample.
            let delay = (wavelet.values.count - 1) / 2
            for part in 0..<2 {
              spectra.withUnsafeBufferPointer { spectra in
                let weights = spectra.baseAddress! + (2 * w + part) * bins * 2
                for k in 0..<bins {
                  let (a, b, c, d) = (spectrum[2 * k], spectrum[2 * k + 1], weights[2 * k], weights[2 * k + 1])
                  product[2 * k] = a * c - b * d
                  product[2 * k + 1] = a * d + b * c
                }
              }
              inverse.backward(product, into: convolved)
              for i in 0..<kept { result[2 * (w * kept + i) + part] = convolved[i * decimation + delay] }
            }
          }
        }
      }
      initialized = wavelets.count * kept * 2
    }
  }
}
