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
  /// Centre of each bin, Hz.
  let frequencies: [Double]
  /// From `|X[k]|²` to the one-sided density: `1 / (sampleRate · Σ taper²)`, doubled except where a bin is its own mirror image (frequency 0 and
  /// half the sampling rate).
  private let scales: [Double]
  private let transform: RealFourierTransform
  private var scratch: FourierScratch

  var binCount: Int { transform.binCount }
  /// Distance between bins, Hz.
  var resolution: Double { sampleRate / Double(transformLength) }

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
    let coefficients = taper.coefficients(count: windowLength)
    let scale = 1 / (sampleRate * coefficients.reduce(0) { $0 + $1 * $1 })
    scales = (0...(length / 2)).map { k in k == 0 || 2 * k == length ? scale : 2 * scale }
    frequencies = (0...(length / 2)).map { Double($0) * sampleRate / Double(length) }
    self.taper = coefficients
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
    // Where windows overlap by a whole share, neighbours have parts in common: each part is summed once. A window's mean is made of the sums of its
    // parts in order, whether they were at hand or not, so that its bits do not depend on its neighbours.
    let parts = detrend == .constant && step > 0 && length % step == 0 && length / step <= Self.mostParts ? length / step : 1
    scratch.withBuffers { samples, output in
      taper.withUnsafeBufferPointer { taper in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.mostParts) { sums in
          for i in 0..<count {
            let window = first + i * step
            var line: (level: Double, slope: Double) = (0, 0)
            if parts > 1 {
              let known = i == 0 ? 0 : parts - 1
              for p in known..<parts { sums[(i + p) % parts] = minhang_sum(window + p * step, step) }
              for p in 0..<parts { line.level += sums[(i + p) % parts] }
              line.level /= Double(length)
            } else {
              line = detrend.line(through: window, count: length)
            }
            // The rest of `samples`, up to the transform's length, stays zero for ever.
            minhang_taper(window, taper.baseAddress, length, line.level, line.slope, samples)
            transform.forward(samples, into: output)
            minhang_add_power(output, bins, power)
          }
        }
      }
    }
  }

  /// Most parts that a window's mean is put together of.
  private static let mostParts = 16

  /// Turns `|X|²` of one window in every bin into the density, in place.
  func scale(_ power: UnsafeMutableBufferPointer<Double>) {
    for k in 0..<binCount { power[k] = power[k] * scales[k] }
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
    guard windowCount > 0 else {
      return PowerSpectrum(frequencies: [], resolution: resolution, densities: [], channelCount: channelCount, windowCount: 0)
    }
    let bins = binCount
    let densities = [Double](unsafeUninitializedCapacity: channelCount * bins) { densities, count in
      for c in 0..<channelCount {
        for k in 0..<bins { densities[c * bins + k] = power[c * bins + k] / Double(windowCount) * scales[k] }
      }
      count = channelCount * bins
    }
    return PowerSpectrum(
      frequencies: frequencies, resolution: resolution, densities: densities, channelCount: channelCount, windowCount: windowCount)
  }
}
