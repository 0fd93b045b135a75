import ArgumentParser
import MinhangBCI

/// `minhang filter`: filters and references, written to a new file.
struct FilterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter", abstract: "Filter a recording and write it to a new file; the steps run in the order given.",
    discussion: """
      minhang filter run.edf out.edf --notch 50 --bandpass 1-40 --reference average
      minhang filter run.edf out.npy --bandpass 8-30 --zero-phase

      The filter is causal and starts at the steady state of the first sample, anew after each gap. With --zero-phase it runs forward and
      backward: nothing is delayed, but no live decoder can do the same.
      """)

  @Argument(help: "The recording.")
  var input: String
  @Argument(help: "The new file: .edf .bdf .csv .tsv .npy.")
  var output: String
  @Option(parsing: .singleValue, help: "Pass LO-HI hertz.")
  var bandpass: [BandArgument] = []
  @Option(parsing: .singleValue, help: "Stop LO-HI hertz.")
  var bandstop: [BandArgument] = []
  @Option(parsing: .singleValue, help: "Pass above HZ.")
  var highpass: [Double] = []
  @Option(parsing: .singleValue, help: "Pass below HZ.")
  var lowpass: [Double] = []
  @Option(parsing: .singleValue, help: "Take out HZ, with --quality.")
  var notch: [Double] = []
  @Option(parsing: .singleValue, help: "Keep HZ alone, with --quality.")
  var peak: [Double] = []
  @Option(parsing: .singleValue, help: "Take out HZ and its multiples, with --quality; the rate must be a whole multiple of HZ.")
  var comb: [Double] = []
  @Option(parsing: .singleValue, help: "Subtract the average of all channels (average) or of some (A1,A2).")
  var reference: [String] = []
  @Option(help: "Order of the band filters' low-pass prototype, 1…20.")
  var order = 4
  @Option(help: "Family of the band filters: butterworth, chebyshev1, chebyshev2, elliptic or bessel.")
  var family = FilterFamilyName.butterworth
  @Option(help: "Pass-band ripple of chebyshev1 and elliptic, dB.")
  var ripple = 1.0
  @Option(help: "Stop-band attenuation of chebyshev2 and elliptic, dB.")
  var attenuation = 40.0
  @Option(help: "Quality of notches, peaks and combs: centre over width.")
  var quality = 30.0
  @Flag(help: "Run filters forward and backward over the whole signal.")
  var zeroPhase = false
  @Option(help: "Bring the result to this sampling rate, Hz, after all other steps.")
  var resample: Double?
  @Flag(help: "Keep channels that fail the input check.")
  var keepBad = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var target: OutputOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard (1...20).contains(order) else { throw ValidationError("--order is \(order); expected 1…20") }
    guard quality > 0, quality.isFinite else { throw ValidationError("--quality is \(quality); expected a number above 0") }
  }

  func run() throws {
    let console = Console(report)
    let steps = OptionOrder.sorted(
      CommandLineEntry.words,
      [
        "--bandpass": bandpass.map { FilterStep.band(.bandPass($0.range)) }, "--bandstop": bandstop.map { .band(.bandStop($0.range)) },
        "--highpass": highpass.map { .band(.highPass($0)) }, "--lowpass": lowpass.map { .band(.lowPass($0)) },
        "--notch": notch.map { .notch($0) }, "--peak": peak.map { .peak($0) }, "--comb": comb.map { .comb($0) },
        "--reference": reference.map { text in
          text == "average" ? .average : .reference(text.split(separator: ",").map { String($0).trimmingSpaces })
        },
      ])
    _ = try SignalFormat(path: output)
    guard !steps.isEmpty else {
      throw CommandFailure(
        .usage, "nothing to do: expected --bandpass, --bandstop, --highpass, --lowpass, --notch, --peak, --comb or --reference")
    }
    var recording = try OpenedRecording(path: input, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: keepBad)
    let plan = FilterPlan(
      steps: steps, family: family, order: order, ripple: ripple, attenuation: attenuation, quality: quality, isZeroPhase: zeroPhase)
    let run = FilterRun(recording: recording, plan: plan, threads: work.threads)
    var export = try SignalExport(
      recording: recording, prefilter: plan.description, target: target, console: console, pass: try run.pass())
    if let resample { try export.resample(to: resample) }
    let summary = try export.write(to: output)
    print(report.json ? summary.json.text : summary.text)
    try console.finish()
  }
}

/// Runs a plan over a recording and hands out the result block by block, as often as it is asked for.
struct FilterRun {
  var recording: OpenedRecording
  var plan: FilterPlan
  var threads: Int

  /// A function that passes over the filtered signal.
  func pass() throws -> SignalExport.Pass {
    plan.isZeroPhase ? try wholePass() : try causalPass()
  }

  private func causalPass() throws -> SignalExport.Pass {
    let stages = try plan.stages(names: recording.chosen.map(\.name), sampleRate: recording.sampleRate, threads: threads)
    return { body in
      var chain = CausalChain(stages)
      var segment: Int?
      try recording.forEachBlock { block in
        if block.segment != segment { chain.reset() }
        segment = block.segment
        chain.process(&block)
        try body(&block)
      }
    }
  }

  /// Whole channels at a time through a scratch file: forward and backward needs the end before the beginning is done.
  private func wholePass() throws -> SignalExport.Pass {
    let names = recording.chosen.map(\.name)
    let origin = recording.samples.lowerBound
    let scratch = try ScratchSignal(channelCount: names.count, sampleCount: recording.samples.count)
    try recording.forEachBlock { try scratch.write($0, at: $0.firstSample - origin) }
    let segments = recording.timeline.segments.map { $0.sampleRange.clamped(to: recording.samples) }.filter { !$0.isEmpty }
    for step in plan.steps {
      if let filter = try plan.filter(step, sampleRate: recording.sampleRate) {
        try Self.filter(scratch, ZeroPhaseFilter(filter), segments: segments, origin: origin, threads: threads, path: recording.path)
      } else {
        var stage = try plan.reference(step, names: names)
        try Self.forEachBlock(scratch, recording: recording) { block in
          stage.process(&block)
          try scratch.write(block, at: block.firstSample - origin)
        }
      }
    }
    return { body in try Self.forEachBlock(scratch, recording: recording, body) }
  }

  private static func filter(
    _ scratch: ScratchSignal, _ filter: ZeroPhaseFilter, segments: [Range<Int>], origin: Int, threads: Int, path: String
  ) throws {
    for segment in segments {
      // Eight channels at a time where they fit in 48 MB, fewer of a longer recording.
      let group = max(1, min(8, 6_000_000 / max(1, segment.count)))
      let place = (segment.lowerBound - origin)..<(segment.upperBound - origin)
      let groups = (scratch.channelCount + group - 1) / group
      _ = try concurrentMap(count: groups, threads: threads) { (index) throws(any Error) in
        var block = SignalBlock(channelCount: 0, sampleCount: 0)
        let channels = (index * group)..<min((index + 1) * group, scratch.channelCount)
        try scratch.read(place, channels: channels, into: &block)
        do throws(SignalError) {
          try filter.apply(to: &block)
        } catch {
          throw CommandFailure(.badData, "\(path): the segment from sample \(segment.lowerBound): \(error.description)")
        }
        try scratch.write(block, at: place.lowerBound, firstChannel: channels.lowerBound)
      }
    }
  }

  private static func forEachBlock(
    _ scratch: ScratchSignal, recording: OpenedRecording, _ body: (inout SignalBlock) throws -> Void
  ) throws {
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    let origin = recording.samples.lowerBound
    for (index, segment) in recording.timeline.segments.enumerated() {
      let wanted = segment.sampleRange.clamped(to: recording.samples)
      for first in stride(from: wanted.lowerBound, to: wanted.upperBound, by: recording.blockSize) {
        let end = min(first + recording.blockSize, wanted.upperBound)
        try scratch.read((first - origin)..<(end - origin), channels: 0..<scratch.channelCount, into: &block)
        block.firstSample = first
        block.segment = index
        try body(&block)
      }
    }
  }
}
