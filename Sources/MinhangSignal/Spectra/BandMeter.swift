/// From windows of a signal to their band powers, in memory that is taken once.
struct BandMeter: Sendable {
  /// `[channels × bands]`: the values of the last window.
  private(set) var values: [Double]

  private var periodogram: Periodogram
  private let bands: [ClosedRange<Double>]
  private let scale: BandPowerScale
  /// The density of one channel, µV²/Hz.
  private var density: [Double]

  init(periodogram: Periodogram, channelCount: Int, bands: [ClosedRange<Double>], scale: BandPowerScale) {
    self.periodogram = periodogram
    self.bands = bands
    self.scale = scale
    density = [Double](repeating: 0, count: periodogram.binCount)
    values = [Double](repeating: 0, count: channelCount * bands.count)
  }

  /// Puts the powers of one window into `values`; channel `c` starts at `samples + c * stride`.
  mutating func measure(_ samples: UnsafePointer<Double>, stride: Int, channelCount: Int) {
    let (frequencies, resolution) = (periodogram.frequencies, periodogram.resolution)
    let all = 0...(frequencies.last ?? 0)
    for c in 0..<channelCount {
      density.withUnsafeMutableBufferPointer { density in
        density.update(repeating: 0)
        periodogram.accumulate(samples + c * stride, into: density.baseAddress!)
        periodogram.scale(density)
        let finished = UnsafeBufferPointer(density)
        for b in bands.indices {
          let power = BandIntegral.power(of: finished, frequencies: frequencies, resolution: resolution, bands[b])
          values[c * bands.count + b] = scale.value(power) {
            BandIntegral.power(of: finished, frequencies: frequencies, resolution: resolution, all)
          }
        }
      }
    }
  }
}
