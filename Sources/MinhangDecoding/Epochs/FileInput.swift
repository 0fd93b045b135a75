import MinhangCore
import MinhangRecordings
import MinhangSignal

/// One recording that trials are cut out of.
struct FileInput: Sendable {
  let reader: any RecordingReader
  let file: String
  let subject: String
  let run: Int
  /// The wanted channels as this file has them.
  let channels: [Channel]
  /// Their names in the first file.
  let channelNames: [String]
  let timeline: Timeline
  let plan: TrialPlan

  /// The name of a file without its folders.
  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  init(
    _ reader: any RecordingReader, events: [Event], run: Int, channels wanted: [Channel], sampleRate: Double, classes: ClassMap,
    window: TrialWindow
  ) throws(DecodingError) {
    let recording = reader.recording
    self.reader = reader
    self.run = run
    file = Self.name(of: recording.path)
    subject = SubjectName.of(file: recording.path)
    channelNames = wanted.map(\.name)
    let indices = try ChannelMatch.indices(of: channelNames, in: recording.channels.map(\.name), place: file)
    channels = indices.map { recording.channels[$0] }
    if let other = channels.first(where: { $0.sampleRate != sampleRate }) {
      throw DecodingError(
        .rateMismatch,
        "\(file.escapedForDisplay): channel \(other.name.quotedForDisplay()) has \(other.sampleRate) Hz, the first file \(sampleRate) Hz;"
          + " expected one rate in all files")
    }
    timeline = recording.timeline(of: indices[0])
    plan = try TrialPlan(events: events, timeline: timeline, classes: classes, window: window)
  }

  /// Reads, checks, filters and cuts.
  ///
  /// Each segment is read from its first sample, where the stages start anew, to the end of its last window; segments without a window are
  /// not read.
  ///
  /// - Parameters:
  ///   - kept: Places, among the wanted channels, of those to take.
  ///   - check: Whether the input is inspected.
  ///   - restarts: Whether the stages start anew behind samples that are not finite, as they do live; costs a look at every sample.
  ///   - steps: Steps that are applied to each window at once; none keeps the windows.
  func cut(
    with pipeline: Pipeline, keeping kept: [Int], blockSize: Int, check: Bool, restarts: Bool, applying steps: [any FittedStep]
  ) throws -> FileOutput {
    var output = FileOutput(file: file)
    for (event, reason) in plan.rejected {
      output.rejections.append(TrialRejection(file: file, onset: event.onset, label: event.label, reason: reason))
    }
    var reader = reader
    let taken = kept.map { channels[$0] }
    var inspection = InputCheck(channels: taken)
    var chain = try pipeline.chain(sampleRate: timeline.sampleRate, channels: kept.map { channelNames[$0] })
    var cutter = TrialCutter(plan.trials, channelCount: taken.count)
    cutter.recyclesWindows = !steps.isEmpty
    var workspace = DecoderWorkspace()
    func keep(_ place: Int, _ window: SignalBlock) {
      let event = plan.trials[place].event
      guard window.isFinite else {
        output.rejections.append(TrialRejection(file: file, onset: event.onset, label: event.label, reason: .notFinite))
        return
      }
      let origin = TrialOrigin(
        file: file, onset: event.onset, label: event.label, run: run, subject: subject, samples: plan.trials[place].samples)
      let value = steps.reduce(TrialValue.window(window)) { $1.apply($0, using: &workspace) }
      output.trials.append((value, plan.trials[place].classIndex, origin))
    }
    for (index, segment) in timeline.segments.enumerated() {
      guard let end = plan.trials.filter({ $0.segment == index }).map(\.samples.upperBound).max() else { continue }
      chain.reset()
      try reader.forEachBlock(of: taken.map(\.index), blockSize: blockSize, from: segment.firstSample..<end) { block in
        if check { inspection.inspect(block) }
        if restarts && !block.isFinite {
          var part = SignalBlock(channelCount: 0, sampleCount: 0)
          for stretch in FiniteStretches(of: block).all {
            block.copy(stretch.range, into: &part)
            if stretch.isFinite { chain.process(&part) } else { chain.reset() }
            cutter.add(part) { keep($0, $1) }
          }
        } else {
          chain.process(&block)
          cutter.add(block) { keep($0, $1) }
        }
      }
    }
    if check { output.findings = inspection.findings() }
    return output
  }
}

/// What came out of one recording.
struct FileOutput: Sendable {
  let file: String
  var trials: [(value: TrialValue, label: Int, origin: TrialOrigin)] = []
  var rejections: [TrialRejection] = []
  var findings: [ChannelFinding] = []

  init(file: String) { self.file = file }
}
