import ArgumentParser
import MinhangBCI

/// `minhang events`: the events of a recording, as in BIDS.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "List the events of a recording: onset, duration (seconds), trial_type, sample.",
    discussion: "minhang events run.edf > run_events.tsv")

  @Argument(help: "The recording.")
  var file: String
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let reader = try OpenedRecording.reader(path: file, console: console)
    // The sample column counts samples of the first ordinary channel; a file of annotations only has none.
    let timeline = reader.recording.channels.isEmpty ? nil : reader.recording.timeline(of: 0)
    var table = Table(columns: ["onset", "duration", "trial_type", "sample"])
    for event in try reader.events() {
      let sample = timeline?.sample(atTime: event.onset)
      table.rows.append([
        .number(event.onset), event.duration.map { .number($0) } ?? .missing, .text(event.label), sample.map { .integer($0) } ?? .missing,
      ])
    }
    print(table.text(json: report.json), terminator: "")
    try console.finish()
  }
}
