import ArgumentParser
import Foundation
import MinhangBCI

/// What `train` and `evaluate` have in common: recordings, classes, window, folds.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: "Classes and the event labels that make them: left_hand=T1,right_hand=T2; labels are joined by +. Default: every label but rest.")
  var classes: String?
  @Option(parsing: .unconditional, help: "The window around each event, START:END in seconds. Default the pipeline's, else 0.5:3.5.")
  var window: String?
  @Option(help: "Channels to take: names (C3,Cz) or type:eeg.")
  var channels: String?
  @Option(help: "Channels to leave out, in the same words.")
  var exclude: String?
  @Option(
    help:
      "blocked, k-fold, leave-one-run-out, leave-one-subject-out or train-test. Default leave-one-run-out, or blocked for a single file.")
  var scheme: String?
  @Option(help: "Number of folds of blocked and k-fold.")
  var folds = 5
  @Option(help: "Permutations of the labels for the p-value; 0 for none.")
  var permutations = 0
  @Flag(help: "Keep channels that fail the input check.")
  var keepBad = false

  func validate() throws {
    if let scheme, !EvaluationScheme.names.contains(scheme) {
      throw ValidationError("--scheme is \(scheme.quotedForDisplay()); expected one of \(EvaluationScheme.names.joined(separator: ", "))")
    }
    guard (2...1000).contains(folds) else { throw ValidationError("--folds is \(folds); expected 2…1000") }
    guard (0...1_000_000).contains(permutations) else { throw ValidationError("--permutations is \(permutations); expected 0…1000000") }
    do throws(DecodingError) {
      if let classes { _ = try ClassMap(text: classes) }
      if let window { _ = try TrialWindow(text: window) }
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The pipeline of a name, or of a YAML file.
  static func pipeline(_ name: String) throws -> Pipeline {
    let isFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    guard isFile else {
      do throws(DecodingError) { return try Pipeline.named(name) } catch { throw CommandFailure(.usage, error.description) }
    }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(fileURLWithPath: name)) } catch {
      throw CommandFailure(
        FileManager.default.fileExists(atPath: name) ? .inputOutput : .noInput,
        "\(name): the pipeline file cannot be read; expected a YAML file, or a name that `minhang pipelines` lists")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.badData, "\(name): the pipeline file is not UTF-8 text; expected YAML")
    }
    return try Pipeline(yaml: text, source: name)
  }

  /// How the trials are divided.
  func evaluation(files: Int, seed: UInt64, threads: Int) throws -> Evaluation {
    let name = scheme ?? (files > 1 ? "leave-one-run-out" : "blocked")
    return Evaluation(
      scheme: try EvaluationScheme(name: name, folds: folds), seed: seed, permutations: permutations, threads: threads)
  }
}

/// The recordings of a run, opened once, and the trials that a pipeline sees in them.
struct TrainingFiles {
  var readers: [any RecordingReader]
  var options: TrainingOptions
  var threads: Int

  init(paths: [String], options: TrainingOptions, threads: Int, console: Console) throws {
    readers = try paths.map { try OpenedRecording.reader(path: $0, console: console) }
    self.options = options
    self.threads = threads
  }

  /// The trials of a pipeline; what was left out goes to the console.
  func trials(for pipeline: Pipeline, console: Console) throws -> (epochs: Epochs, report: ExtractionReport) {
    let selection = ChannelSelection(
      included: try options.channels.map { try ChannelSelection.terms($0) } ?? [],
      excluded: try options.exclude.map { try ChannelSelection.terms($0) } ?? [])
    var extractor = EpochExtractor(
      pipeline, channels: selection == .all ? nil : selection, window: try options.window.map { try TrialWindow(text: $0) },
      classes: try options.classes.map { try ClassMap(text: $0) })
    extractor.excludesBadChannels = !options.keepBad
    extractor.threads = threads
    extractor.keepsWindows = false
    let (epochs, report) = try extractor.extract(readers)
    if report.classMapIsDefault { console.note("classes \(report.classMap.shown); state others with --classes") }
    console.explain(
      "\(pipeline.name): \(epochs.count) trials of \(report.channels.count) channels, window \(epochs.window) s at"
        + " \(JSONValue.decimal(epochs.sampleRate)) Hz; events of no class: "
        + report.ignoredEvents.map { "\($0.label) × \($0.count)" }.joined(separator: ", "))
    for channel in report.excludedChannels {
      console.warn("channel \(channel.name) left out: \(channel.reasons.joined(separator: "; "))")
    }
    console.warn(each: report.notes)
    for (reason, count) in report.rejectionCounts { console.warn("\(count) trial\(count == 1 ? "" : "s") left out: \(reason.rawValue)") }
    return (epochs, report)
  }
}

extension ClassMap {
  /// The map for people: a class that bears the name of its label is just that name.
  fileprivate var shown: String {
    entries.map { $0.labels == [$0.name] ? $0.name : "\($0.name)=\($0.labels.joined(separator: "+"))" }.joined(separator: ", ")
  }
}
