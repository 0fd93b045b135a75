import ArgumentParser
import MinhangBCI

/// The estimators that `psd --method` names.
enum SpectrumMethod: String, CaseIterable, ExpressibleByArgument {
  case welch, multitaper, periodogram, burg
}

/// What the estimators other than Welch's can be told.
struct SpectrumMethodOptions: ParsableArguments {
  @Option(help: "Multitaper: full bandwidth, Hz; default 8 bins of the window.")
  var bandwidth: Double?
  @Flag(help: "Multitaper: weigh the tapers anew at each frequency (Thomson).")
  var adaptive = false
  @Option(help: "Burg: order of the autoregressive model.")
  var modelOrder = 16

  func validate() throws {
    if let bandwidth, !(bandwidth > 0 && bandwidth.isFinite) {
      throw ValidationError("--bandwidth is \(bandwidth); expected hertz above 0")
    }
    guard (1...1000).contains(modelOrder) else { throw ValidationError("--model-order is \(modelOrder); expected 1…1000") }
  }

  /// An estimator of windows of so many samples; nil for Welch's, which streams.
  func estimator(
    _ method: SpectrumMethod, sampleRate: Double, length: Int, taper: Taper, detrend: Detrend
  ) throws(SignalError) -> (any SpectrumEstimator)? {
    switch method {
    case .welch: nil
    case .multitaper:
      try MultitaperEstimator(
        sampleRate: sampleRate, length: length, bandwidth: bandwidth, weighting: adaptive ? .adaptive() : .concentration, detrend: detrend)
    case .periodogram: PeriodogramEstimator(sampleRate: sampleRate, taper: taper, detrend: detrend)
    case .burg: try BurgEstimator(sampleRate: sampleRate, order: modelOrder, detrend: detrend)
    }
  }
}

extension OpenedRecording {
  /// The mean of an estimator's densities over windows that overlap; no window spans a gap.
  ///
  /// Each channel is read and estimated by itself, so that memory is bounded by the window, and the bits do not depend on the workers.
  func spectrum(
    _ estimator: any SpectrumEstimator, windowLength: Int, step: Int, threads: Int, progress: ProgressBar
  ) throws -> PowerSpectrum {
    let starts = timeline.segments.flatMap { segment -> [Int] in
      let part = segment.sampleRange.clamped(to: samples)
      return Array(stride(from: part.lowerBound, through: part.upperBound - windowLength, by: step))
    }
    let spectra = try concurrentMap(count: channels.count, threads: threads) { (place) throws(any Error) in
      var reader = reader
      var block = SignalBlock(channelCount: 1, sampleCount: windowLength)
      var sum: [Double] = []
      var last: PowerSpectrum?
      for start in starts {
        try reader.read(start..<(start + windowLength), of: [channels[place]], into: &block)
        let spectrum = try estimator.spectrum(of: block)
        if sum.isEmpty { sum = [Double](repeating: 0, count: spectrum.frequencies.count) }
        for (bin, density) in spectrum.channel(0).enumerated() { sum[bin] += density }
        last = spectrum
      }
      progress.update(place + 1)
      guard let last else { preconditionFailure("no window of \(windowLength) samples in \(samples)") }
      return PowerSpectrum(
        frequencies: last.frequencies, resolution: last.resolution, densities: sum.map { $0 / Double(starts.count) }, channelCount: 1,
        windowCount: starts.count)
    }
    return PowerSpectrum(joining: spectra)
  }
}

extension PowerSpectrum {
  /// The channels of several spectra of one kind, one after the other.
  init(joining spectra: [PowerSpectrum]) {
    let first = spectra[0]
    var densities: [Double] = []
    densities.reserveCapacity(first.frequencies.count * spectra.reduce(0) { $0 + $1.channelCount })
    for spectrum in spectra { for c in 0..<spectrum.channelCount { densities += spectrum.channel(c) } }
    self.init(
      frequencies: first.frequencies, resolution: first.resolution, densities: densities,
      channelCount: spectra.reduce(0) { $0 + $1.channelCount }, windowCount: first.windowCount)
  }
}
