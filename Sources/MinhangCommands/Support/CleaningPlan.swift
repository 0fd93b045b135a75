import MinhangBCI

/// One thing that `clean` does, in the order in which the command line asks for it.
enum CleaningStep: Equatable {
  case badChannels
  case line(Double)
  case eog([String])
  case subspace(Double)
  case components
}

/// What a step found and did, for the report.
struct CleaningFinding {
  var step: String
  var lines: [String]
  var json: JSONValue
  /// What makes the step's result doubtful.
  var warning: String?
}

/// A recording in memory, segment by segment, on its way through the steps of `clean`.
struct CleaningRun {
  var recording: OpenedRecording
  var segments: [SignalBlock]
  var settings: Settings
  var findings: [CleaningFinding] = []

  /// The numbers of the steps.
  struct Settings {
    var lineComponents = 1
    var removedComponents: [Int] = []
    var eogChannels: [String] = []
    var componentThreshold = 0.5
    var seed: UInt64 = 1
    var lineFrequency: Double?
  }

  private var names: [String] { recording.chosen.map(\.name) }

  /// Reads the chosen samples: what the steps need is the whole signal.
  init(_ recording: OpenedRecording, settings: Settings) throws {
    self.recording = recording
    self.settings = settings
    var reader = recording.reader
    segments = []
    for (index, segment) in recording.timeline.segments.enumerated() {
      let part = segment.sampleRange.clamped(to: recording.samples)
      guard !part.isEmpty else { continue }
      var block = try reader.read(part, of: recording.channels)
      block.segment = index
      segments.append(block)
    }
  }

  mutating func apply(_ step: CleaningStep) throws {
    switch step {
    case .badChannels: try repairBadChannels()
    case .line(let frequency): try removeLine(frequency)
    case .eog(let names): try regress(names)
    case .subspace(let cutoff): try reconstruct(cutoff)
    case .components: try removeComponents()
    }
  }

  /// Runs a stage over all segments, anew in each.
  private mutating func run(_ stage: any CausalStage) {
    var stage = stage
    for place in segments.indices {
      stage.reset()
      stage.process(&segments[place])
    }
  }

  private mutating func repairBadChannels() throws {
    var detector = try BadChannelDetector(channels: recording.chosen, lineFrequency: settings.lineFrequency)
    for segment in segments { detector.add(segment) }
    let found = detector.findings()
    let bad = Set(found.map(\.name)).sorted()
    if !bad.isEmpty { run(try SpatialFilter.interpolation(of: bad, in: names)) }
    findings.append(
      CleaningFinding(
        step: "bad-channels", lines: found.isEmpty ? ["none found"] : found.map { "\($0.message); interpolated" },
        json: .array(
          found.map {
            [
              "channel": .string($0.name), "criterion": .string($0.criterion.rawValue), "value": .number($0.value),
              "threshold": .number($0.threshold),
            ]
          })))
  }

  private mutating func removeLine(_ frequency: Double) throws {
    let transform = try ZapLine(
      lineFrequency: frequency, sampleRate: recording.sampleRate, removedCount: settings.lineComponents)
    var scores: [Double] = []
    for place in segments.indices {
      if place == 0 { scores = try transform.scores(of: segments[place]) }
      segments[place] = try transform.applied(to: segments[place])
    }
    let shown = scores.prefix(5).map { JSONValue.decimal(($0 * 1000).rounded() / 1000) }.joined(separator: ", ")
    findings.append(
      CleaningFinding(
        step: "line",
        lines: ["\(settings.lineComponents) component(s) at \(JSONValue.decimal(frequency)) Hz and harmonics removed; scores \(shown) …"],
        json: ["frequency": .number(frequency), "removed": .integer(settings.lineComponents), "scores": .numbers(scores)]))
  }

  private mutating func regress(_ wanted: [String]) throws {
    let eog = try places(of: wanted, option: "--eog")
    let others = names.indices.filter { !eog.contains($0) }
    let fitted = try EOGRegression(channels: others, artefactChannels: eog).fit(segments)
    run(fitted.stage())
    let largest = (0..<fitted.coefficients.rows).flatMap { r in (0..<fitted.coefficients.columns).map { abs(fitted.coefficients[r, $0]) } }
      .max()
    findings.append(
      CleaningFinding(
        step: "eog",
        lines: ["\(wanted.joined(separator: ", ")) regressed out of \(others.count) channels; the largest coefficient is \(largest ?? 0)"],
        json: [
          "artefact_channels": .strings(wanted), "channels": .strings(others.map { names[$0] }),
          "coefficients": .array((0..<fitted.coefficients.rows).map { .numbers(Array(fitted.coefficients.row($0))) }),
        ]))
  }

  private mutating func reconstruct(_ cutoff: Double) throws {
    var method = ArtifactSubspaceReconstruction()
    method.cutoff = cutoff
    guard let longest = segments.max(by: { $0.sampleCount < $1.sampleCount }) else { return }
    let fitted = try method.fit(longest, sampleRate: recording.sampleRate)
    let transform = try WholeSignalSubspaceReconstruction(fitted)
    var (changed, total) = (0, 0)
    for place in segments.indices {
      let cleaned = try transform.applied(to: segments[place])
      for t in 0..<cleaned.sampleCount {
        let isChanged = (0..<cleaned.channelCount).contains { cleaned[channel: $0, sample: t] != segments[place][channel: $0, sample: t] }
        changed += isChanged ? 1 : 0
      }
      total += cleaned.sampleCount
      segments[place] = cleaned
    }
    findings.append(
      CleaningFinding(
        step: "asr", lines: ["cutoff \(JSONValue.decimal(cutoff)): \(changed) of \(total) samples reconstructed"],
        json: ["cutoff": .number(cutoff), "changed_samples": .integer(changed), "samples": .integer(total)]))
  }

  private mutating func removeComponents() throws {
    guard let longest = segments.max(by: { $0.sampleCount < $1.sampleCount }) else { return }
    var method = IndependentComponentAnalysis()
    method.seed = settings.seed
    let fitted = try method.fit(longest)
    let eog = try places(of: settings.eogChannels, option: "--ica-eog")
    var artefacts: SignalBlock?
    if !eog.isEmpty {
      var block = SignalBlock(channelCount: eog.count, sampleCount: longest.sampleCount, firstSample: longest.firstSample)
      for (row, place) in eog.enumerated() {
        for t in 0..<longest.sampleCount { block[channel: row, sample: t] = longest[channel: place, sample: t] }
      }
      artefacts = block
    }
    let table = try fitted.table(
      of: longest, artefactChannels: artefacts, lineFrequency: settings.lineFrequency, sampleRate: recording.sampleRate)
    let automatic = table.filter { $0.largestCorrelation >= settings.componentThreshold }.map(\.component)
    let removed = Set(settings.removedComponents + (eog.isEmpty ? [] : automatic)).sorted()
    if let outside = removed.first(where: { $0 < 0 || $0 >= fitted.componentCount }) {
      throw CommandFailure(.usage, "--ica-remove has component \(outside); expected 0…\(fitted.componentCount - 1)")
    }
    if !removed.isEmpty { run(fitted.stage(removing: removed)) }
    var lines = [
      "\(fitted.componentCount) components in \(fitted.iterations) rounds; removed \(removed)"
    ]
    for row in table.prefix(12) {
      lines.append(
        "component \(row.component): \(percent(row.explainedVariance)) of the variance, kurtosis \(short(row.kurtosis)),"
          + " largest correlation \(short(row.largestCorrelation))\(removed.contains(row.component) ? "; removed" : "")")
    }
    findings.append(
      CleaningFinding(
        step: "ica", lines: lines,
        json: [
          "converged": .bool(fitted.converged), "iterations": .integer(fitted.iterations), "removed": .array(removed.map { .integer($0) }),
          "components": .array(
            table.map {
              [
                "component": .integer($0.component), "explained_variance": .number($0.explainedVariance), "kurtosis": .number($0.kurtosis),
                "correlations": .numbers($0.correlations), "line_share": .number($0.lineShare),
              ]
            }),
        ], warning: fitted.converged ? nil : "ICA did not converge in \(fitted.iterations) rounds: its components may mix sources"))
  }

  private func places(of wanted: [String], option: String) throws -> [Int] {
    try wanted.map { name in
      guard let place = names.firstIndex(where: { ChannelName.matches($0, name) }) else {
        throw CommandFailure(.usage, "\(option) channel \(name.quotedForDisplay()) is not among the channels taken")
      }
      return place
    }
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
  private func short(_ value: Double) -> String { JSONValue.decimal((value * 1000).rounded() / 1000) }
}
