import MinhangCore

/// The power of some bands in one window of a time course.
public struct BandPowerWindow: Sendable, Hashable {
  /// Index of the window's first sample.
  public let firstSample: Int
  /// Number of samples of the window.
  public let sampleCount: Int
  /// Segment that the window lies in.
  public let segment: Int
  /// `[channels × bands]`, in the unit of the scale that was asked for.
  public let values: [Double]

  private let bandCount: Int

  init(firstSample: Int, sampleCount: Int, segment: Int, values: [Double], bandCount: Int) {
    self.firstSample = firstSample
    self.sampleCount = sampleCount
    self.segment = segment
    self.values = values
    self.bandCount = bandCount
  }

  /// One value.
  public subscript(channel channel: Int, band band: Int) -> Double {
    precondition(band >= 0 && band < bandCount, "band \(band) of \(bandCount)")
    return values[channel * bandCount + band]
  }
}

/// A time course of band power: one tapered periodogram for every window, integrated as `PowerSpectrum.bandPower` does.
///
/// Streaming: the same bits for any cutting into blocks and any number of channels beside. A window never spans a gap: a block of another
/// segment, or one whose first sample does not follow on the last, starts the windowing anew at its first sample.
public struct SlidingBandPower: Sendable {
  /// Number of channels of every block.
  public let channelCount: Int
  /// Edges of each band, Hz.
  public let bands: [ClosedRange<Double>]
  /// The scale of the values.
  public let scale: BandPowerScale

  private var cutter: WindowCutter
  private var periodogram: Periodogram

  /// Makes a time course.
  ///
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - channelCount: Number of channels, at least 1.
  ///   - bands: Edges of each band, Hz.
  ///   - windowLength: Samples of a window, at least 2.
  ///   - step: Samples from one window's start to the next one's, at least 1; may exceed the window.
  ///   - scale: Absolute, relative or decibels.
  ///   - taper: What each window is multiplied by.
  ///   - detrend: What is taken off each window first.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidFrequency`.
  public init(
    sampleRate: Double, channelCount: Int, bands: [ClosedRange<Double>], windowLength: Int, step: Int, scale: BandPowerScale = .absolute,
    taper: Taper = .hann, detrend: Detrend = .constant
  ) throws(SignalError) {
    guard windowLength >= 2 else {
      throw SignalError(.invalidLength, "the window of a time course is \(windowLength) samples; expected at least 2")
    }
    periodogram = try Periodogram(
      sampleRate: sampleRate, windowLength: windowLength, transformLength: nil, taper: taper, detrend: detrend)
    cutter = try WindowCutter(windowLength: windowLength, step: step, channelCount: channelCount)
    self.channelCount = channelCount
    self.bands = bands
    self.scale = scale
  }

  /// Takes a block of the signal and returns the windows that it completes, in order.
  ///
  /// - Precondition: the block has `channelCount` channels.
  public mutating func add(_ block: SignalBlock) -> [BandPowerWindow] {
    var windows: [BandPowerWindow] = []
    let (windowLength, step) = (cutter.windowLength, cutter.step)
    cutter.add(block) { run in
      for i in 0..<run.count {
        let spectrum = periodogram.spectrum(of: run.samples + i * step, stride: run.stride, channelCount: channelCount)
        windows.append(
          BandPowerWindow(
            firstSample: run.firstSample + i * step, sampleCount: windowLength, segment: block.segment,
            values: (0..<channelCount).flatMap { c in bands.map { spectrum.bandPower($0, channel: c, scale: scale) } },
            bandCount: bands.count))
      }
    }
    return windows
  }
}
