import ArgumentParser
import MinhangBCI

/// The ways of `psd --aperiodic`.
enum AperiodicAlgorithm: String, CaseIterable, ExpressibleByArgument {
  case specparam, irasa
}

extension AperiodicComponent.Mode: ExpressibleByArgument {}

/// What the separation of a spectrum into an aperiodic component and peaks can be told.
struct AperiodicOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Print each channel's aperiodic component, and with specparam its peaks: specparam (fits the spectrum) or irasa (resamples the signal).",
      discussion: "Over --range, 1-40 Hz where none is given. power of a peak is in log10 units above the aperiodic component."))
  var aperiodic: AperiodicAlgorithm?
  @Option(help: "Shape of the aperiodic component: fixed (a line) or knee; irasa knows fixed alone.")
  var aperiodicMode = AperiodicComponent.Mode.fixed
  @Option(help: "specparam: least and greatest bandwidth of a peak, LO-HI hertz.")
  var peakWidths = BandArgument(argument: "0.5-12")!
  @Option(help: "specparam: most peaks of a channel.")
  var maxPeaks: Int?
  @Option(help: "specparam: least height of a peak, log10 units.")
  var minPeakHeight = 0.0
  @Option(help: "specparam: least height of a peak, standard deviations of the flattened spectrum.")
  var peakThreshold = 2.0

  func validate() throws {
    if aperiodic == .irasa, aperiodicMode == .knee { throw ValidationError("--aperiodic irasa fits a line; --aperiodic-mode is knee") }
    if aperiodic == nil, aperiodicMode == .knee { throw ValidationError("--aperiodic-mode needs --aperiodic") }
    if let maxPeaks, maxPeaks < 0 { throw ValidationError("--max-peaks is \(maxPeaks); expected 0 or more") }
    guard minPeakHeight >= 0, minPeakHeight.isFinite else {
      throw ValidationError("--min-peak-height is \(minPeakHeight); expected 0 or more")
    }
    guard peakThreshold > 0, peakThreshold.isFinite else {
      throw ValidationError("--peak-threshold is \(peakThreshold); expected more than 0")
    }
    guard peakWidths.range.lowerBound > 0 else { throw ValidationError("--peak-widths begins at 0; expected more") }
  }

  /// The range to fit: the one asked for, or 1…40 Hz, within what the rate allows.
  private func fitted(_ range: ClosedRange<Double>?, sampleRate: Double) -> ClosedRange<Double> {
    range ?? (min(1, sampleRate / 8)...min(40, sampleRate / 2))
  }

  /// The parameters of a spectrum's channels.
  func parameterized(
    _ spectrum: PowerSpectrum, of recording: OpenedRecording, range: ClosedRange<Double>?, method: SpectrumMethod
  ) throws -> AperiodicFits {
    let range = fitted(range, sampleRate: recording.sampleRate)
    let settings = SpectralParameterization.Settings(
      mode: aperiodicMode, bandwidths: peakWidths.range, maximumPeaks: maxPeaks ?? .max, minimumHeight: minPeakHeight,
      threshold: peakThreshold)
    var fits = AperiodicFits(
      algorithm: .specparam, method: method, mode: aperiodicMode, range: range, windows: spectrum.windowCount)
    for (c, channel) in recording.chosen.enumerated() {
      do throws(SignalError) {
        let fit = try SpectralParameterization(spectrum, channel: c, range: range, settings: settings)
        fits.channels.append(
          .init(
            name: channel.name, component: fit.aperiodic, determination: fit.determination, converged: fit.converged, peaks: fit.peaks))
      } catch {
        throw failure(error, channel, recording)
      }
    }
    return fits
  }

  /// The aperiodic components by irregular resampling of the longest unbroken stretch, a channel at a time.
  func resampled(
    _ recording: OpenedRecording, window: Double, range: ClosedRange<Double>?, options: WelchOptions, threads: Int, _ console: Console
  ) throws -> AperiodicFits {
    let parts = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples) }
    let longest = parts.reduce(parts[0]) { $1.count > $0.count ? $1 : $0 }
    let others = parts.reduce(0) { $0 + $1.count } - longest.count
    if others > 0 { console.warn("\(recording.path): irasa takes the longest unbroken stretch; \(others) samples of others are left out") }
    let length = try recording.windowLength(window)
    let range = fitted(range, sampleRate: recording.sampleRate)
    let estimator = try IRASAEstimator(
      sampleRate: recording.sampleRate, windowLength: length, taper: Taper(name: options.taper)!,
      average: SpectrumAverage(rawValue: options.average)!, threads: threads)
    var fits = AperiodicFits(algorithm: .irasa, method: .welch, mode: .fixed, range: range, windows: 0)
    var reader = recording.reader
    var block = SignalBlock(channelCount: 1, sampleCount: 0)
    for (place, channel) in zip(recording.channels, recording.chosen) {
      try reader.read(longest, of: [place], into: &block)
      do throws(SignalError) {
        let parts = try estimator.parts(of: block)
        let component = parts.component(channel: 0, range: range)
        fits.windows = parts.mixed.windowCount
        let determination = parts.determination(of: component, channel: 0, range: range)
        fits.channels.append(.init(name: channel.name, component: component, determination: determination, converged: true))
      } catch {
        throw failure(error, channel, recording)
      }
    }
    return fits
  }

  private func failure(_ error: SignalError, _ channel: Channel, _ recording: OpenedRecording) -> CommandFailure {
    CommandFailure(.badData, "\(recording.path): channel \(channel.name.quotedForDisplay()): \(error.description)")
  }
}
