import ArgumentParser
import MinhangBCI

/// `minhang pipelines`: the built-in pipelines and their YAML.
struct PipelinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipelines", abstract: "List the built-in pipelines, or show one as YAML.",
    discussion: "minhang pipelines\nminhang pipelines csp-lda > mine.yaml    # a start for your own")

  @Argument(help: "Show only this pipeline, as a YAML file.")
  var name: String?
  @OptionGroup var report: ReportOptions

  func run() throws {
    let chosen = try name.map { [try TrainingOptions.pipeline($0)] }
    let pipelines = chosen ?? Pipeline.builtIn
    if report.json {
      for pipeline in pipelines {
        print(JSONValue.object([.init("name", .string(pipeline.name)), .init("yaml", .string(pipeline.yaml))]).text)
      }
    } else {
      print(pipelines.map(\.yaml).map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined(separator: "---\n"), terminator: "")
    }
  }
}
