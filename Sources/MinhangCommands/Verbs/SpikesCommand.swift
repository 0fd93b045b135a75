import ArgumentParser
import MinhangBCI

extension ThresholdCrossings.Polarity: ExpressibleByArgument {
  /// Reads `negative`, `positive` or `both`.
  public init?(argument: String) {
    switch argument {
    case "negative": self = .negative
    case "positive": self = .positive
    case "both": self = .both
    default: return nil
    }
  }
}

/// `minhang spikes`: threshold crossings or spike-band power in bins.
struct SpikesCommand: ParsableCommand {
  /// What is counted or measured in a bin.
  enum Measure: String, CaseIterable, ExpressibleByArgument { case crossings, power }

  static let configuration = CommandConfiguration(
    commandName: "spikes",
    abstract:
      "Count threshold crossings or sorted spikes, or measure the spike-band power, in bins: a row for each bin, a column for each channel or unit.",
    discussion: """
      minhang spikes array.ns5 --bin 0.02 > counts.tsv
      minhang spikes probe.ap.bin --measure power --band 300-1000
      minhang spikes sorted.csv --bin 0.05            # spike times: CSV (time, unit), NumPy archives, Blackrock NEV
      minhang spikes session-50ms.npz --bin 0.1       # counts that are binned already go into wider bins

      Everything is causal: the same stages run live. A threshold is learnt from the first seconds of each segment, in which nothing is counted.
      Bins of spike times begin at whole multiples of --bin and end with the last spike.
      """)

  @Argument(help: "The recording.")
  var file: String
  @Option(help: "crossings (of a threshold) or power (mean magnitude in the band of spikes).")
  var measure = Measure.crossings
  @Option(help: "Length of a bin, seconds.")
  var bin = 0.02
  @Option(help: "Pass LO-HI hertz before measuring power.")
  var band = "300-1000"
  @Option(help: "Pass above HZ before looking for crossings.")
  var highpass = 250.0
  @Option(help: "Threshold as a multiple of the root mean square (with --robust: of median(|x|)/0.6745).")
  var threshold = 4.5
  @Flag(help: "Learn the threshold from the median, which spikes hardly raise.")
  var robust = false
  @Option(help: "Seconds at the beginning of a segment from which the threshold is learnt.")
  var learn = 5.0
  @Option(help: "The side on which crossings count: negative, positive or both.")
  var polarity = ThresholdCrossings.Polarity.negative
  @Option(help: "Seconds from a crossing to the earliest next one that counts.")
  var refractory = 0.001
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let (file, reader) = try OpenedRecording.opened(path: file, console: console)
    if reader.recording.channels.isEmpty {
      console.warn(each: reader.recording.warnings.map { "\(file): \($0.message)" })
      try count(try (reader as? any SpikeRecording)?.spikes ?? SpikeTrains(counting: reader.events()))
      return try console.finish()
    }
    let recording = try OpenedRecording(path: file, options: selection, console: console)
    let rate = recording.sampleRate
    do {
      switch measure {
      case .crossings where recording.areSpikeCounts:
        try rebin(recording)
      case .crossings:
        let (learning, rest) = (try recording.sampleCount(of: learn, "--learn"), try recording.sampleCount(of: refractory, "--refractory"))
        let level: SpikeThreshold =
          robust ? .medianDeviation(multiple: threshold, samples: learning) : .rootMeanSquare(multiple: threshold, samples: learning)
        let short = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples).count }.count {
          (1...learning).contains($0)
        }
        if short > 0 { console.warn("\(file): \(short) segments are not longer than --learn, \(learn) s; nothing is counted in them") }
        let filter = CausalFilter(try Butterworth.filter(order: 2, .highPass(highpass), sampleRate: rate))
        let chain = CausalChain([filter, try ThresholdCrossings(level, polarity: polarity, refractory: rest)])
        try write(recording, chain: chain, bins: try SpikeBinning(binDuration: bin, sampleRate: rate))
      case .power:
        let length = try SpikeBinning(binDuration: bin, sampleRate: rate).binLength
        guard let band = BandArgument(argument: band) else {
          throw CommandFailure(.usage, "--band is \(band.quotedForDisplay()); expected LO-HI hertz")
        }
        try write(recording, chain: CausalChain([]), bins: try SpikeBandPower(sampleRate: rate, band: band.range, binLength: length))
      }
    } catch let error as SignalError {
      throw CommandFailure(.usage, "\(file): \(error.description)")
    }
    try console.finish()
  }

  /// Counts spike times in bins.
  private func count(_ spikes: SpikeTrains) throws {
    guard measure == .crossings else {
      throw CommandFailure(.usage, "\(file) holds spike times and no signal; --measure power needs a signal")
    }
    let binning: SpikeTimeBinning
    do { binning = try SpikeTimeBinning(binDuration: bin) } catch { throw CommandFailure(.usage, "--bin: \(error.message)") }
    let units = spikes.units.enumerated().map { Channel(index: $0, name: $1, kind: .misc, sampleRate: 1 / bin, sampleCount: 0) }
    let wanted = try selection.selection()
    let chosen: [Int]
    do { chosen = try wanted.indices(in: units) } catch { throw CommandFailure(.usage, "\(file): \(error.line)") }
    guard var bins = binning.bins(of: spikes) else {
      throw CommandFailure(.badData, "\(file): a spike's time is \(spikes.times.last ?? 0) s; expected less than 2^52 bins of \(bin) s")
    }
    if let crop = selection.crop {
      let start = crop.start.flatMap { binning.bin(of: $0) } ?? bins.lowerBound
      let end = crop.end.flatMap { end in binning.bin(of: end).map { Double($0) * bin < end ? $0 + 1 : $0 } } ?? bins.upperBound
      bins = bins.clamped(to: start..<max(start, end))
    }
    guard bins.count <= Self.mostBins else {
      throw CommandFailure(
        .badData, "\(file): the spikes lie in \(bins.count) bins of \(bin) s; expected at most \(Self.mostBins)",
        hint: "--crop START:END takes a stretch, --bin longer bins")
    }
    let columns = ["onset", "duration"] + chosen.map { spikes.units[$0] }
    if !report.json { print(Table(columns: columns).tsv, terminator: "") }
    let atOnce = max(1, 262_144 / max(1, spikes.units.count))
    for first in stride(from: bins.lowerBound, to: bins.upperBound, by: atOnce) {
      let counts = binning.counts(of: spikes, in: first..<min(bins.upperBound, first + atOnce))
      var table = Table(columns: columns)
      for k in 0..<counts.sampleCount {
        table.rows.append(
          [.number(Double(first + k) * bin), .number(bin)] + chosen.map { .integer(Int(counts[channel: $0, sample: k])) })
      }
      print(report.json ? table.jsonLines : table.tsvRows, terminator: "")
    }
  }

  /// Rows beyond which a table of counts is hardly meant.
  private static let mostBins = 100_000_000

  /// Adds up counts that are binned already.
  private func rebin(_ recording: OpenedRecording) throws {
    let steps = bin * recording.sampleRate
    guard steps >= 1, (steps - steps.rounded()).magnitude < 1e-9 * steps else {
      throw CommandFailure(
        .usage,
        "--bin is \(bin) s; expected a multiple of \(JSONValue.decimal(1 / recording.sampleRate)) s, the width of the bins of \(file)")
    }
    var recording = recording
    let (all, unit) = (recording.info.channels, recording.chosen[0].unit)
    recording.channels.removeAll { all[$0].unit != unit }
    try write(
      recording, chain: CausalChain([]), bins: try SpikeBinning(binDuration: bin, sampleRate: recording.sampleRate),
      spikesPerSecond: recording.chosen[0].unit.symbol == "spikes/s" ? recording.sampleRate : nil)
  }

  private func write(_ recording: OpenedRecording, chain: CausalChain, bins: some RateChangingStage, spikesPerSecond: Double? = nil) throws
  {
    let columns = ["onset", "duration"] + recording.chosen.map(\.name)
    if !report.json { print(Table(columns: columns).tsv, terminator: "") }
    var (chain, bins) = (chain, bins)
    var output = SignalBlock(channelCount: 0, sampleCount: 0)
    let (length, timeline) = (bins.ratio.down, recording.timeline)
    let duration = Double(length) / recording.sampleRate
    let isCount = measure == .crossings
    try recording.forEachBlock { block in
      chain.process(&block)
      if let spikesPerSecond {
        for c in 0..<block.channelCount {
          for k in 0..<block.sampleCount {
            // Stored in single precision, a rate is a whole number of spikes but for the last bits.
            let spikes = block[channel: c, sample: k] / spikesPerSecond
            block[channel: c, sample: k] = (spikes - spikes.rounded()).magnitude < 1e-6 * max(1, spikes) ? spikes.rounded() : spikes
          }
        }
      }
      bins.process(block, into: &output)
      var table = Table(columns: columns)
      for k in 0..<output.sampleCount {
        let onset = timeline.time(ofSample: (output.firstSample + k) * length)
        table.rows.append(
          [.number(onset), .number(duration)]
            + (0..<output.channelCount).map { c in
              let value = output[channel: c, sample: k]
              return isCount ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
            })
      }
      print(report.json ? table.jsonLines : table.tsvRows, terminator: "")
    }
  }
}

extension OpenedRecording {
  /// Whether the channels hold numbers of spikes, or numbers a second, rather than a signal; other channels beside them are left out.
  fileprivate var areSpikeCounts: Bool { chosen.first.map { ["spikes", "spikes/s"].contains($0.unit.symbol) } ?? false }
}

extension SpikeTrains {
  /// The events of a recording without a signal as spikes, a unit for each label.
  fileprivate init(counting events: [Event]) {
    let labels = Set(events.map(\.label)).sorted()
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, UInt32($0)) })
    self.init(units: labels, times: events.map(\.onset), owners: events.map { places[$0.label] ?? 0 })
  }
}
