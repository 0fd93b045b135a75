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
  @Argument(help: "The new file: .edf .bdf .csv .tsv .npy .xdf .vhdr.")
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
  @Option(parsing: .singleValue, help: "Surface Laplacian of the small or the large neighbourhood.")
  var laplacian: [SpatialFilter.LaplacianSize] = []
  @Flag(help: "Current source density by spherical splines, µV/m².")
  var csd = false
  @Option(parsing: .singleValue, help: "Bipolar derivations: C3-C4,F3-F4; only they come out.")
  var bipolar: [String] = []
  @Option(parsing: .singleValue, help: "Interpolate these channels from the others by spherical splines.")
  var interpolate: [String] = []
  @Option(help: "Order of the band filters' low-pass prototype, 1…20.")
  var order = 4
  @Option(help: "Family of the band filters: butterworth, chebyshev1, chebyshev2, elliptic, bessel, or fir (MNE's default design).")
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
  @Flag(help: "With --zero-phase: Gustafsson's treatment of the ends instead of reflection.")
  var gustafsson = false
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

  private static func names(_ text: String) -> [String] { text.split(separator: ",").map { String($0).trimmingSpaces } }

  private static func pairs(_ text: String) throws -> [SpatialFilter.Pair] {
    try names(text).map { word in
      let ends = word.split(separator: "-").map { String($0).trimmingSpaces }
      guard ends.count == 2 else {
        throw CommandFailure(.usage, "--bipolar has \(word.quotedForDisplay()); expected two channels, like C3-C4")
      }
      return SpatialFilter.Pair(ends[0], ends[1])
    }
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
          text == "average" ? .average : .reference(Self.names(text))
        },
        "--laplacian": laplacian.map { .laplacian($0) }, "--csd": csd ? [.currentSourceDensity] : [],
        "--bipolar": try bipolar.map { .bipolar(try Self.pairs($0)) }, "--interpolate": interpolate.map { .interpolate(Self.names($0)) },
      ])
    _ = try RecordingOutput(output: output)
    guard !steps.isEmpty else {
      throw CommandFailure(
        .usage,
        "nothing to do: expected --bandpass, --bandstop, --highpass, --lowpass, --notch, --peak, --comb, --reference, --laplacian, --csd,"
          + " --bipolar or --interpolate")
    }
    var recording = try OpenedRecording(path: input, options: selection, console: console)
    try recording.excludeBadChannels(console: console, keep: keepBad)
    let plan = FilterPlan(
      steps: steps, family: family, order: order, ripple: ripple, attenuation: attenuation, quality: quality, isZeroPhase: zeroPhase,
      isGustafsson: gustafsson)
    let planned: PlannedFilter
    do {
      planned = try plan.planned(names: recording.chosen.map(\.name), sampleRate: recording.sampleRate, threads: work.threads)
    } catch let error as SignalError {
      throw CommandFailure(.usage, "\(input): \(error.description)")
    }
    let run = FilterRun(recording: recording, filter: planned, threads: work.threads)
    var export = try SignalExport(
      recording: recording, prefilter: plan.description, target: target, console: console, pass: try run.pass())
    export.rename(planned.names, unit: planned.unit)
    if let resample { try export.resample(to: resample) }
    let summary = try export.write(to: output)
    if report.json { console.printSummary(summary.json) } else { print(summary.text) }
    try console.finish()
  }
}
