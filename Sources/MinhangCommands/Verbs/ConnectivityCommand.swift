import ArgumentParser
import MinhangBCI

/// The measures that `connectivity --measure` names.
enum ConnectivityMeasure: String, CaseIterable, ExpressibleByArgument {
  case coherence
  case imaginaryCoherence = "imaginary-coherence"
  case phaseLockingValue = "plv"
  case phaseLagIndex = "pli"
  case weightedPhaseLagIndex = "wpli"

  /// The measure of a pair at every frequency.
  func values(_ connectivity: Connectivity, pair: Int) -> [Double] {
    switch self {
    case .coherence: connectivity.coherence(pair: pair)
    case .imaginaryCoherence: connectivity.imaginaryCoherence(pair: pair)
    case .phaseLockingValue: connectivity.phaseLockingValue(pair: pair)
    case .phaseLagIndex: connectivity.phaseLagIndex(pair: pair)
    case .weightedPhaseLagIndex: connectivity.weightedPhaseLagIndex(pair: pair)
    }
  }
}

/// `minhang connectivity`: how channels go together, band by band.
struct ConnectivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connectivity", abstract: "Measure how channels go together: coherence, phase locking, phase lag.",
    discussion: """
      minhang connectivity run.edf --channels C3,C4,Cz --measure wpli --bands mu=8-13
      minhang connectivity run.edf --channels C3,C4 --measure coherence        # a row a frequency

      Windows overlap by half and never span a gap; the measure is taken over the windows, then averaged over the bins of each band.
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "coherence, imaginary-coherence, plv, pli or wpli.")
  var measure = ConnectivityMeasure.coherence
  @Option(help: "Bands, NAME=LO-HI in hertz, separated by commas; without them a row for each frequency.")
  var bands: String?
  @Option(help: "Length of a window, seconds.")
  var window = 2.0
  @Option(help: "Print only this range, LO-HI hertz.")
  var range: BandArgument?
  @OptionGroup var welch: WelchOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard window > 0, window <= 1e6 else { throw ValidationError("--window is \(window); expected seconds above 0, at most 1000000") }
    if let bands { _ = try BandList(bands) }
  }

  func run() throws {
    let console = Console(report)
    var recording = try OpenedRecording(path: file, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: welch.keepBad)
    guard recording.channels.count >= 2 else {
      throw CommandFailure(.usage, "\(file): connectivity of \(recording.channels.count) channel; expected two or more")
    }
    let length = try recording.windowLength(window)
    var estimator = try ConnectivityEstimator(
      sampleRate: recording.sampleRate, channelCount: recording.channels.count, windowLength: length,
      overlap: min(length - 1, Int((welch.overlap * Double(length)).rounded(.down))), tapering: .single(Taper(name: welch.taper)!),
      detrend: Detrend(rawValue: welch.detrend)!)
    let progress = console.progress("connectivity", total: recording.samples.count)
    try recording.forEachBlock { block in
      estimator.add(block)
      progress.update(block.sampleRange.upperBound - recording.samples.lowerBound)
    }
    progress.clear()
    let connectivity = estimator.connectivity()
    guard connectivity.windowCount > 1 else {
      throw CommandFailure(.badData, "\(file): \(connectivity.windowCount) window of \(window) s; expected two or more to compare phases")
    }
    print(try table(connectivity, names: recording.chosen.map(\.name)).text(json: report.json), terminator: "")
    try console.finish()
  }

  private func table(_ connectivity: Connectivity, names: [String]) throws -> Table {
    let bands = try bands.map { try BandList($0).bands }
    var table = Table(columns: ["channel_1", "channel_2", bands == nil ? "frequency" : "band", measure.rawValue.replacing("-", with: "_")])
    for (place, pair) in connectivity.pairs.enumerated() {
      let values = measure.values(connectivity, pair: place)
      let ends: [Table.Cell] = [.text(names[pair.first]), .text(names[pair.second])]
      if let bands {
        for band in bands {
          let bins = values.indices.filter { band.range.contains(connectivity.frequencies[$0]) }
          let mean = bins.isEmpty ? Double.nan : bins.reduce(0) { $0 + values[$1] } / Double(bins.count)
          table.rows.append(ends + [.text(band.name), .number(mean)])
        }
      } else {
        for (bin, frequency) in connectivity.frequencies.enumerated() where range?.range.contains(frequency) ?? true {
          table.rows.append(ends + [.number(frequency), .number(values[bin])])
        }
      }
    }
    return table
  }
}

/// Bands as options name them: `theta=4-8,alpha=8-13`.
struct BandList {
  var bands: [FrequencyBand]

  init(_ text: String) throws {
    bands = try text.split(separator: ",").map { word in
      let sides = word.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let band = BandArgument(argument: String(sides[1])) else {
        throw ValidationError("--bands has \(String(word).quotedForDisplay()); expected NAME=LO-HI, like alpha=8-13")
      }
      return FrequencyBand(name: String(sides[0]).trimmingSpaces, range: band.range)
    }
  }
}
