extension RunningBandPower {
  /// The readings of one window, for as long as the call that hands it out.
  public struct Reading {
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

    let sums: UnsafePointer<Double>
    let width: Int

    /// The band power of one channel, µV².
    public subscript(channel channel: Int, band band: Int) -> Double {
      precondition(channel >= 0 && channel < channelCount, "channel \(channel) of \(channelCount)")
      precondition(band >= 0 && band < bandCount, "band \(band) of \(bandCount)")
      return sums[band * width + channel] / Double(sampleCount)
    }

    /// Writes all values, `[channels × bands]`, µV².
    ///
    /// - Precondition: there is room for `channelCount · bandCount` values.
    public func copy(to values: UnsafeMutableBufferPointer<Double>) {
      precondition(values.count >= channelCount * bandCount, "room for \(values.count) values; expected \(channelCount * bandCount)")
      for c in 0..<channelCount {
        for b in 0..<bandCount { values[c * bandCount + b] = sums[b * width + c] / Double(sampleCount) }
      }
    }
  }
}
