import ArgumentParser
import MinhangBCI

/// `minhang anonymize`: a copy without who, where and when.
struct AnonymizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anonymize", abstract: "Copy a recording without who was recorded, by whom, where and when.",
    discussion: """
      minhang anonymize run.edf run_anonymous.edf
      minhang anonymize run.vhdr sub-01.vhdr --shift-days -20000 --keep-annotations

      EDF, BDF, GDF, BrainVision (three files, renamed), XDF. Samples stay byte for byte, and so do channel names, units and calibrations.
      Dates are cut unless --shift-days moves them. Annotations and markers stay where they are codes (769, S  1, T2); others are cut unless
      --keep-annotations. Texts on transducers and filters stay where every word is technical; names of streams become their type and a number.
      The output keeps the input's format; what is packed by gzip (.xdfz, .edf.gz) is written unpacked.
      """)

  @Argument(help: "The recording.")
  var input: String
  @Argument(help: "The new file, with the suffix of the input.")
  var output: String
  @Option(parsing: .unconditional, help: "Move dates by so many days instead of cutting them; negative into the past.")
  var shiftDays: Int?
  @Flag(help: "Keep the texts of annotations and markers: see to it yourself that they name nobody.")
  var keepAnnotations = false
  @OptionGroup var target: OutputOptions
  @OptionGroup var report: ReportOptions

  private static func suffix(_ path: String) -> String {
    path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
  }

  func validate() throws {
    if let shiftDays, shiftDays.magnitude > 100_000 { throw ValidationError("--shift-days is \(shiftDays); expected -100000…100000") }
  }

  /// Suffixes that tell people what a file is.
  private static let suffixes = ["edf", "bdf", "gdf", "vhdr", "xdf", "csv", "tsv", "npy"]

  func run() throws {
    let console = Console(report)
    let (from, to) = (Self.suffix(input), Self.suffix(output))
    guard from == to || !Self.suffixes.contains(from) || !Self.suffixes.contains(to) else {
      throw CommandFailure(
        .usage, "\(output): the suffix is \(to.quotedForDisplay()); expected \(from.quotedForDisplay()): the format stays")
    }
    guard !["gz", "xdfz"].contains(to) else {
      throw CommandFailure(.usage, "\(output): the suffix is \(to.quotedForDisplay()); expected another: the output is not packed")
    }
    let result = try Anonymization.anonymize(
      path: input, to: WritingTarget(path: output, isReplacing: target.force),
      options: AnonymizationOptions(shiftDays: shiftDays, keepsAnnotations: keepAnnotations))
    console.warn(each: result.warnings.map { "\(input): \($0.message)" })
    if result.cutBytes > 0 {
      console.warn("\(input): \(result.cutBytes) bytes that belong to no whole part of the recording were left out")
    }
    if keepAnnotations { console.note("the texts of annotations are kept as they are; they may name somebody") }
    if result.cutAnnotations > 0 { console.note("\(result.cutAnnotations) annotations or markers were cut; --keep-annotations keeps them") }
    if report.json {
      let json: JSONValue = [
        "input": .string(input), "output": .string(output), "format": .string(result.format), "files": .strings(result.files),
        "cleared": .strings(result.cleared), "cut_annotations": .integer(result.cutAnnotations), "cut_bytes": .integer(result.cutBytes),
        "sample_bytes": .integer(result.sampleBytes),
      ]
      console.printSummary(json)
    } else {
      print("\(output.escapedForDisplay): \(result.format), \(result.sampleBytes) bytes of samples unchanged")
      print("cleared  \(result.cleared.map(\.escapedForDisplay).joined(separator: ", "))")
    }
    try console.finish()
  }
}
