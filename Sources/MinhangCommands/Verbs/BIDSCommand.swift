import ArgumentParser
import MinhangBCI

/// `minhang bids`: recordings into a dataset that other programs can read.
struct BIDSCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bids", abstract: "Put recordings into a dataset in the Brain Imaging Data Structure (EEG or iEEG).",
    discussion: """
      minhang bids run1.edf run2.edf --out study --subject 01 --task motorimagery --line-frequency 50
      minhang bids run.xdf --out study --subject 02 --session pre --task rest --line-frequency 60 --reference Cz

      EDF and BDF files are copied byte for byte, others are written anew (--format), as BrainVision where it can hold them. Several inputs
      are runs in their order. A dataset that is there gets the recordings added; a recording that is there is replaced with --force only.
      """)

  @Argument(help: "The recordings; several are runs of one task.")
  var inputs: [String]
  @Option(help: "The dataset's folder; made where it is missing.")
  var out: String
  @Option(help: "Who was recorded, letters and digits: 01.")
  var subject: String
  @Option(help: "The task, letters and digits: motorimagery.")
  var task: String
  @Option(help: "The visit, letters and digits.")
  var session: String?
  @Option(name: .customLong("run"), help: "Number of the run, of the first one where there are several inputs.")
  var firstRun: String?
  @Option(help: "Name of the dataset; by default that of its folder.")
  var datasetName: String?
  @Option(help: "Frequency of the mains where it was recorded: 50, 60, or n/a.")
  var lineFrequency: String
  @Option(help: "The reference electrode or scheme, in words.")
  var reference: String?
  @Option(help: "The ground electrode, in words.")
  var ground: String?
  @Option(help: "Who made the amplifier.")
  var manufacturer: String?
  @Option(help: "Format of recordings that are written anew: vhdr (BrainVision), bdf, edf.")
  var format: String?
  @Flag(help: "Take out who was recorded, by whom, where and when, as `minhang anonymize` does.")
  var anonymize = false
  @Flag(help: "With --anonymize: keep the texts of annotations; see to it yourself that they name nobody.")
  var keepAnnotations = false
  @Option(
    parsing: .unconditional, help: "With --anonymize: move dates by so many days instead of cutting them; BIDS wants years up to 1925.")
  var shiftDays: Int?
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var target: OutputOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard inputs.count > 0 else { throw ValidationError("there is no recording; expected at least one") }
    if lineFrequency != "n/a" {
      guard let frequency = Double(lineFrequency), frequency > 0, frequency <= 1000 else {
        throw ValidationError("--line-frequency is \(lineFrequency.quotedForDisplay()); expected 50, 60 (Hz) or n/a")
      }
    }
    guard keepAnnotations == false || anonymize else { throw ValidationError("--keep-annotations goes with --anonymize") }
    guard shiftDays == nil || anonymize else { throw ValidationError("--shift-days goes with --anonymize") }
    if let shiftDays, shiftDays.magnitude > 100_000 { throw ValidationError("--shift-days is \(shiftDays); expected -100000…100000") }
    if let format, BIDSRecordingCopy.format(format) == nil {
      throw ValidationError("--format is \(format.quotedForDisplay()); expected \(BIDSRecordingCopy.formats.joined(separator: ", "))")
    }
  }

  func run() throws {
    let console = Console(report)
    let places = try inputs.indices.map { index in
      let label = try runLabel(index)
      do throws(RecordingError) {
        return try BIDSPlace(root: out, subject: subject, session: session, task: task, run: label)
      } catch { throw CommandFailure(.usage, error.message) }
    }
    let description = BIDSDescription(
      datasetName: datasetName ?? Self.folderName(out), powerLineFrequency: Double(lineFrequency), reference: reference, ground: ground,
      manufacturer: manufacturer, version: Minhang.version)
    // Everything is opened, and every name known to be free, before the first byte is written.
    let copies = try zip(inputs, places).map { input, place in
      try BIDSRecordingCopy(
        input: input, writer: BIDSWriter(place: place, description: description, isReplacing: target.force), command: self, console: console
      )
    }
    if reference == nil { console.note("the reference is not known: --reference says it; written as n/a") }
    var written: [JSONValue] = []
    for copy in copies {
      let summary = try copy.write(console: console)
      written.append(summary.json)
      if !report.json { print(summary.text) }
    }
    if report.json { console.printSummary(["dataset": .string(out), "recordings": .array(written)]) }
    try console.finish()
  }

  /// The run of an input: as given, counted on; several inputs are always numbered.
  private func runLabel(_ index: Int) throws -> String? {
    guard inputs.count > 1 else { return firstRun }
    let first = firstRun ?? "1"
    guard let number = Int(first), number >= 0, number < 1_000_000_000 - inputs.count else {
      throw CommandFailure(.usage, "--run is \(first.quotedForDisplay()); expected a number")
    }
    let text = String(number + index)
    return String(repeating: "0", count: max(0, first.count - text.count)) + text
  }

  private static func folderName(_ path: String) -> String {
    let name = String(path.split(separator: "/").last { $0 != "." && $0 != ".." } ?? "")
    return name.isEmpty ? "dataset" : name
  }
}
