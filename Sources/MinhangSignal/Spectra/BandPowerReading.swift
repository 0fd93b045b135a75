/// The band powers of one window, for as long as the call that hands them out.
public struct BandPowerReading {
  /// Index of the window's first sample.
  public let firstSample: Int
  /// Number of samples of the window.
  public let sampleCount: Int
  /// Segment that the window lies in.
  public let segment: Int
  /// Number of channels.
  public let channelCount: Int
  /// Number of bands.
  public let bandCount: Int

  let values: UnsafePointer<Double>
  /// Distance from a channel's value to the next channel's, and from a band's to the next band's.
  let strides: (channel: Int, band: Int)
  /// What the values are divided by.
  let divisor: Double

  /// The power of one channel and band, in the unit of the scale that was asked for; µV² unless another was.
  public subscript(channel channel: Int, band band: Int) -> Double {
    precondition(channel >= 0 && channel < channelCount, "channel \(channel) of \(channelCount)")
    precondition(band >= 0 && band < bandCount, "band \(band) of \(bandCount)")
    return values[channel * strides.channel + band * strides.band] / divisor
  }

  /// Writes all values, `[channels × bands]`.
  ///
  /// - Precondition: there is room for `channelCount · bandCount` values.
  public func copy(to target: UnsafeMutableBufferPointer<Double>) {
    precondition(target.count >= channelCount * bandCount, "room for \(target.count) values; expected \(channelCount * bandCount)")
    for c in 0..<channelCount {
      for b in 0..<bandCount { target[c * bandCount + b] = values[c * strides.channel + b * strides.band] / divisor }
    }
  }
}

extension BandPowerWindow {
  /// A reading that may be kept; allocates for it.
  public init(_ reading: BandPowerReading) {
    self.init(
      firstSample: reading.firstSample, sampleCount: reading.sampleCount, segment: reading.segment,
      values: (0..<reading.channelCount).flatMap { c in (0..<reading.bandCount).map { reading[channel: c, band: $0] } },
      bandCount: reading.bandCount)
  }
}
