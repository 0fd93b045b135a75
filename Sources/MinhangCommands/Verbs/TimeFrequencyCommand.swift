import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang tfr`: power over time and frequency around events, by Morlet wavelets or short-time Fourier transforms.
struct TimeFrequencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tfr", abstract: "Show power over time and frequency around events, the mean over trials.",
    discussion: """
      minhang tfr run.edf --events T1 --epoch -1:4 --frequencies 6-30 --channels C3,C4
      minhang tfr run.edf --events T1,T2 --epoch -1:4 --baseline -1:0 --scale percent     # ERD/ERS
      minhang tfr run.edf --events T1 --method stft --window 0.5

      morlet: wavelets of --cycles cycles at each frequency, µV². stft: windows of --window seconds around each time, the density of every bin
      within --frequencies, one-sided, µV²/Hz. Each trial is widened by the longest wavelet, or the window, on both sides before it is
      transformed, and cut again, so that no end of a trial shows; trials that a gap or an end of the recording breaks are left out and counted.
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "Labels of the events, separated by commas.")
  var events: String
  @Option(parsing: .unconditional, help: "The stretch around each event, START:END in seconds.")
  var epoch = TimeRange(argument: "-1:4")!
  @Option(help: "morlet, or stft: the short-time Fourier transform.")
  var method = TimeFrequencyMethod.morlet
  @Option(help: "Frequencies, LO-HI hertz; for morlet in steps of --frequency-step, for stft the bins within.")
  var frequencies = BandArgument(argument: "4-40")!
  @Option(help: "Hertz from one frequency to the next.")
  var frequencyStep = 1.0
  @Option(help: "stft: length of a window, seconds.")
  var window = 0.5
  @Option(help: "stft: taper of a window: hann, hamming, blackman, boxcar, kaiser:BETA, …")
  var taper = "hann"
  @Option(help: "Cycles of a wavelet.")
  var cycles = 7.0
  @Option(help: "Seconds from one printed time to the next; default a tenth.")
  var timeStep = 0.1
  @Option(parsing: .unconditional, help: "Reference stretch for percent and db, START:END in seconds.")
  var baseline: TimeRange?
  @Option(help: "power (µV²; for stft µV²/Hz), percent (change from the baseline, ERD/ERS) or db (ratio to the baseline).")
  var scale = "power"
  @Flag(help: "Keep channels that fail the input check.")
  var keepBad = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard ["power", "percent", "db"].contains(scale) else {
      throw ValidationError("--scale is \(scale.quotedForDisplay()); expected power, percent or db")
    }
    guard epoch.start != nil, epoch.end != nil else { throw ValidationError("--epoch needs both sides: START:END") }
    if scale != "power" {
      guard let start = baseline?.start, let end = baseline?.end, start >= epoch.start!, end <= epoch.end! else {
        throw ValidationError("--scale \(scale) needs --baseline START:END within --epoch")
      }
    }
    guard (0.01...1e5).contains(frequencies.range.lowerBound), frequencies.range.upperBound <= 1e5,
      (frequencies.range.upperBound - frequencies.range.lowerBound) / frequencyStep <= 10_000, frequencyStep > 0
    else {
      throw ValidationError("--frequencies in steps of \(frequencyStep): expected 0.01…100000 Hz and at most 10000 of them")
    }
    guard (1e-6...1e6).contains(timeStep) else { throw ValidationError("--time-step is \(timeStep); expected 0.000001…1000000 s") }
    guard (1e-3...1e4).contains(window) else { throw ValidationError("--window is \(window); expected 0.001…10000 s") }
    guard Taper(name: taper) != nil else {
      throw ValidationError(
        "--taper is \(taper.quotedForDisplay()); expected one of \(Taper.standard.map(\.description).joined(separator: ", "))")
    }
    guard (0.5...1000).contains(cycles) else { throw ValidationError("--cycles is \(cycles); expected 0.5…1000") }
  }

  func run() throws {
    let console = Console(report)
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: keepBad)
    let rate = recording.sampleRate
    let stretch = Self.samples(epoch.start!, at: rate)..<Self.samples(epoch.end!, at: rate)
    guard stretch.count <= recording.samples.count else {
      throw CommandFailure(
        .badData, "\(file): no trial is whole: --epoch has \(stretch.count) samples, the recording \(recording.samples.count)",
        hint: "choose a shorter --epoch")
    }
    let step = max(1, Self.samples(timeStep, at: rate))
    let transform: TrialTransform
    switch method {
    case .morlet:
      let grid = Array(stride(from: frequencies.range.lowerBound, through: frequencies.range.upperBound, by: frequencyStep))
      transform = try .morlet(frequencies: grid, cycles: cycles, sampleRate: rate, stretch: stretch, threads: work.threads)
    case .stft:
      transform = try .shortTime(
        window: try recording.windowLength(window), step: step, taper: Taper(name: taper)!, within: frequencies.range, sampleRate: rate,
        stretch: stretch,
        threads: work.threads)
      guard !transform.frequencies.isEmpty else {
        throw CommandFailure(.usage, "--frequencies holds no bin of a window of \(window) s", hint: "choose a longer --window")
      }
    }
    let cells = Double(recording.channels.count) * Double(transform.frequencies.count) * Double(transform.offsets.count)
    guard cells <= Self.mostCells else {
      throw CommandFailure(
        .usage,
        "\(recording.channels.count) channels × \(transform.frequencies.count) frequencies × \(transform.offsets.count) times are too many; expected"
          + " at most \(Int(Self.mostCells)) powers",
        hint: "choose fewer --channels or --frequencies, or a shorter --epoch")
    }
    let trials = try trials(of: recording, stretch: stretch, margin: transform.margin, console: console)
    let progress = console.progress("tfr", total: trials.count)
    let power = try transform.meanPower(of: recording, trials: trials) { progress.update($0) }
    progress.clear()
    let unit = scale == "power" ? "power" : scale
    var table = Table(columns: ["channel", "frequency", "time", unit, "trials"])
    let width = transform.offsets.count
    let shown = method == .morlet ? Array(Swift.stride(from: 0, to: width, by: step)) : Array(0..<width)
    for (c, channel) in recording.chosen.enumerated() {
      for (f, frequency) in transform.frequencies.enumerated() {
        let base = (c * transform.frequencies.count + f) * width
        let row = Array(power[base..<(base + width)])
        let reference = reference(row, offsets: transform.offsets, rate: rate)
        for t in shown {
          table.rows.append([
            .text(channel.name), .number(frequency), .number(Double(transform.offsets[t]) / rate), .number(scaled(row[t], reference)),
            .integer(trials.count),
          ])
        }
      }
    }
    print(table.text(json: report.json), terminator: "")
    try console.finish()
  }

  /// The samples of the events whose widened stretch lies in one segment.
  private func trials(of recording: OpenedRecording, stretch: Range<Int>, margin: Int, console: Console) throws -> [Int] {
    let labels = Set(events.split(separator: ",").map { String($0).trimmingSpaces })
    let all = try recording.reader.events().filter { labels.contains($0.label) }
    guard !all.isEmpty else {
      throw CommandFailure(.badData, "\(file): no event is labelled \(events.quotedForDisplay()); `minhang events` lists them")
    }
    let kept = all.compactMap { event -> Int? in
      guard let sample = recording.timeline.sample(atTime: event.onset), let segment = recording.timeline.segmentIndex(ofSample: sample)
      else { return nil }
      let wanted = (sample + stretch.lowerBound - margin)..<(sample + stretch.upperBound + margin)
      let part = recording.timeline.segments[segment].sampleRange.clamped(to: recording.samples)
      return wanted.clamped(to: part) == wanted ? sample : nil
    }
    if kept.count < all.count {
      console.warn("\(file): \(all.count - kept.count) of \(all.count) trials left out: a gap or an end is too near")
    }
    guard !kept.isEmpty else { throw CommandFailure(.badData, "\(file): no trial is whole; expected at least one, or a shorter --epoch") }
    return kept
  }

  /// Powers that are held at a time: 2 GiB.
  private static let mostCells = 0x1p28

  /// Samples of a time at a sampling rate, which are few enough to be counted: `TimeRange` takes 10⁹ s, `SamplingRate` 10⁹ Hz.
  private static func samples(_ seconds: Double, at rate: Double) -> Int { Int((seconds * rate).rounded()) }

  private func reference(_ row: [Double], offsets: [Int], rate: Double) -> Double {
    guard scale != "power", let start = baseline?.start, let end = baseline?.end else { return 1 }
    let (low, high) = (Self.samples(start, at: rate), Self.samples(end, at: rate))
    let places = offsets.indices.filter { offsets[$0] >= low && offsets[$0] < high }
    return places.isEmpty ? .nan : places.reduce(0) { $0 + row[$1] } / Double(places.count)
  }

  /// A power on the scale asked for; percent as Pfurtscheller & Lopes da Silva 1999: `100 · (A − R) / R`.
  private func scaled(_ power: Double, _ reference: Double) -> Double {
    switch scale {
    case "percent": 100 * (power - reference) / reference
    case "db": 10 * log10(power / reference)
    default: power
    }
  }
}
