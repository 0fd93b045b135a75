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

  /// An estimator of windows of so many seconds, for the channels of a recording.
  func estimator(_ recording: OpenedRecording, window seconds: Double) throws -> WelchEstimator {
    let length = (seconds * recording.sampleRate).rounded()
    guard length >= 2, length <= 1e8 else {
      throw CommandFailure(.usage, "--window of \(seconds) s is \(length) samples at \(recording.sampleRate) Hz; expected 2…100000000")
    }
    let windowLength = Int(length)
    return try WelchEstimator(
      sampleRate: recording.sampleRate, channelCount: recording.channels.count, windowLength: windowLength,
      overlap: min(windowLength - 1, Int((overlap * length).rounded(.down))), taper: Taper(name: taper)!,
      detrend: Detrend(rawValue: detrend)!)
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
    let spectrum = try estimate(recording, console: console)
    let bins = spectrum.frequencies.indices.filter { range?.range.contains(spectrum.frequencies[$0]) ?? true }
    let names = recording.chosen.map(\.name)
    if report.json {
      let json: JSONValue = [
        "method": .string(method), "window": .number(window), "windows": .integer(spectrum.windowCount), "unit": .string("µV²/Hz"),
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

  private func estimate(_ recording: OpenedRecording, console: Console) throws -> PowerSpectrum {
    // A periodogram is one window over the longest unbroken stretch: what it needs of memory is that stretch.
    let longest = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples).count }.max() ?? 0
    let seconds = method == "periodogram" ? Double(longest) / recording.sampleRate : window
    var estimator = try welch.estimator(recording, window: seconds)
    let progress = console.progress("psd", total: recording.samples.count)
    try recording.forEachBlock { block in
      estimator.add(block)
      progress.update(block.sampleRange.upperBound - recording.samples.lowerBound)
    }
    progress.clear()
    guard estimator.windowCount > 0 else {
      throw CommandFailure(
        .badData, "\(file): no unbroken stretch is as long as a window of \(seconds) s; the longest has \(longest) samples",
        hint: "choose a shorter --window")
    }
    return estimator.spectrum()
  }
}
