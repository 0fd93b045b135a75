import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang train`: fits a pipeline and saves the decoder.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Fit a pipeline to recordings and save the decoder as one open file.",
    discussion: """
      minhang train run1.edf run2.edf --pipeline csp-lda --classes left_hand=T1,right_hand=T2 -o hands.minhang

      The file is a ZIP of model.json and NumPy arrays: `unzip -p hands.minhang model.json` shows what is in it. It holds the channels, the
      rate, the filter's sections, the classes, the hashes of the training files and the cross-validation. The same training gives the same bytes.
      """)

  @Argument(help: "The recordings; each is one run.")
  var files: [String]
  @Option(help: "A built-in pipeline or a YAML file.")
  var pipeline = "csp-lda"
  @Option(name: .shortAndLong, help: "The model file to write.")
  var output: String
  @Flag(inversion: .prefixedNo, help: "Cross-validate before the fit on all trials.")
  var evaluation = true
  @OptionGroup var target: OutputOptions
  @OptionGroup var options: TrainingOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let pipeline = try TrainingOptions.pipeline(pipeline)
    let training = try TrainingFiles(paths: files, options: options, threads: work.threads, console: console)
    let (epochs, extraction) = try training.trials(for: pipeline, console: console)
    let result = evaluation ? try crossValidate(pipeline, epochs, console: console) : nil
    let model = try DecoderModel(
      fitting: pipeline, to: epochs, classMap: extraction.classMap,
      training: TrainingRecord(
        files: try training.readers.map(\.recording).flatMap { try $0.files.map(TrainingRecord.File.init(path:)) },
        classCounts: epochs.classCounts,
        excludedChannels: extraction.excludedChannels.map(\.name), seed: seed.seed),
      evaluation: result.map { EvaluationRecord($0.pipelines[0], scheme: $0.scheme, seed: $0.seed) }, threads: work.threads)
    for warning in model.warnings { console.warn("\(pipeline.name): \(warning)") }
    try model.write(to: output, replacing: target.force, inputs: training.readers.flatMap(\.recording.files))
    let digest = try ContentDigest.sha256(ofFile: output)
    show(model, epochs: epochs, result: result, digest: digest)
    try console.finish()
  }

  private func crossValidate(_ pipeline: Pipeline, _ epochs: Epochs, console: Console) throws -> EvaluationResult? {
    let evaluation = try options.evaluation(files: files.count, seed: seed.seed, threads: work.threads)
    do throws(DecodingError) {
      let scores = try evaluation.run(pipeline, on: epochs)
      let folds = try evaluation.folds(of: epochs).count
      return EvaluationResult(scheme: evaluation.scheme, folds: folds, seed: seed.seed, pipelines: [scores])
    } catch {
      // Too few trials to hold some out is no reason not to train, but nobody should believe in a score.
      console.warn("no cross-validation: \(error.description)")
      return nil
    }
  }

  private func show(_ model: DecoderModel, epochs: Epochs, result: EvaluationResult?, digest: String) {
    let scores = result?.pipelines.first
    if report.json {
      let json: JSONValue = [
        "model": .string(output), "sha256": .string(digest), "pipeline": .string(model.pipeline.name), "trials": .integer(epochs.count),
        "classes": .object(zip(epochs.classes, epochs.classCounts).map { .init($0, .integer($1)) }),
        "channels": .strings(model.channels), "sampling_rate": .number(model.sampleRate),
        "evaluation": result.map {
          EvaluationReport(result: $0, hasPredictions: false, excludedChannels: [], rejectedTrials: 0).json
        } ?? .null,
      ]
      print(json.text)
      return
    }
    let classes = zip(epochs.classes, epochs.classCounts).map { "\($0.escapedForDisplay) × \($1)" }.joined(separator: ", ")
    print("model      \(output)")
    print("sha256     \(digest)")
    print(
      "pipeline   \(model.pipeline.name), \(model.channels.count) channels at \(JSONValue.decimal(model.sampleRate)) Hz, window \(model.window) s"
    )
    print("trials     \(epochs.count): \(classes)")
    if let result, let scores {
      let auc = scores.rocAUC.map { String(format: ", ROC AUC %.3f", $0) } ?? ""
      let accuracy = String(
        format: "accuracy %.3f (chance %.3f, 95 %% of guesses below %.3f)", scores.accuracy, scores.chance.majority, scores.chance.threshold
      )
      print("evaluation \(result.scheme.name), \(result.folds) folds: \(accuracy)\(auc)")
    }
  }
}

extension TrainingRecord.File {
  /// The record of a file: its name, hash and size.
  fileprivate init(path: String) throws {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let size = try FileManager.default.attributesOfItem(atPath: target)[.size] as? Int else {
      throw CommandFailure(.inputOutput, "\(path): its size is not known; expected a file")
    }
    self.init(
      name: path.split(separator: "/").last.map(String.init) ?? path, sha256: try ContentDigest.sha256(ofFile: path),
      bytes: size)
  }
}
