import ArgumentParser
import MinhangBCI

/// `minhang clean`: takes artefacts out of a recording, and says what it took.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Take artefacts out of a recording and write it to a new file; the steps run in the order given.",
    discussion: """
      minhang clean run.edf clean.edf --bad-channels --line 50 --asr 20
      minhang clean run.edf clean.edf --ica --ica-eog Fp1,Fp2
      minhang filter run.edf high.edf --highpass 0.5 && minhang clean high.edf clean.edf --asr 20    # as ASR wants it

      Line removal, ASR and ICA look at the whole recording, which is held in memory (eight bytes a sample): offline only. What each step found
      is printed. Their fits see the recording they clean: for an honest score fit on training data in a program, not here before `evaluate`.
      """)

  @Argument(help: "The recording.")
  var input: String
  @Argument(help: "The new file: .edf .bdf .csv .tsv .npy .xdf .vhdr.")
  var output: String
  @Flag(help: "Find bad channels (flat, deviating, noisy, uncorrelated, line) and interpolate them by spherical splines.")
  var badChannels = false
  @Option(help: "Take out the mains at HZ and its harmonics (ZapLine).")
  var line: Double?
  @Option(help: "Components of the mains to take out.")
  var lineComponents = 1
  @Option(help: "Regress these channels (EOG or frontal) out of the others.")
  var eog: String?
  @Option(help: "Artifact subspace reconstruction with this cutoff, standard deviations of the calibration (5 strict … 30 mild).")
  var asr: Double?
  @Flag(help: "Independent components: with --ica-remove or --ica-eog, else only their table.")
  var ica = false
  @Option(help: "Components to remove, as the table numbers them, separated by commas.")
  var icaRemove: String?
  @Option(help: "Remove the components that correlate with these channels by at least --ica-threshold.")
  var icaEog: String?
  @Option(help: "Correlation from which on a component counts as that of an --ica-eog channel.")
  var icaThreshold = 0.5
  @Flag(help: "Keep channels that fail the input check.")
  var keepBad = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var target: OutputOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard lineComponents >= 1 else { throw ValidationError("--line-components is \(lineComponents); expected 1 or more") }
    if let asr, !(asr > 0 && asr.isFinite) { throw ValidationError("--asr is \(asr); expected standard deviations above 0") }
    guard icaThreshold > 0, icaThreshold <= 1 else {
      throw ValidationError("--ica-threshold is \(icaThreshold); expected 0 < threshold ≤ 1")
    }
    if !ica && (icaRemove != nil || icaEog != nil) { throw ValidationError("--ica-remove and --ica-eog need --ica") }
    _ = try componentNumbers()
    guard badChannels || line != nil || eog != nil || asr != nil || ica else {
      throw ValidationError("nothing to do: expected --bad-channels, --line, --eog, --asr or --ica")
    }
  }

  private func componentNumbers() throws -> [Int] {
    try (icaRemove ?? "").split(separator: ",").map { word in
      guard let number = Int(String(word).trimmingSpaces), number >= 0 else {
        throw ValidationError("--ica-remove has \(String(word).quotedForDisplay()); expected whole numbers from 0")
      }
      return number
    }
  }

  private func names(_ text: String?) -> [String] { text?.split(separator: ",").map { String($0).trimmingSpaces } ?? [] }

  func run() throws {
    let console = Console(report)
    _ = try RecordingOutput(output: output)
    let steps = OptionOrder.sorted(
      CommandLineEntry.words,
      [
        "--bad-channels": badChannels ? [CleaningStep.badChannels] : [], "--line": line.map { [.line($0)] } ?? [],
        "--eog": eog.map { [.eog(names($0))] } ?? [], "--asr": asr.map { [.subspace($0)] } ?? [], "--ica": ica ? [.components] : [],
      ])
    var recording = try OpenedRecording(path: input, options: selection, console: console)
    // Bad channels are found by stricter criteria in a step of their own: there, what the input check would leave out is repaired.
    if !badChannels { try recording.excludeBadChannels(console: console, keep: keepBad) }
    var settings = CleaningRun.Settings()
    settings.lineComponents = lineComponents
    settings.removedComponents = try componentNumbers()
    settings.eogChannels = names(icaEog)
    settings.componentThreshold = icaThreshold
    settings.seed = seed.seed
    settings.lineFrequency = line
    var run = try CleaningRun(recording, settings: settings)
    let progress = console.progress("clean", total: steps.count)
    for (done, step) in steps.enumerated() {
      do {
        try run.apply(step)
      } catch let error as SignalError {
        throw CommandFailure(.badData, "\(input): \(error.description)")
      }
      progress.update(done + 1)
    }
    progress.clear()
    console.warn(each: run.findings.compactMap(\.warning).map { "\(input): \($0)" })
    let segments = run.segments
    let export = try SignalExport(
      recording: recording, prefilter: "", target: target, console: console,
      pass: { body in
        for segment in segments {
          var block = segment
          try body(&block)
        }
      })
    var summary = try export.write(to: output)
    summary.figures.append(("steps", .object(run.findings.map { .init($0.step, $0.json) })))
    if report.json {
      console.printSummary(summary.json)
    } else {
      for finding in run.findings { for line in finding.lines { print("\(finding.step)\t\(line.escapedForDisplay)") } }
    }
    try console.finish()
  }
}
