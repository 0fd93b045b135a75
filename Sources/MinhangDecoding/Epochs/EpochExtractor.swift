import MinhangAlgebra
import MinhangCore
import MinhangRecordings
import MinhangSignal

// Goals: trials that are bit for bit those of the live path (the same stages, fed block by block); memory bounded by the trials and one block;
// everything left out is counted and named.

/// Cuts trials out of recordings: reads in blocks, runs the pipeline's causal stages, keeps the windows.
public struct EpochExtractor: Sendable {
  /// The pipeline whose stages run.
  public var pipeline: Pipeline
  /// The channels to take; nil: the pipeline's, else every channel that measures the brain.
  public var channels: ChannelSelection?
  /// The window; nil: the pipeline's, else `TrialWindow.standard`.
  public var window: TrialWindow?
  /// The classes; nil: the pipeline's, else found among the events.
  public var classes: ClassMap?
  /// Whether channels that the input check disqualifies in any file are left out in all.
  public var excludesBadChannels = true
  /// Whether the windows themselves are kept.
  ///
  /// If not, the pipeline's first steps, as far as they learn nothing, are applied to each window at once and only their output is kept: less
  /// memory and time, for trials that serve this pipeline alone. The scores have the same bits.
  public var keepsWindows = true
  /// Samples in a block; the result does not depend on it.
  public var blockSize = 1024
  /// Most threads to use, one file on each; the result does not depend on it.
  public var threads = 1

  /// Makes an extractor.
  public init(_ pipeline: Pipeline, channels: ChannelSelection? = nil, window: TrialWindow? = nil, classes: ClassMap? = nil) {
    self.pipeline = pipeline
    self.channels = channels
    self.window = window
    self.classes = classes
  }

  /// Cuts the trials out of recordings.
  ///
  /// - Parameter readers: The recordings; each is a run, in this order.
  /// - Returns: The trials, file after file, in the order of time, and what happened.
  /// - Throws: `DecodingError` where channels, rates, classes or windows do not fit or no trial is left; `RecordingError` where a file cannot
  ///   be read.
  public func extract(_ readers: [any RecordingReader]) throws -> (epochs: Epochs, report: ExtractionReport) {
    guard let first = readers.first else { throw DecodingError(.tooFewTrials, "no recordings; expected at least one") }
    let events = try readers.map { try $0.events() }
    let classMap = try classes ?? pipeline.classes ?? ClassMap(defaultFor: events.flatMap { $0 })
    try Self.requireEvents(of: classMap, in: events)
    let window = window ?? pipeline.window ?? .standard
    let (chosen, sampleRate) = try Self.chosenChannels(of: first.recording, channels ?? pipeline.channels)
    let inputs = try readers.enumerated().map { run, reader in
      try FileInput(reader, events: events[run], run: run, channels: chosen, sampleRate: sampleRate, classes: classMap, window: window)
    }
    var outputs = try cut(inputs, keeping: Array(chosen.indices), check: true)
    let excluded = excludesBadChannels ? Self.excluded(outputs, readers, names: chosen.map(\.name)) : []
    let kept = chosen.indices.filter { !excluded.map(\.index).contains($0) }
    guard !kept.isEmpty else {
      throw DecodingError(.channelMismatch, "all \(chosen.count) channels are disqualified; the first: \(excluded[0].reasons[0])")
    }
    let isSpoilt = outputs.contains { $0.findings.contains { $0.defect == .nonFinite && kept.contains($0.channel) } }
    if !excluded.isEmpty || isSpoilt {
      let findings = outputs.map(\.findings)
      outputs = try cut(inputs, keeping: kept, restarts: isSpoilt)
      for i in outputs.indices { outputs[i].findings = findings[i] }
    }
    return try assembled(
      outputs, inputs, channels: kept.map { chosen[$0].name }, sampleRate: sampleRate, window: window, classMap: classMap,
      excluded: excluded)
  }

  /// The channels of the first file that the selection takes; their one sampling rate.
  static func chosenChannels(
    of recording: RecordingInfo, _ selection: ChannelSelection?
  ) throws(DecodingError) -> (channels: [Channel], sampleRate: Double) {
    let file = FileInput.name(of: recording.path)
    let indices: [Int]
    do throws(ChannelSelection.Failure) {
      var taken = try (selection ?? .all).indices(in: recording.channels)
      // Without terms, what measures the brain.
      if selection?.included.isEmpty ?? true {
        taken.removeAll { !recording.channels[$0].kind.isNeural || !recording.channels[$0].isCalibrated }
      }
      indices = taken
    } catch {
      let problem =
        switch error {
        case .noSuchChannel(let name): "there is no channel \(name.quotedForDisplay())"
        case .noSuchKind(let kind): "there is no kind of channel \(kind.quotedForDisplay())"
        case .empty: "the selection leaves no channel"
        }
      throw DecodingError(
        .channelMismatch, "\(file.escapedForDisplay): \(problem); expected names of its \(recording.channels.count) channels")
    }
    guard let first = indices.first else {
      throw DecodingError(
        .channelMismatch, "\(file.escapedForDisplay): no channel measures the brain; expected some, or name the channels to take")
    }
    let channels = indices.map { recording.channels[$0] }
    let rate = recording.channels[first].sampleRate
    if let other = channels.first(where: { $0.sampleRate != rate }) {
      throw DecodingError(
        .rateMismatch,
        "\(file.escapedForDisplay): channel \(other.name.quotedForDisplay()) has \(other.sampleRate) Hz, channel"
          + " \(channels[0].name.quotedForDisplay()) \(rate) Hz; expected one rate: choose the channels")
    }
    return (channels, rate)
  }

  private static func requireEvents(of classMap: ClassMap, in events: [[Event]]) throws(DecodingError) {
    let labels = Set(events.joined().map(\.label))
    for entry in classMap.entries where !entry.labels.contains(where: { labels.contains($0) }) {
      let found = labels.sorted().prefix(12).map { $0.quotedForDisplay() }.joined(separator: ", ")
      throw DecodingError(
        .invalidClasses,
        "class \(entry.name.quotedForDisplay()): no event bears \(entry.labels.map { $0.quotedForDisplay() }.joined(separator: " or "));"
          + " found \(found.isEmpty ? "no events" : found)")
    }
  }

  private func cut(_ inputs: [FileInput], keeping kept: [Int], check: Bool = false, restarts: Bool = false) throws -> [FileOutput] {
    let (pipeline, blockSize) = (pipeline, blockSize)
    let steps = keepsWindows ? [] : try pipeline.fittedPrefix(classes: [])
    return try concurrentMap(count: inputs.count, threads: threads) { (index) throws(any Error) in
      try inputs[index].cut(with: pipeline, keeping: kept, blockSize: blockSize, check: check, restarts: restarts, applying: steps)
    }
  }

  /// The channels that the input check disqualifies, or that a recording's dataset calls bad.
  private static func excluded(
    _ outputs: [FileOutput], _ readers: [any RecordingReader], names: [String]
  ) -> [(index: Int, reasons: [String])] {
    var stated: [String: [String]] = [:]
    for reader in readers {
      let file = FileInput.name(of: reader.recording.path).escapedForDisplay
      for channel in reader.recording.channels where channel.isBad {
        stated[channel.name.lowercased(), default: []].append("\(file): the dataset calls it bad")
      }
    }
    return names.indices.compactMap { index in
      let reasons =
        (stated[names[index].lowercased()] ?? [])
        + outputs.flatMap { output in
          output.findings.filter { $0.channel == index && $0.isDisqualifying }.map { "\(output.file.escapedForDisplay): \($0.message)" }
        }
      return reasons.isEmpty ? nil : (index, reasons)
    }
  }

  private func assembled(
    _ outputs: [FileOutput], _ inputs: [FileInput], channels: [String], sampleRate: Double, window: TrialWindow, classMap: ClassMap,
    excluded: [(index: Int, reasons: [String])]
  ) throws(DecodingError) -> (Epochs, ExtractionReport) {
    let trials = outputs.flatMap(\.trials)
    let rejections = outputs.flatMap(\.rejections)
    guard !trials.isEmpty else {
      throw DecodingError(
        .tooFewTrials,
        "no trial is left: \(rejections.count) events of the classes were rejected"
          + (rejections.first.map {
            ", the first (at \($0.onset) s in \($0.file.escapedForDisplay)) because its window is \($0.reason.rawValue)"
          } ?? ""))
    }
    let epochs = Epochs(
      channels: channels, sampleRate: sampleRate, window: window, sampleCount: window.samples(at: sampleRate).count,
      classes: classMap.names, appliedSteps: keepsWindows ? [] : Array(pipeline.steps.prefix(pipeline.unlearnedPrefix)),
      values: trials.map(\.value), labels: trials.map(\.label), origins: trials.map(\.origin))
    var ignored: [String: Int] = [:]
    for input in inputs { for (label, count) in input.plan.ignored { ignored[label, default: 0] += count } }
    let names = inputs[0].channelNames
    let report = ExtractionReport(
      classMap: classMap, classMapIsDefault: classes == nil && pipeline.classes == nil, channels: channels, classCounts: epochs.classCounts,
      rejections: rejections,
      excludedChannels: excluded.map { ExtractionReport.ExcludedChannel(name: names[$0.index], reasons: $0.reasons) },
      notes: outputs.flatMap { output in
        output.findings.filter { !$0.isDisqualifying || !excludesBadChannels }.map { "\(output.file.escapedForDisplay): \($0.message)" }
      },
      ignoredEvents: ignored.keys.sorted().map { ExtractionReport.LabelCount(label: $0, count: ignored[$0] ?? 0) })
    return (epochs, report)
  }
}
