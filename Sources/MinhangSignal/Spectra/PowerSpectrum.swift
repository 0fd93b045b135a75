/// One-sided power spectral densities of some channels, in µV²/Hz (the square of the channels' unit per hertz).
///
/// `[channels × frequencies]`. A spectrum of no window is empty: no frequencies, and every power is NaN.
public struct PowerSpectrum: Sendable, Hashable {
  /// Centre of each bin, Hz, from 0.
  public let frequencies: [Double]
  /// Number of channels.
  public let channelCount: Int
  /// Distance between bins, Hz.
  public let resolution: Double
  /// Number of windows averaged.
  public let windowCount: Int

  private let densities: [Double]

  /// Makes a spectrum.
  ///
  /// - Parameters:
  ///   - frequencies: Centres of the bins, Hz, evenly spaced from 0.
  ///   - resolution: Distance between bins, Hz.
  ///   - densities: `[channels × frequencies]`, µV²/Hz.
  ///   - channelCount: Number of channels.
  ///   - windowCount: Number of windows averaged.
  public init(frequencies: [Double], resolution: Double, densities: [Double], channelCount: Int, windowCount: Int) {
    precondition(densities.count == frequencies.count * channelCount, "\(densities.count) densities for \(channelCount) channels")
    self.frequencies = frequencies
    self.resolution = resolution
    self.densities = densities
    self.channelCount = channelCount
    self.windowCount = windowCount
  }

  /// Whether there is no bin: nothing was long enough for a window.
  public var isEmpty: Bool { frequencies.isEmpty }

  /// The density of one bin, µV²/Hz.
  public subscript(channel channel: Int, frequency index: Int) -> Double {
    precondition(frequencies.indices.contains(index), "frequency \(index) of \(frequencies.count)")
    return densities[channel * frequencies.count + index]
  }

  /// One channel's densities, µV²/Hz.
  public func channel(_ channel: Int) -> ArraySlice<Double> {
    precondition(channel >= 0 && channel < channelCount, "channel \(channel) of \(channelCount)")
    return densities[(channel * frequencies.count)..<((channel + 1) * frequencies.count)]
  }
}
