import ArgumentParser
import MinhangBCI

/// How spectra are estimated: shared by `psd` and `bandpower`.
struct WelchOptions: ParsableArguments {
  @Option(help: "Share of a window that the next one overlaps, 0 ≤ x < 1.")
  var overlap = 0.5
  @Option(help: "Taper: hann, hamming, blackman, boxcar, kaiser:BETA, …")
  var taper = "hann"
  @Option(help: "Mean or median of Welch's windows.")
  var average = SpectrumAverage.mean.rawValue
  @Option(help: "What is taken off each window: none, constant or linear.")
  var detrend = "constant"
  @Flag(help: "Keep channels that fail the input check.")
  var keepBad = false

  func validate() throws {
    guard (0..<1).contains(overlap) else { throw ValidationError("--overlap is \(overlap); expected 0 ≤ overlap < 1") }
    guard Taper(name: taper) != nil else {
      throw ValidationError(
        "--taper is \(taper.quotedForDisplay()); expected one of \(Taper.standard.map(\.description).joined(separator: ", "))")
    }
    guard SpectrumAverage(rawValue: average) != nil else {
      throw ValidationError("--average is \(average.quotedForDisplay()); expected mean or median")
    }
    guard Detrend(rawValue: detrend) != nil else {
      throw ValidationError("--detrend is \(detrend.quotedForDisplay()); expected none, constant or linear")
    }
  }

  /// The spectrum of a recording's chosen channels.
  ///
  /// Each worker reads and transforms its own share of the channels, so the bits do not depend on their number.
  ///
  /// - Parameters:
  ///   - seconds: Length of a window; nil for the longest unbroken stretch.
  ///   - method: The estimator; `methodOptions` are its numbers.
  /// - Throws: `CommandFailure` if no unbroken stretch holds a window.
  func spectrum(
    _ recording: OpenedRecording, window seconds: Double?, method: SpectrumMethod = .welch,
    methodOptions: SpectrumMethodOptions = SpectrumMethodOptions(), threads: Int, console: Console
  ) throws -> PowerSpectrum {
    PowerSpectrum(
      joining: try spectra(recording, window: seconds, method: method, methodOptions: methodOptions, threads: threads, console: console) {
        $0
      })
  }

  /// What is made of the spectra of a recording's chosen channels, some channels at a time and in order: where that is small, so is the memory.
  ///
  /// See `spectrum(_:window:method:methodOptions:threads:console:)`.
  func spectra<Summary: Sendable>(
    _ recording: OpenedRecording, window seconds: Double?, method: SpectrumMethod = .welch,
    methodOptions: SpectrumMethodOptions = SpectrumMethodOptions(), threads: Int, console: Console,
    _ summary: @Sendable (PowerSpectrum) -> Summary
  ) throws -> [Summary] {
    let windowLength = try recording.windowLength(seconds)
    let overlap = min(windowLength - 1, Int((overlap * Double(windowLength)).rounded(.down)))
    let (taper, detrend) = (Taper(name: taper)!, Detrend(rawValue: detrend)!)
    let estimator = try methodOptions.estimator(
      method, sampleRate: recording.sampleRate, length: windowLength, taper: taper, detrend: detrend)
    if let estimator {
      let progress = console.progress("spectrum", total: recording.channels.count)
      defer { progress.clear() }
      let spectrum = try recording.spectrum(
        estimator, windowLength: windowLength, step: windowLength - overlap, threads: threads, progress: progress)
      return [summary(spectrum)]
    }
    let progress = console.progress("spectrum", total: recording.samples.count)
    defer { progress.clear() }
    // A window, and a sum for each of its bins.
    let shares = recording.shares(of: threads, bytesPerChannel: 12 * windowLength)
    return try concurrentMap(count: shares.count, threads: threads) { (share) throws(any Error) in
      var estimator = try WelchEstimator(
        sampleRate: recording.sampleRate, channelCount: shares[share].count, windowLength: windowLength, overlap: overlap, taper: taper,
        detrend: detrend, average: SpectrumAverage(rawValue: average)!)
      try recording.forEachBlock(of: shares[share]) { block in
        estimator.add(block)
        if share == 0 { progress.update(block.sampleRange.upperBound - recording.samples.lowerBound) }
      }
      return summary(estimator.spectrum())
    }
  }
}

/// `minhang psd`: power spectral densities.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "psd", abstract: "Estimate power spectral densities, one-sided, µV²/Hz.",
    discussion: """
      minhang psd run.edf --channels C3,Cz,C4 --range 1-45
      minhang psd run.edf --aperiodic specparam --range 2-40 --aperiodic-mode knee     # offset, knee, exponent and peaks of each channel

      Windows never span a gap of the recording. --aperiodic prints parameters of the spectrum in place of it.
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "Estimator: welch, multitaper, periodogram or burg.")
  var method = SpectrumMethod.welch
  @Option(help: "Length of a window, seconds. Default 2 for welch; for the others the longest unbroken stretch.")
  var window: Double?
  @Option(help: "Print only this range, LO-HI hertz.")
  var range: BandArgument?
  @OptionGroup var methodOptions: SpectrumMethodOptions
  @OptionGroup var aperiodic: AperiodicOptions
  @OptionGroup var welch: WelchOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let window, !(window > 0 && window.isFinite) { throw ValidationError("--window is \(window); expected seconds above 0") }
    if aperiodic.aperiodic == .irasa, method != .welch {
      throw ValidationError("--aperiodic irasa makes its own spectra of Welch's windows; --method is \(method.rawValue)")
    }
  }

  func run() throws {
    let console = Console(report)
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: welch.keepBad)
    if aperiodic.aperiodic == .irasa {
      let fits = try aperiodic.resampled(
        recording, window: window ?? 2, range: range?.range, options: welch, threads: work.threads, console)
      print(fits.text(json: report.json), terminator: "")
      return try console.finish()
    }
    // What the other estimators need of memory is one channel of their window.
    let spectrum = try welch.spectrum(
      recording, window: window ?? (method == .welch ? 2 : nil), method: method, methodOptions: methodOptions, threads: work.threads,
      console: console)
    if aperiodic.aperiodic == .specparam {
      let fits = try aperiodic.parameterized(spectrum, of: recording, range: range?.range, method: method)
      print(fits.text(json: report.json), terminator: "")
      return try console.finish()
    }
    let bins = spectrum.frequencies.indices.filter { range?.range.contains(spectrum.frequencies[$0]) ?? true }
    let names = recording.chosen.map(\.name)
    if report.json {
      let json: JSONValue = [
        "method": .string(method.rawValue), "window": .optional(window ?? (method == .welch ? 2 : nil)),
        "windows": .integer(spectrum.windowCount), "unit": .string("µV²/Hz"),
        "frequency": .numbers(bins.map { spectrum.frequencies[$0] }),
        "channels": .object(
          names.enumerated().map { c, name in .init(name, .numbers(bins.map { spectrum[channel: c, frequency: $0] })) }),
      ]
      print(json.text)
    } else {
      var table = Table(columns: ["frequency"] + names)
      table.rows = bins.map { bin in
        [.number(spectrum.frequencies[bin])] + names.indices.map { .number(spectrum[channel: $0, frequency: bin]) }
      }
      print(table.text(json: false), terminator: "")
    }
    try console.finish()
  }
}
