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
    abstract: "Count threshold crossings, or measure the spike-band power, in bins: a row for each bin, a column for each channel.",
    discussion: """
      minhang spikes array.ns5 --bin 0.02 > counts.tsv
      minhang spikes probe.ap.bin --measure power --band 300-1000

      Everything is causal: the same stages run live. A threshold is learnt from the first seconds of each segment, in which nothing is counted.
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
    let recording = try OpenedRecording(path: file, options: selection, console: console)
    let rate = recording.sampleRate
    do {
      switch measure {
      case .crossings:
        let (learning, rest) = (try samples(learn, "--learn", at: rate), try samples(refractory, "--refractory", at: rate))
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

  private func samples(_ seconds: Double, _ option: String, at rate: Double) throws -> Int {
    guard let count = Int(exactly: (seconds * rate).rounded()), count >= 1 else {
      throw CommandFailure(.usage, "\(option) is \(seconds) s; expected at least one sample at \(rate) Hz")
    }
    return count
  }

  private func write(_ recording: OpenedRecording, chain: CausalChain, bins: some RateChangingStage) throws {
    let columns = ["onset", "duration"] + recording.chosen.map(\.name)
    if !report.json { print(Table(columns: columns).tsv, terminator: "") }
    var (chain, bins) = (chain, bins)
    var output = SignalBlock(channelCount: 0, sampleCount: 0)
    let (length, timeline) = (bins.ratio.down, recording.timeline)
    let duration = Double(length) / recording.sampleRate
    let isCount = measure == .crossings
    try recording.forEachBlock { block in
      chain.process(&block)
      bins.process(block, into: &output)
      var table = Table(columns: columns)
      for k in 0..<output.sampleCount {
        let onset = timeline.time(ofSample: (output.firstSample + k) * length)
        table.rows.append(
          [.number(onset), .number(duration)]
            + (0..<output.channelCount).map { c in
              let value = output[channel: c, sample: k]
              return isCount ? Int(exactly: value).map { .integer($0) } ?? .missing : .number(value)
            })
      }
      print(report.json ? table.jsonLines : table.tsvRows, terminator: "")
    }
  }
}
