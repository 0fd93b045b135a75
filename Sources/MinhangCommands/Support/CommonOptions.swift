import ArgumentParser
import Foundation
import MinhangBCI

/// What every verb understands: how much it says.
struct ReportOptions: ParsableArguments {
  @Flag(name: .long, help: "One JSON object (or JSON Lines) on standard output.")
  var json = false
  @Flag(name: .shortAndLong, help: "No notes and no progress on standard error; warnings stay.")
  var quiet = false
  @Flag(name: .shortAndLong, help: "Explain what is done.")
  var verbose = false
  @Flag(name: .long, help: "Exit with status 1 if there were warnings.")
  var strict = false
  @OptionGroup var input: InputOptions
}

/// What a file leaves open and the caller knows: part of what every verb understands.
struct InputOptions: ParsableArguments {
  @Option(help: "Sampling rate of an input that states none (a table without times, an array without a sidecar), Hz.")
  var inputRate: Double?
  @Option(help: "Unit of the samples of an input that states none: uV, mV, V, spikes …")
  var inputUnit: String?
  @Flag(
    name: .customLong("no-sidecars"), help: "Take a recording in a BIDS dataset as it is, without channels.tsv, events.tsv and the like.")
  var noSidecars = false
  @Option(help: "Which recording of a dataset, where the input is its folder: sub=01,task=rest,run=2.")
  var entities: EntitiesArgument?

  func validate() throws {
    if let inputRate, !SamplingRate.isUsable(inputRate) {
      throw ValidationError("--input-rate is \(inputRate); expected \(SamplingRate.expected)")
    }
  }

  /// The same as the library takes it.
  var opening: OpeningOptions {
    OpeningOptions(sampleRate: inputRate, unit: inputUnit.map { PhysicalUnit($0) }, appliesSidecars: !noSidecars)
  }
}

/// Which channels and which stretch of a recording.
struct SelectionOptions: ParsableArguments {
  @Option(help: "Channels to take: names (C3,Cz; case and padding do not matter) or type:eeg.")
  var channels: String?
  @Option(help: "Channels to leave out, in the same words.")
  var exclude: String?
  @Option(help: "Take only this stretch, START:END in seconds; either side may be empty.")
  var crop: TimeRange?

  /// The selection that the options ask for.
  func selection() throws -> ChannelSelection {
    ChannelSelection(
      included: try channels.map { try ChannelSelection.terms($0) } ?? [],
      excluded: try exclude.map { try ChannelSelection.terms($0) } ?? [])
  }
}

/// What may be done to the output file.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Replace the output file if it exists.")
  var force = false
}

/// How the work is done: workers and the seed.
struct WorkOptions: ParsableArguments {
  @Option(help: "Workers; the results do not depend on it.")
  var threads = 1

  func validate() throws {
    guard (1...256).contains(threads) else { throw ValidationError("--threads is \(threads); expected 1…256") }
  }
}

/// A seed for whatever is drawn at random.
struct SeedOption: ParsableArguments {
  @Option(help: "Seed of whatever is drawn at random.")
  var seed: UInt64 = 0
}

/// A stretch of time, `START:END` in seconds, either side open; a billion seconds are more than any recording has.
struct TimeRange: ExpressibleByArgument {
  var start: Double?
  var end: Double?

  init?(argument: String) {
    let sides = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    for (side, isStart) in zip(sides, [true, false]) where !side.isEmpty {
      guard let seconds = Double(side), seconds.magnitude <= 1e9 else { return nil }
      if isStart { start = seconds } else { end = seconds }
    }
    if let start, let end, end <= start { return nil }
  }
}

/// A band of frequencies, `LO-HI` in hertz.
struct BandArgument: ExpressibleByArgument {
  var range: ClosedRange<Double>

  init?(argument: String) {
    let sides = argument.split(separator: "-", maxSplits: 1)
    guard sides.count == 2, let low = Double(sides[0]), let high = Double(sides[1]), low.isFinite, high.isFinite, low < high else {
      return nil
    }
    range = low...high
  }
}
