#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The low-pass filter between two sampling rates: taps at `up` times the input's rate, and how far they look ahead.
///
/// The output at a place `p` (in steps of `1 / up` input samples) is `Σ taps[j] · x(p + advance − j)`, where `x` is the input with `up − 1`
/// zeros after every sample. With `advance` in the middle of symmetric taps nothing is delayed; with 0 nothing of the future is needed.
public struct ResamplingFilter: Sendable, Hashable {
  /// The impulse response; its sum is the numerator `up` of the ratio for a gain of 1.
  public let taps: [Double]
  /// Steps of `1 / up` input samples that the filter looks ahead.
  public let advance: Int

  /// Makes a filter of taps.
  ///
  /// - Parameters:
  ///   - taps: At least one.
  ///   - advance: 0…`taps.count − 1`.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(taps: [Double], advance: Int) throws(SignalError) {
    guard !taps.isEmpty, taps.indices.contains(advance) else {
      throw SignalError(
        .invalidLength, "a resampling filter of \(taps.count) taps that looks \(advance) ahead; expected at least 1 tap, and fewer steps")
    }
    self.init(unchecked: taps, advance: advance)
  }

  private init(unchecked taps: [Double], advance: Int) {
    self.taps = taps
    self.advance = advance
  }

  /// The usual filter of a ratio: a windowed sinc of `20 · max(up, down) + 1` taps, cut off at the lower of the two Nyquist frequencies, a
  /// Kaiser window with β = 5; zero phase.
  ///
  /// The default filter of `scipy.signal.resample_poly`. A ratio of 1 hands samples through.
  public static func antiAliasing(for ratio: ResamplingRatio) -> ResamplingFilter {
    let largest = max(ratio.up, ratio.down)
    guard largest > 1 else { return ResamplingFilter(unchecked: [1], advance: 0) }
    let half = 10 * largest
    let taps = windowedSinc(halfLength: Double(half), cutoff: 1 / Double(largest), count: 2 * half + 1) { position in
      Taper.bessel(5 * max(0, 1 - position * position).squareRoot()) / Taper.bessel(5)
    }
    return ResamplingFilter(unchecked: taps.map { $0 * Double(ratio.up) }, advance: half)
  }

  /// The FIR filter of a decimation: a windowed sinc of `order + 1` taps, cut off at the new Nyquist frequency, a Hamming window.
  ///
  /// The filter of `scipy.signal.decimate` with `ftype="fir"`, whose order is `20 · factor`.
  ///
  /// - Parameters:
  ///   - factor: Input samples for each output sample, at least 1.
  ///   - order: Number of taps less one; nil for `20 · factor`.
  ///   - isCausal: Whether the filter looks only at the past (delays by half its order) instead of having zero phase.
  /// - Throws: `SignalError` with `.invalidParameter` or `.invalidOrder`.
  public static func decimation(factor: Int, order: Int? = nil, isCausal: Bool = false) throws(SignalError) -> ResamplingFilter {
    let ratio = try ResamplingRatio(up: 1, down: factor)
    let order = order ?? 20 * ratio.down
    guard (1...(20 * ResamplingRatio.largestTerm)).contains(order) else {
      throw SignalError(.invalidOrder, "the order of a decimation's FIR filter is \(order); expected 1…\(20 * ResamplingRatio.largestTerm)")
    }
    let taps = windowedSinc(halfLength: Double(order) / 2, cutoff: 1 / Double(factor), count: order + 1) { position in
      0.54 + 0.46 * cos(Double.pi * position)
    }
    return ResamplingFilter(unchecked: taps, advance: isCausal ? 0 : order / 2)
  }

  /// `cutoff · sinc(cutoff · (k − halfLength)) · window`, scaled to a sum of 1; symmetric to the last bit.
  ///
  /// **Source:** Oppenheim & Schafer 2010, "Discrete-time signal processing", section 7.5.
  ///
  /// - Parameters:
  ///   - cutoff: As a part of the Nyquist frequency.
  ///   - window: Value of the window at −1…1.
  private static func windowedSinc(halfLength: Double, cutoff: Double, count: Int, window: (Double) -> Double) -> [Double] {
    var taps = [Double](repeating: 0, count: count)
    for k in 0...(count / 2) where k < count {
      let place = Double(k) - halfLength
      let angle = Double.pi * cutoff * place
      let value = (angle == 0 ? 1 : sin(angle) / angle) * cutoff * window(halfLength == 0 ? 0 : place / halfLength)
      taps[k] = value
      taps[count - 1 - k] = value
    }
    let sum = taps.reduce(0, +)
    return taps.map { $0 / sum }
  }
}
