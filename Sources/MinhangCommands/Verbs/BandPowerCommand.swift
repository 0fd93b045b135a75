import ArgumentParser
import Foundation
import MinhangBCI

/// The ways to band power that `bandpower --method` names.
enum BandPowerMethod: String, CaseIterable, ExpressibleByArgument {
  case welch, multitaper, periodogram, burg, running

  /// The estimator of a whole recording; nil where there is only a time course.
  var spectrum: SpectrumMethod? { SpectrumMethod(rawValue: rawValue) }
}

/// `minhang bandpower`: power in bands, over the whole recording or as a time course.
struct BandPowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bandpower", abstract: "Measure the power in bands: absolute (µV²), relative, or in decibels.",
    discussion: """
      minhang bandpower run.edf --bands mu=8-13,beta=13-30 --channels C3,C4
      minhang bandpower run.edf --window 1 --step 0.5      # a time course
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "Bands, NAME=LO-HI in hertz, separated by commas; default delta, theta, alpha, beta, gamma.")
  var bands: String?
  @Option(help: "absolute (µV²), relative (share of the power of the whole spectrum) or db (10·log10 of µV²).")
  var scale = "absolute"
  @Option(help: "Length of a window of the time course, seconds; without it one value for the whole recording, from windows of 2 s.")
  var window: Double?
  @Option(help: "Seconds from one window of the time course to the next; default half a window.")
  var step: Double?
  @Option(
    help:
      "Estimator: welch, multitaper, periodogram or burg for the whole recording; welch or running (band-pass, squared, running mean) for a time course."
  )
  var method = BandPowerMethod.welch
  @OptionGroup var methodOptions: SpectrumMethodOptions
  @OptionGroup var welch: WelchOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard BandPowerScale(rawValue: scale) != nil else {
      throw ValidationError("--scale is \(scale.quotedForDisplay()); expected absolute, relative or db")
    }
    guard window == nil ? method != .running : [.welch, .running].contains(method) else {
      throw ValidationError(
        "--method \(method.rawValue) \(window == nil ? "needs --window: it makes a time course" : "has no time course; expected welch or running")"
      )
    }
    if method == .running && scale == "relative" {
      throw ValidationError("--method running knows the bands alone, not the whole power; expected --scale absolute or db")
    }
    if step != nil && window == nil { throw ValidationError("--step needs --window: they make the time course") }
    if let window, !(window > 0 && window.isFinite) { throw ValidationError("--window is \(window); expected seconds above 0") }
    if let step, !(step > 0 && step.isFinite) { throw ValidationError("--step is \(step); expected seconds above 0") }
    _ = try bandList()
  }

  /// The bands asked for.
  private func bandList() throws -> [FrequencyBand] {
    try bands.map { try BandList($0).bands } ?? FrequencyBand.standard
  }

  func run() throws {
    let console = Console(report)
    let bands = try bandList()
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    for band in bands where band.range.upperBound > recording.sampleRate / 2 {
      throw CommandFailure(
        .usage,
        "\(file): band \(band.name) reaches \(band.range.upperBound) Hz; expected at most half the sampling rate, \(recording.sampleRate / 2) Hz"
      )
    }
    try recording.excludeBadChannels(console: console, keep: welch.keepBad)
    let printer = BandPowerPrinter(
      channels: recording.chosen.map(\.name), bands: bands, scale: BandPowerScale(rawValue: scale)!, json: report.json)
    printer.header()
    if let window {
      try timeCourse(recording, window: window, step: step ?? window / 2, printer: printer, console: console)
    } else {
      try whole(recording, printer: printer, console: console)
    }
    try console.finish()
  }

  private func whole(_ recording: OpenedRecording, printer: BandPowerPrinter, console: Console) throws {
    let estimator = method.spectrum ?? .welch
    let (ranges, scale) = (printer.bands.map(\.range), printer.scale)
    let powers = try welch.spectra(
      recording, window: estimator == .welch ? 2 : nil, method: estimator, methodOptions: methodOptions, threads: work.threads,
      console: console
    ) { spectrum in
      (0..<spectrum.channelCount).map { channel in ranges.map { spectrum.bandPower($0, channel: channel, scale: scale) } }
    }.flatMap { $0 }
    let start = recording.timeline.time(ofSample: recording.samples.lowerBound)
    let end = recording.timeline.time(ofSample: recording.samples.upperBound - 1) + 1 / recording.sampleRate
    printer.rows(onset: start, duration: end - start) { powers[$0][$1] }
  }

  private func timeCourse(
    _ recording: OpenedRecording, window: Double, step: Double, printer: BandPowerPrinter, console: Console
  ) throws {
    let rate = recording.sampleRate
    let windowLength = try recording.sampleCount(of: window, "--window", in: 2...OpenedRecording.longestWindow)
    let stepLength = try recording.sampleCount(of: step, "--step")
    if method == .running {
      return try runningCourse(recording, windowLength: windowLength, stepLength: stepLength, printer: printer, console: console)
    }
    var sliding = try SlidingBandPower(
      sampleRate: rate, channelCount: recording.channels.count, bands: printer.bands.map(\.range), windowLength: windowLength,
      step: stepLength,
      scale: printer.scale, taper: Taper(name: welch.taper)!, detrend: Detrend(rawValue: welch.detrend)!)
    let progress = console.progress("bandpower", total: recording.samples.count)
    try recording.forEachBlock { block in
      for power in sliding.add(block) {
        let onset = recording.timeline.time(ofSample: power.firstSample)
        printer.rows(onset: onset, duration: Double(windowLength) / rate) { power[channel: $0, band: $1] }
      }
      progress.update(block.sampleRange.upperBound - recording.samples.lowerBound)
    }
    progress.clear()
  }

  /// The cheap course of live use: a band-pass a band, squared, and a running mean.
  private func runningCourse(
    _ recording: OpenedRecording, windowLength: Int, stepLength: Int, printer: BandPowerPrinter, console: Console
  ) throws {
    guard stepLength >= 1, windowLength % max(1, stepLength) == 0 else {
      throw CommandFailure(.usage, "--window of \(windowLength) samples and --step of \(stepLength); expected a window of whole steps")
    }
    var running = try RunningBandPower(
      sampleRate: recording.sampleRate, channelCount: recording.channels.count, bands: printer.bands.map(\.range),
      windowLength: windowLength,
      step: stepLength)
    try recording.forEachBlock { block in
      for power in running.add(block) {
        let onset = recording.timeline.time(ofSample: power.firstSample)
        printer.rows(onset: onset, duration: Double(windowLength) / recording.sampleRate) {
          printer.scale == .decibel ? 10 * log10(power[channel: $0, band: $1]) : power[channel: $0, band: $1]
        }
      }
    }
  }
}

/// Writes the tidy rows of `bandpower` as they come: a row for each window, channel and band.
struct BandPowerPrinter {
  let channels: [String]
  let bands: [FrequencyBand]
  let scale: BandPowerScale
  let json: Bool

  private static let columns = ["onset", "duration", "channel", "band", "power", "unit"]

  /// The names of the columns; on a terminal each table of rows brings them itself.
  func header() {
    if !json && !Console.outputIsTerminal { print(Table(columns: Self.columns).tsv, terminator: "") }
  }

  /// The rows of one window; `value` gives the power of a channel (its place) in a band (its place).
  func rows(onset: Double, duration: Double, _ value: (_ channel: Int, _ band: Int) -> Double) {
    var table = Table(columns: Self.columns)
    for (c, channel) in channels.enumerated() {
      for (b, band) in bands.enumerated() {
        table.rows.append([
          .number(onset), .number(duration), .text(channel), .text(band.name), .number(value(c, b)), .text(scale.unit),
        ])
      }
    }
    print(json ? table.jsonLines : Console.outputIsTerminal ? table.aligned : table.tsvRows, terminator: "")
  }
}
