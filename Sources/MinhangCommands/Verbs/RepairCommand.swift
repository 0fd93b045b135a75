import ArgumentParser
import MinhangBCI

/// `minhang repair`: saves what is whole of a damaged recording.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Save what is whole of a damaged EDF, BDF or XDF file into a new file.",
    discussion: """
      minhang repair crashed.edf saved.edf

      Cut records, wrong numbers of records or header bytes (EDF, BDF), chunks that were cut or damaged (XDF). The bytes of the samples that
      are kept do not change. A file that needs nothing is said to be whole, and nothing is written.
      """)

  @Argument(help: "The damaged recording.")
  var input: String
  @Argument(help: "The new file.")
  var output: String
  @OptionGroup var target: OutputOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let result = try RecordingRepair.repair(path: input, to: WritingTarget(path: output, isReplacing: target.force))
    if result.lostBytes > 0 { console.warn("\(input): \(result.lostBytes) bytes are lost") }
    // What is still odd about the result is said by those who read it.
    if result.isNeeded {
      do throws(RecordingError) {
        console.warn(each: try Recording.open(path: output).recording.warnings.map { "\(output): \($0.message)" })
      } catch {
        console.warn("\(output): what was saved cannot be read yet: \(error.message)")
      }
    }
    if report.json { console.printSummary(json(result)) } else { print(text(result)) }
    try console.finish()
  }

  private func json(_ result: RepairReport) -> JSONValue {
    [
      "input": .string(input), "output": result.isNeeded ? .string(output) : .null, "format": .string(result.format),
      "needed": .bool(result.isNeeded), "unit": .string(result.unit), "kept": .integer(result.kept),
      "lost": result.lost.map { .integer($0) } ?? .null, "lost_bytes": .integer(result.lostBytes),
      "changes": .array(
        result.changes.map {
          ["field": .string($0.field), "byte": .integer($0.offset), "before": .string($0.before), "after": .string($0.after)]
        }),
    ]
  }

  private func text(_ result: RepairReport) -> String {
    guard result.isNeeded else {
      return "\(input.escapedForDisplay): \(result.format), \(result.kept) \(result.unit), all whole: nothing to repair, nothing written"
    }
    let lost = result.lost.map { "\($0) \(result.unit)" } ?? "an unknown number of \(result.unit)"
    var lines = [
      "\(output.escapedForDisplay): \(result.format)", "kept      \(result.kept) \(result.unit)",
      "lost      \(lost), \(result.lostBytes) bytes",
    ]
    for change in result.changes {
      lines.append(
        "repaired  \(change.field) at byte \(change.offset): \(change.before.quotedForDisplay()), now \(change.after.quotedForDisplay())")
    }
    return lines.joined(separator: "\n")
  }
}
