import CMinhangKernels

/// The way from one window of one channel to its power in every bin: detrend, taper, transform, square.
///
/// Shared by all estimators.
struct Periodogram: Sendable {
  let windowLength: Int
  let transformLength: Int
  let sampleRate: Double
  let detrend: Detrend
  let taper: [Double]
  private let transform: RealFourierTransform
  private var scratch: FourierScratch

  var binCount: Int { transform.binCount }
  /// Centre of each bin, Hz.
  var frequencies: [Double] { (0..<binCount).map { Double($0) * sampleRate / Double(transformLength) } }

  init(sampleRate: Double, windowLength: Int, transformLength: Int?, taper: Taper, detrend: Detrend) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a spectrum is \(sampleRate) Hz; expected a positive, finite number")
    }
    guard windowLength >= 1 else {
      throw SignalError(.invalidLength, "the window of a spectrum is \(windowLength) samples; expected at least 1")
    }
    let length = transformLength ?? windowLength
    guard length >= windowLength else {
      throw SignalError(.invalidLength, "the transform of a spectrum is \(length) samples; expected at least the window's \(windowLength)")
    }
    transform = try RealFourierTransform(length: length)
    self.taper = taper.coefficients(count: windowLength)
    self.windowLength = windowLength
    self.transformLength = length
    self.sampleRate = sampleRate
    self.detrend = detrend
    scratch = FourierScratch(length: length)
  }

  /// Adds `|X[k]|²` of some windows of one channel, each `step` samples after the one before, to `power[k]`, window after window.
  mutating func accumulate(
    _ first: UnsafePointer<Double>, count: Int = 1, step: Int = 0, into power: UnsafeMutablePointer<Double>
  ) {
    let (length, transform, bins, detrend) = (windowLength, transform, binCount, detrend)
    scratch.withBuffers { samples, output in
      taper.withUnsafeBufferPointer { taper in
        for i in 0..<count {
          let window = first + i * step
          let line = detrend.line(through: window, count: length)
          // The rest of `samples`, up to the transform's length, stays zero for ever.
          minhang_taper(window, taper.baseAddress, length, line.level, line.slope, samples)
          transform.forward(samples, into: output)
          minhang_add_power(output, bins, power)
        }
      }
    }
  }

  /// One-sided density from the sum of powers of some windows: `Σ|X|² / (windows · sampleRate · Σ taper²)`, doubled except where a bin is its own
  /// mirror image (frequency 0 and half the sampling rate).
  private func density(ofPower power: some Sequence<Double>, windowCount: Int) -> [Double] {
    let scale = 1 / (sampleRate * taper.reduce(0) { $0 + $1 * $1 })
    let lastIsOwnMirror = transformLength % 2 == 0
    return power.enumerated().map { k, sum in
      let isOwnMirror = k == 0 || (lastIsOwnMirror && k == binCount - 1)
      return sum / Double(windowCount) * scale * (isOwnMirror ? 1 : 2)
    }
  }

  /// The spectrum of one window of some channels, channel `c` starting at `samples + c * stride`.
  mutating func spectrum(of samples: UnsafePointer<Double>, stride: Int, channelCount: Int) -> PowerSpectrum {
    var power = [Double](repeating: 0, count: channelCount * binCount)
    power.withUnsafeMutableBufferPointer { power in
      for c in 0..<channelCount { accumulate(samples + c * stride, into: power.baseAddress! + c * binCount) }
    }
    return spectrum(ofPower: power, channelCount: channelCount, windowCount: 1)
  }

  /// The spectrum from the sums of `|X|²` over some windows, `[channels × bins]`; an empty one if there was no window.
  func spectrum(ofPower power: [Double], channelCount: Int, windowCount: Int) -> PowerSpectrum {
    let densities = (0..<(windowCount == 0 ? 0 : channelCount)).flatMap { c in
      density(ofPower: power[(c * binCount)..<((c + 1) * binCount)], windowCount: windowCount)
    }
    return PowerSpectrum(
      frequencies: windowCount == 0 ? [] : frequencies, resolution: sampleRate / Double(transformLength), densities: densities,
      channelCount: channelCount, windowCount: windowCount)
  }
}
