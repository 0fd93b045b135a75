import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang tfr`: power over time and frequency around events, by Morlet wavelets.
struct TimeFrequencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tfr", abstract: "Show power over time and frequency around events, the mean over trials.",
    discussion: """
      minhang tfr run.edf --events T1 --epoch -1:4 --frequencies 6-30 --channels C3,C4
      minhang tfr run.edf --events T1,T2 --epoch -1:4 --baseline -1:0 --scale percent     # ERD/ERS

      Morlet wavelets of --cycles cycles. Each trial is widened by the longest wavelet on both sides before it is transformed, and cut again,
      so that no end of a trial shows; trials that a gap or an end of the recording breaks are left out and counted.
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "Labels of the events, separated by commas.")
  var events: String
  @Option(parsing: .unconditional, help: "The stretch around each event, START:END in seconds.")
  var epoch = TimeRange(argument: "-1:4")!
  @Option(help: "Frequencies, LO-HI hertz, in steps of --frequency-step.")
  var frequencies = BandArgument(argument: "4-40")!
  @Option(help: "Hertz from one frequency to the next.")
  var frequencyStep = 1.0
  @Option(help: "Cycles of a wavelet.")
  var cycles = 7.0
  @Option(help: "Seconds from one printed time to the next; default a tenth.")
  var timeStep = 0.1
  @Option(parsing: .unconditional, help: "Reference stretch for percent and db, START:END in seconds.")
  var baseline: TimeRange?
  @Option(help: "power (µV²), percent (change from the baseline, ERD/ERS) or db (ratio to the baseline).")
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
    guard (0.5...1000).contains(cycles) else { throw ValidationError("--cycles is \(cycles); expected 0.5…1000") }
  }

  func run() throws {
    let console = Console(report)
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: keepBad)
    let rate = recording.sampleRate
    let grid = Array(stride(from: frequencies.range.lowerBound, through: frequencies.range.upperBound, by: frequencyStep))
    let transform = try MorletTransform(sampleRate: rate, frequencies: grid, cycles: [cycles], threads: work.threads)
    // The half of the longest wavelet, five standard deviations of its envelope.
    let margin = Int((5 * cycles / (2 * Double.pi * frequencies.range.lowerBound) * rate).rounded(.up))
    let stretch = Int((epoch.start! * rate).rounded())..<Int((epoch.end! * rate).rounded())
    let trials = try trials(of: recording, stretch: stretch, margin: margin, console: console)
    let decimation = max(1, Int((timeStep * rate).rounded()))
    let places = Array(Swift.stride(from: 0, to: stretch.count, by: decimation))
    var power = [Double](repeating: 0, count: recording.channels.count * grid.count * stretch.count)
    let progress = console.progress("tfr", total: trials.count)
    var reader = recording.reader
    var block = SignalBlock(channelCount: recording.channels.count, sampleCount: 0)
    for (done, trial) in trials.enumerated() {
      try reader.read((trial + stretch.lowerBound - margin)..<(trial + stretch.upperBound + margin), of: recording.channels, into: &block)
      let map = try transform.map(of: block)
      for c in recording.channels.indices {
        for f in grid.indices {
          let row = map.power(channel: c, frequency: f)
          let base = (c * grid.count + f) * stretch.count
          for t in 0..<stretch.count { power[base + t] += row[margin + t] / Double(trials.count) }
        }
      }
      progress.update(done + 1)
    }
    progress.clear()
    var table = Table(columns: ["channel", "frequency", "time", scale == "power" ? "power" : scale, "trials"])
    for (c, channel) in recording.chosen.enumerated() {
      for (f, frequency) in grid.enumerated() {
        let base = (c * grid.count + f) * stretch.count
        let row = Array(power[base..<(base + stretch.count)])
        let reference = reference(row, first: stretch.lowerBound, rate: rate)
        for t in places {
          table.rows.append([
            .text(channel.name), .number(frequency), .number(Double(stretch.lowerBound + t) / rate), .number(scaled(row[t], reference)),
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

  private func reference(_ row: [Double], first: Int, rate: Double) -> Double {
    guard scale != "power", let start = baseline?.start, let end = baseline?.end else { return 1 }
    let low = max(0, Int((start * rate).rounded()) - first)
    let high = min(row.count, Int((end * rate).rounded()) - first)
    return high > low ? row[low..<high].reduce(0, +) / Double(high - low) : .nan
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
