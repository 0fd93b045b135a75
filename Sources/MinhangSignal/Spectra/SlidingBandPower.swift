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
  private var meter: BandMeter

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
    let periodogram = try Periodogram(
      sampleRate: sampleRate, windowLength: windowLength, transformLength: nil, taper: taper, detrend: detrend)
    cutter = try WindowCutter(windowLength: windowLength, step: step, channelCount: channelCount)
    meter = BandMeter(periodogram: periodogram, channelCount: channelCount, bands: bands, scale: scale)
    self.channelCount = channelCount
    self.bands = bands
    self.scale = scale
  }

  /// Takes a block of the signal, which stays as it is, and calls `body` for every window that it completes, in order.
  ///
  /// Allocates nothing: the values lie in the stage.
  ///
  /// - Precondition: the block has `channelCount` channels.
  /// - Parameters:
  ///   - block: `[channels × samples]`.
  ///   - body: Gets each window's values; the reading must not be kept.
  public mutating func process(_ block: SignalBlock, _ body: (BandPowerReading) -> Void) {
    let (windowLength, step) = (cutter.windowLength, cutter.step)
    cutter.add(block) { run in
      for i in 0..<run.count {
        meter.measure(run.samples + i * step, stride: run.stride, channelCount: channelCount)
        meter.values.withUnsafeBufferPointer { values in
          guard let base = values.baseAddress else { return }
          body(
            BandPowerReading(
              firstSample: run.firstSample + i * step, sampleCount: windowLength, segment: block.segment, channelCount: channelCount,
              bandCount: bands.count, values: base, strides: (bands.count, 1), divisor: 1))
        }
      }
    }
  }

  /// Takes a block of the signal and returns the windows that it completes, in order; allocates for them.
  ///
  /// - Precondition: the block has `channelCount` channels.
  public mutating func add(_ block: SignalBlock) -> [BandPowerWindow] {
    var windows: [BandPowerWindow] = []
    process(block) { windows.append(BandPowerWindow($0)) }
    return windows
  }
}
