import MinhangCore
import MinhangDecoding
import MinhangSimulation
import MinhangStreaming

/// A small recording in memory and a decoder fitted to it.
enum Fixture {
  static let sampleRate = 100.0
  static let channelCount = 6

  /// Six channels of simulated motor imagery at 100 Hz, and their events.
  static let recording: (signal: SignalBlock, events: [Event]) = {
    var plan = SimulationPlan()
    plan.channelCount = channelCount
    plan.sampleRate = sampleRate
    plan.trials = 12
    plan.signalToNoise = 6
    guard var simulation = try? EEGSimulation(plan) else { preconditionFailure("the plan \(plan) cannot be simulated") }
    return (simulation.readAll(), simulation.events)
  }()

  static let classMap = try? ClassMap(text: "left_hand,right_hand")
  static let channels = (0..<channelCount).map { "C\($0)" }

  /// The trials of the recording, cut without the code under test: filtered at once, sliced.
  static func epochs() throws -> Epochs {
    let pipeline = try Pipeline.named("csp-lda")
    var filtered = recording.signal
    var chain = try pipeline.chain(sampleRate: sampleRate, channels: channels)
    chain.process(&filtered)
    let window = TrialWindow.standard.samples(at: sampleRate)
    var (trials, labels, origins): ([SignalBlock], [Int], [TrialOrigin]) = ([], [], [])
    for event in recording.events {
      guard let label = classMap?.classIndex(ofLabel: event.label) else { continue }
      let cue = Int((event.onset * sampleRate).rounded(.toNearestOrEven))
      let samples = (cue + window.lowerBound)..<(cue + window.upperBound)
      guard samples.upperBound <= filtered.sampleCount else { continue }
      trials.append(filtered.slice(samples))
      labels.append(label)
      origins.append(TrialOrigin(file: "f", onset: event.onset, label: event.label, run: 0, subject: "s", samples: samples))
    }
    return Epochs(
      channels: channels, sampleRate: sampleRate, window: .standard, classes: ["left_hand", "right_hand"], trials: trials, labels: labels,
      origins: origins)
  }

  static func model() throws -> DecoderModel {
    guard let classMap else { preconditionFailure("the class map does not read") }
    return try DecoderModel(
      fitting: try Pipeline.named("csp-lda"), to: try epochs(), classMap: classMap,
      training: TrainingRecord(files: [], classCounts: [6, 6]))
  }

  /// What the decoder says of a signal cut into blocks of the given sizes, one after the other and again.
  static func records(
    _ signal: SignalBlock, events: [Event], timeline: Timeline? = nil, blocks: [Int], threads: Int = 1, step: Double = 0.25
  ) throws -> [StreamRecord] {
    let timeline = timeline ?? Timeline(sampleRate: sampleRate, sampleCount: signal.sampleCount)
    var decoder = try OnlineDecoder(model: try model(), step: step, threads: threads)
    decoder.schedule(events.map { ScheduledEvent($0, on: timeline) })
    var records: [StreamRecord] = []
    var turn = 0
    for (index, segment) in timeline.segments.enumerated() {
      var next = segment.firstSample
      while next < segment.sampleRange.upperBound {
        let end = min(next + blocks[turn % blocks.count], segment.sampleRange.upperBound)
        turn += 1
        var block = signal.slice(next..<end)
        block.segment = index
        decoder.process(&block, startTime: timeline.time(ofSample: next)) { records.append($0) }
        next = end
      }
    }
    let summary = decoder.finish { records.append($0) }
    return records + [.summary(summary)]
  }
}

extension SignalBlock {
  /// Some samples as a block of their own.
  func slice(_ samples: Range<Int>) -> SignalBlock {
    var part = SignalBlock(channelCount: channelCount, sampleCount: samples.count, firstSample: samples.lowerBound)
    for c in 0..<channelCount { for (i, sample) in samples.enumerated() { part[channel: c, sample: i] = self[channel: c, sample: sample] } }
    return part
  }
}

extension [StreamRecord] {
  var decisions: [Decision] { compactMap { if case .decision(let decision) = $0 { decision } else { nil } } }
  var trials: [TrialOutcome] { compactMap { if case .trial(let trial) = $0 { trial } else { nil } } }
  var gaps: [StreamGap] { compactMap { if case .gap(let gap) = $0 { gap } else { nil } } }
  var events: [StreamEvent] { compactMap { if case .event(let event) = $0 { event } else { nil } } }
  var summary: StreamSummary? { if case .summary(let summary) = last { summary } else { nil } }
}
