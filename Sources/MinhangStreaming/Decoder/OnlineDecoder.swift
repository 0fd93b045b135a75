import MinhangAlgebra
import MinhangCore
import MinhangDecoding
import MinhangSignal

/// The decoder at work: takes blocks of samples as they come and says what the person intends.
///
/// It is a value that one task owns. Offline decoding is this same code fed as fast as the file can be read (law 1). What it emits depends on
/// the samples alone, never on how they were cut into blocks (law 2): a window that ends inside a block is computed from the same numbers as
/// one that ends with it.
///
/// A break in the samples (another segment, a hole in the sample indices, or a value that is not a finite number in any channel) restarts the
/// filters and the window; no window crosses it, and it is reported (laws 5 and 10).
public struct OnlineDecoder: Sendable {
  /// The longest time between decisions, seconds: a day.
  public static let longestStep = 86_400.0

  /// The decoder and all that was fixed with it.
  public let model: DecoderModel
  /// Seconds between decisions.
  public let step: Double
  /// Workers that compute the windows of a block; the bits do not depend on it.
  public let threads: Int
  /// The counts so far.
  public private(set) var summary = StreamSummary()

  private let windowLength: Int
  private let trialEnd: Int
  private var chain: CausalChain
  private var history: SignalHistory
  private var anchor: Anchor?
  private var run: Run?
  private var bad: Range<Int>?
  private var events: [ScheduledEvent] = []
  private var nextEvent = 0
  private var trials: [PendingTrial] = []
  private var piece = SignalBlock(channelCount: 0, sampleCount: 0)

  /// Where time hangs on the sample index: the first sample of an unbroken segment.
  private struct Anchor: Sendable {
    var segment: Int
    var sample: Int
    var time: Double
    var nextSample: Int
  }

  /// A stretch of usable samples under way: filters and windows began at its first.
  private struct Run: Sendable {
    var firstSample: Int
    var decisions = 0
  }

  /// A trial whose window is not complete yet.
  private struct PendingTrial: Sendable {
    var end: Int
    var onset: Double
    var label: String
  }

  /// Makes a decoder at its start.
  ///
  /// - Parameters:
  ///   - model: The fitted model.
  ///   - step: Seconds between decisions, at least one sample and at most `longestStep`.
  ///   - threads: Workers for the windows of one block, 1 or more.
  /// - Throws: `DecodingError` if the model's stages cannot be made at its rate.
  public init(model: DecoderModel, step: Double = 0.1, threads: Int = 1) throws(DecodingError) {
    precondition(
      step * model.sampleRate >= 1 && step <= Self.longestStep,
      "a step of \(step) s; expected one sample at \(model.sampleRate) Hz or more, and a day or less")
    let window = model.window.samples(at: model.sampleRate)
    self.model = model
    self.step = step
    self.threads = threads
    self.windowLength = window.count
    self.trialEnd = window.upperBound
    self.chain = try model.chain()
    self.history = SignalHistory(channelCount: model.channels.count, windowLength: window.count)
  }

  /// The delay of the causal stages, samples.
  public var latency: Int { chain.latency }

  /// Announces events that lie ahead.
  ///
  /// Each is emitted when its sample has come; those whose label the model's class map knows begin a trial. An event must be announced before
  /// the block that holds its sample.
  public mutating func schedule(_ coming: [ScheduledEvent]) {
    let waiting = events[nextEvent...] + coming
    // Stable: events of one sample keep the order in which they were announced.
    events = waiting.enumerated().sorted { ($0.element.sample, $0.offset) < ($1.element.sample, $1.offset) }.map(\.element)
    nextEvent = 0
  }

  /// Decodes a block.
  ///
  /// - Parameters:
  ///   - block: Samples of the model's channels, in its order, µV. The contents are consumed: filtered in place.
  ///   - startTime: Time of the block's first sample, seconds. It is taken where an unbroken segment begins; from there time counts samples.
  ///   - emit: Called with each record, in order.
  public mutating func process(_ block: inout SignalBlock, startTime: Double, emit: (StreamRecord) -> Void) {
    precondition(block.channelCount == model.channels.count, "\(block.channelCount) channels for a model of \(model.channels.count)")
    guard block.sampleCount > 0 else { return }
    noteSegment(of: block, startTime: startTime, emit: emit)
    let stretches = FiniteStretches(of: block)
    if stretches.isWhole {
      decode(&block, emit: emit)
    } else {
      for stretch in stretches.all {
        if stretch.isFinite {
          var part = piece
          piece = SignalBlock(channelCount: 0, sampleCount: 0)
          block.copy(stretch.range, into: &part)
          decode(&part, emit: emit)
          piece = part
        } else {
          skip((block.firstSample + stretch.range.lowerBound)..<(block.firstSample + stretch.range.upperBound), emit: emit)
        }
      }
    }
    anchor?.nextSample = block.sampleRange.upperBound
  }

  /// Ends the run: what could not be completed is counted.
  ///
  /// - Returns: The counts, also emitted as the last record by the session.
  public mutating func finish(emit: (StreamRecord) -> Void) -> StreamSummary {
    closeBadStretch(emit: emit)
    emitEvents(before: .max, emit: emit)
    summary.rejectedTrials += trials.count
    trials = []
    return summary
  }
}

// MARK: - Breaks

extension OnlineDecoder {
  private func time(ofSample sample: Int) -> Double {
    guard let anchor else { return Double(sample) / model.sampleRate }
    return anchor.time + Double(sample - anchor.sample) / model.sampleRate
  }

  /// Begins a new segment where the block does not continue the last one.
  private mutating func noteSegment(of block: SignalBlock, startTime: Double, emit: (StreamRecord) -> Void) {
    if let anchor, anchor.segment == block.segment, anchor.nextSample == block.firstSample { return }
    if let before = anchor {
      closeBadStretch(emit: emit)
      let missing = startTime - time(ofSample: before.nextSample)
      summary.gaps += 1
      summary.lostSamples += Int(exactly: (missing * model.sampleRate).rounded()).map { max(0, $0) } ?? 0
      emitEvents(before: block.firstSample, emit: emit)
      emit(.gap(StreamGap(sample: block.firstSample, time: startTime, missing: missing, cause: .missing)))
      summary.rejectedTrials += trials.count
      trials = []
    }
    anchor = Anchor(segment: block.segment, sample: block.firstSample, time: startTime, nextSample: block.firstSample)
    run = nil
  }

  /// Passes samples that hold no number: events are told, windows end here.
  private mutating func skip(_ samples: Range<Int>, emit: (StreamRecord) -> Void) {
    summary.samples += samples.count
    summary.lostSamples += samples.count
    bad = (bad?.lowerBound ?? samples.lowerBound)..<samples.upperBound
    run = nil
    emitEvents(before: samples.upperBound, emit: emit)
    let before = trials.count
    trials.removeAll { $0.end <= samples.upperBound }
    summary.rejectedTrials += before - trials.count
  }

  private mutating func closeBadStretch(emit: (StreamRecord) -> Void) {
    guard let stretch = bad else { return }
    bad = nil
    summary.gaps += 1
    let missing = Double(stretch.count) / model.sampleRate
    emit(.gap(StreamGap(sample: stretch.upperBound, time: time(ofSample: stretch.upperBound), missing: missing, cause: .notFinite)))
  }
}

// MARK: - Decoding

extension OnlineDecoder {
  /// Something to say once the samples before `end` have come; of one place, gaps come first, then events, decisions, trials.
  private struct Item {
    var end: Int
    var event: ScheduledEvent?
    var trial: PendingTrial?
  }

  /// Decodes samples that are all usable and continue the run, or begin one.
  private mutating func decode(_ part: inout SignalBlock, emit: (StreamRecord) -> Void) {
    closeBadStretch(emit: emit)
    if run == nil {
      run = Run(firstSample: part.firstSample)
      chain.reset()
      history.restart(at: part.firstSample)
    }
    summary.samples += part.sampleCount
    chain.process(&part)
    history.append(part)

    let end = part.sampleRange.upperBound
    let items = takeItems(before: end)
    let opinions = concurrentMap(count: items.count, threads: threads) { [model, history, items] i -> Opinion? in
      guard items[i].event == nil, let window = history.window(endingAt: items[i].end) else { return nil }
      return Opinion(classes: model.classes, probabilities: model.decoder.scores(of: window).probabilities)
    }
    for (item, opinion) in zip(items, opinions) { tell(item, opinion, emit: emit) }
  }

  /// What is to be said of the samples up to `end`, in order.
  private mutating func takeItems(before end: Int) -> [Item] {
    var items: [Item] = []
    while nextEvent < events.count, events[nextEvent].sample < end {
      items.append(Item(end: events[nextEvent].sample + 1, event: events[nextEvent]))
      beginTrial(events[nextEvent])
      nextEvent += 1
    }
    while var current = run {
      let decisionEnd = current.firstSample + windowLength + Int((Double(current.decisions) * step * model.sampleRate).rounded())
      guard decisionEnd <= end else { break }
      items.append(Item(end: decisionEnd))
      current.decisions += 1
      run = current
    }
    for trial in trials where trial.end <= end { items.append(Item(end: trial.end, trial: trial)) }
    trials.removeAll { $0.end <= end }
    return items.enumerated().sorted { ($0.element.end, $0.offset) < ($1.element.end, $1.offset) }.map(\.element)
  }

  private mutating func tell(_ item: Item, _ opinion: Opinion?, emit: (StreamRecord) -> Void) {
    if let event = item.event {
      emit(.event(StreamEvent(sample: event.sample, time: event.event.onset, label: event.event.label)))
    } else if let trial = item.trial {
      guard let opinion else {
        summary.rejectedTrials += 1
        return
      }
      let outcome = TrialOutcome(onset: trial.onset, label: trial.label, opinion: opinion)
      summary.trials += 1
      summary.correct += outcome.isCorrect ? 1 : 0
      emit(.trial(outcome))
    } else if let opinion {
      emit(.decision(Decision(sequence: summary.decisions, sample: item.end, time: time(ofSample: item.end), opinion: opinion)))
      summary.decisions += 1
    }
  }

  private mutating func beginTrial(_ event: ScheduledEvent) {
    guard let place = model.classMap.classIndex(ofLabel: event.event.label) else { return }
    guard event.isOnSample else {
      summary.rejectedTrials += 1
      return
    }
    trials.append(PendingTrial(end: event.sample + trialEnd, onset: event.event.onset, label: model.classes[place]))
  }

  private mutating func emitEvents(before end: Int, emit: (StreamRecord) -> Void) {
    while nextEvent < events.count, events[nextEvent].sample < end {
      tell(Item(end: events[nextEvent].sample + 1, event: events[nextEvent]), nil, emit: emit)
      beginTrial(events[nextEvent])
      nextEvent += 1
    }
  }
}
