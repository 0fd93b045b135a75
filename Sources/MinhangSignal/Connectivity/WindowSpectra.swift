import CMinhangKernels

/// The complex spectra of one window of all channels under all tapers.
struct WindowSpectra: Sendable {
  let channelCount: Int
  let windowLength: Int
  let detrend: Detrend
  let transform: RealFourierTransform
  /// `[tapers × samples]`, multiplied so that the sum of squared magnitudes over tapers is a two-sided density.
  let tapers: [Double]
  /// `[channels × tapers × bins × 2]`.
  private(set) var values: [Double]
  private var scratch: FourierScratch

  var taperCount: Int { tapers.count / windowLength }

  init(
    sampleRate: Double, channelCount: Int, windowLength: Int, tapering: ConnectivityEstimator.Tapering, detrend: Detrend
  ) throws(SignalError) {
    transform = try RealFourierTransform(length: windowLength)
    switch tapering {
    case .single(let taper):
      let weights = taper.coefficients(count: windowLength)
      let factor = 1 / (sampleRate * weights.reduce(0) { $0 + $1 * $1 }).squareRoot()
      tapers = weights.map { $0 * factor }
    case .multitaper(let bandwidth, let lowBias):
      let all = try MultitaperEstimator.tapers(sampleRate: sampleRate, length: windowLength, bandwidth: bandwidth, lowBias: lowBias)
      let sum = all.concentrations.reduce(0, +)
      tapers = all.scaled(by: all.concentrations.map { ($0 / (sum * sampleRate)).squareRoot() })
    }
    self.channelCount = channelCount
    self.windowLength = windowLength
    self.detrend = detrend
    scratch = FourierScratch(length: windowLength)
    values = [Double](repeating: 0, count: channelCount * (tapers.count / windowLength) * transform.binCount * 2)
  }

  /// Replaces the spectra by those of a window; channel `c` starts at `first + c * stride`.
  mutating func take(_ first: UnsafePointer<Double>, stride: Int) {
    let (length, count, width, perChannel) = (windowLength, channelCount, transform.binCount * 2, taperCount)
    let (tapers, transform, detrend) = (tapers, transform, detrend)
    values.withUnsafeMutableBufferPointer { values in
      var target = values.baseAddress!
      scratch.withBuffers { tapered, spectrum in
        tapers.withUnsafeBufferPointer { tapers in
          for c in 0..<count {
            let samples = first + c * stride
            let line = detrend.line(through: samples, count: length)
            for k in 0..<perChannel {
              minhang_taper(samples, tapers.baseAddress! + k * length, length, line.level, line.slope, tapered)
              transform.forward(tapered, into: spectrum)
              target.update(from: spectrum, count: width)
              target += width
            }
          }
        }
      }
    }
  }
}
