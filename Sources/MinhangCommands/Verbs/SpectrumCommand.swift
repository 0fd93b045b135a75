import ArgumentParser
import MinhangBCI

/// How spectra are estimated: shared by `psd` and `bandpower`.
struct WelchOptions: ParsableArguments {
  @Option(help: "Share of a window that the next one overlaps, 0 ≤ x < 1.")
  var overlap = 0.5
  @Option(help: "Taper: hann, hamming, blackman, boxcar, kaiser:BETA, …")
  var taper = "hann"
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
    guard Detrend(rawValue: detrend) != nil else {
      throw ValidationError("--detrend is \(detrend.quotedForDisplay()); expected none, constant or linear")
    }
  }

  /// The spectrum of a recording's chosen channels from windows of so many seconds.
  ///
  /// Each worker reads and transforms its own share of the channels, so the bits do not depend on their number.
  ///
  /// - Throws: `CommandFailure` if no unbroken stretch holds a window.
  func spectrum(_ recording: OpenedRecording, window seconds: Double, threads: Int, console: Console) throws -> PowerSpectrum {
    let length = (seconds * recording.sampleRate).rounded()
    guard length >= 2, length <= 1e8 else {
      throw CommandFailure(
        .usage, "a window of \(seconds) s is \(length) samples at \(recording.sampleRate) Hz; expected 2…100000000")
    }
    let windowLength = Int(length)
    let longest = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples).count }.max() ?? 0
    guard longest >= windowLength else {
      throw CommandFailure(
        .badData,
        "\(recording.path): no unbroken stretch is as long as a window of \(seconds) s (\(windowLength) samples); the longest has \(longest)",
        hint: "choose a shorter --window")
    }
    let overlap = min(windowLength - 1, Int((overlap * length).rounded(.down)))
    let progress = console.progress("spectrum", total: recording.samples.count)
    let shares = recording.shares(of: threads)
    let spectra = try concurrentMap(count: shares.count, threads: threads) { (share) throws(any Error) in
      var estimator = try WelchEstimator(
        sampleRate: recording.sampleRate, channelCount: shares[share].count, windowLength: windowLength, overlap: overlap,
        taper: Taper(name: taper)!, detrend: Detrend(rawValue: detrend)!)
      try recording.forEachBlock(of: shares[share]) { block in
        estimator.add(block)
        if share == 0 { progress.update(block.sampleRange.upperBound - recording.samples.lowerBound) }
      }
      return estimator.spectrum()
    }
    progress.clear()
    return PowerSpectrum(joining: spectra)
  }
}

extension PowerSpectrum {
  /// The channels of several spectra of one kind, one after the other.
  fileprivate init(joining spectra: [PowerSpectrum]) {
    let first = spectra[0]
    self.init(
      frequencies: first.frequencies, resolution: first.resolution,
      densities: spectra.flatMap { s in (0..<s.channelCount).flatMap { s.channel($0) } },
      channelCount: spectra.reduce(0) { $0 + $1.channelCount }, windowCount: first.windowCount)
  }
}

/// `minhang psd`: power spectral densities.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "psd", abstract: "Estimate power spectral densities, one-sided, µV²/Hz.",
    discussion: "minhang psd run.edf --channels C3,Cz,C4 --range 1-45\nWindows never span a gap of the recording.")

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "Estimator: welch or periodogram.")
  var method = "welch"
  @Option(help: "Length of a window, seconds.")
  var window = 2.0
  @Option(help: "Print only this range, LO-HI hertz.")
  var range: BandArgument?
  @OptionGroup var welch: WelchOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard ["welch", "periodogram"].contains(method) else {
      throw ValidationError("--method is \(method.quotedForDisplay()); expected welch or periodogram")
    }
  }

  func run() throws {
    let console = Console(report)
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: welch.keepBad)
    // A periodogram is one window over the longest unbroken stretch: what it needs of memory is that stretch.
    let longest = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples).count }.max() ?? 0
    let seconds = method == "periodogram" ? Double(longest) / recording.sampleRate : window
    let spectrum = try welch.spectrum(recording, window: seconds, threads: work.threads, console: console)
    let bins = spectrum.frequencies.indices.filter { range?.range.contains(spectrum.frequencies[$0]) ?? true }
    let names = recording.chosen.map(\.name)
    if report.json {
      let json: JSONValue = [
        "method": .string(method), "window": .number(seconds), "windows": .integer(spectrum.windowCount), "unit": .string("µV²/Hz"),
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
