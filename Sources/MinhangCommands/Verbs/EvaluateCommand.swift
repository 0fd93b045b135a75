import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang evaluate`: an honest score of pipelines on recordings.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score pipelines on trials that they were not fitted on.",
    discussion: """
      minhang evaluate S001R04.edf S001R08.edf S001R12.edf --classes left_hand=T1,right_hand=T2 --json
      minhang evaluate run*.edf --pipeline csp-lda --pipeline mine.yaml --scheme blocked --permutations 1000

      Whatever learns is fitted inside each fold, on its training trials alone. The scores are those of the causal filter that runs live.
      """)

  @Argument(help: "The recordings; each is one run.")
  var files: [String]
  @Option(parsing: .singleValue, help: "A built-in pipeline or a YAML file; several compare. Default csp-lda.")
  var pipeline: [String] = []
  @Flag(help: "Include each trial's prediction in the JSON.")
  var predictions = false
  @OptionGroup var options: TrainingOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let pipelines = try (pipeline.isEmpty ? ["csp-lda"] : pipeline).map { try TrainingOptions.pipeline($0) }
    let training = try TrainingFiles(paths: files, options: options, threads: work.threads, console: console)
    let evaluation = try options.evaluation(files: files.count, seed: seed.seed, threads: work.threads)
    let progress = console.progress("evaluate", total: pipelines.count)
    var scores: [PipelineScores] = []
    var folds = 0
    var excluded: [String] = []
    var rejected = 0
    for (place, pipeline) in pipelines.enumerated() {
      let (epochs, report) = try training.trials(for: pipeline, console: console)
      folds = try evaluation.folds(of: epochs).count
      scores.append(try evaluation.run(pipeline, on: epochs))
      for warning in scores[place].warnings { console.warn("\(pipeline.name): \(warning)") }
      excluded = report.excludedChannels.map(\.name)
      rejected = report.rejections.count
      progress.update(place + 1)
    }
    progress.clear()
    let result = EvaluationResult(scheme: evaluation.scheme, folds: folds, seed: seed.seed, pipelines: scores)
    let shown = EvaluationReport(result: result, hasPredictions: predictions, excludedChannels: excluded, rejectedTrials: rejected)
    if report.json {
      print(shown.json.text)
    } else {
      print(Console.outputIsTerminal ? shown.summary : shown.table.tsv, terminator: "")
    }
    try console.finish()
  }
}
