import ArgumentParser
import MinhangBCI

/// `minhang convert`: the same recording in another format.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write a recording in another format, chosen by the suffix.",
    discussion: """
      minhang convert run.bdf run.edf
      minhang convert run.bdf run200.edf --resample 200
      minhang convert run.edf c3c4.csv --channels C3,C4 --crop 10:20

      Between EDF and BDF, stored numbers stay as they are where the target can hold them; gaps, events and native rates are kept. What the
      target cannot hold is said on standard error.
      """)

  @Argument(help: "The recording.")
  var input: String
  @Argument(help: "The new file: .edf .bdf .csv .tsv .npy .xdf .vhdr.")
  var output: String
  @Option(help: "Bring every channel to this sampling rate, Hz.")
  var resample: Double?
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var target: OutputOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    _ = try RecordingOutput(output: output)
    let reader = try OpenedRecording.reader(path: input, console: console)
    var export = try SignalExport(copying: reader, selection: selection, target: target, console: console)
    if let resample { try export.resample(to: resample) }
    let summary = try export.write(to: output)
    if report.json { console.printSummary(summary.json) } else { print(summary.text) }
    try console.finish()
  }
}
