import ArgumentParser
import MinhangBCI

/// `minhang decode`: the decision stream of a recording, as fast as it can be read.
struct DecodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Decode a recording: the stream of `minhang stream`, offline. JSON Lines.",
    discussion: "minhang decode run.edf --model model.minhang | jq 'select(.type==\"trial\")'")

  @Argument(help: "The recording.")
  var file: String
  @OptionGroup var options: StreamOptions
  @Option(help: "Take only this stretch, START:END in seconds; either side may be empty.")
  var crop: TimeRange?
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func run() async throws {
    let console = Console(report)
    try await StreamRun.file(file, options: options, crop: crop, speed: .maximum, threads: work.threads, console: console)
    try console.finish()
  }
}
