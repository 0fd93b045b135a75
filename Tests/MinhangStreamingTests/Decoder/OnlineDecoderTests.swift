import MinhangCore
import MinhangDecoding
import Testing

@testable import MinhangStreaming

struct OnlineDecoderTests {
  let signal = Fixture.recording.signal
  let events = Fixture.recording.events

  /// Two breaks in the recording and one channel without numbers for a while: everything that can interrupt a stream.
  private var broken: (signal: SignalBlock, timeline: Timeline) {
    var signal = signal
    for i in 3100..<3190 { signal[channel: 2, sample: i] = i % 2 == 0 ? .nan : .infinity }
    let count = signal.sampleCount
    let timeline = Timeline(
      sampleRate: Fixture.sampleRate,
      segments: [
        Segment(firstSample: 0, sampleCount: 1234, start: 0), Segment(firstSample: 1234, sampleCount: 766, start: 15.5),
        Segment(firstSample: 2000, sampleCount: count - 2000, start: 30.125),
      ])
    return (signal, timeline)
  }

  @Test func `what is said does not depend on how the samples are cut, bit for bit`() throws {
    let (signal, timeline) = broken
    let shifted = events.map { Event(onset: $0.onset + 2, label: $0.label) }
    let whole = try Fixture.records(signal, events: shifted, timeline: timeline, blocks: [signal.sampleCount])
    #expect(whole.gaps.count == 3)
    for size in [1, 7, 32, 4096] {
      #expect(try Fixture.records(signal, events: shifted, timeline: timeline, blocks: [size]) == whole, "blocks of \(size)")
    }
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let sizes = (0..<13).map { _ in 1 + generator.nextInteger(below: 500) }
      #expect(try Fixture.records(signal, events: shifted, timeline: timeline, blocks: sizes) == whole, "blocks of \(sizes)")
    }
  }

  @Test func `threads change no bit`() throws {
    let one = try Fixture.records(signal, events: events, blocks: [1000])
    #expect(try Fixture.records(signal, events: events, blocks: [1000], threads: 2) == one)
    #expect(try Fixture.records(signal, events: events, blocks: [1000], threads: 7) == one)
  }

  @Test func `a trial is judged as evaluation judges its window`() throws {
    let epochs = try Fixture.epochs()
    let decoder = try Fixture.model().decoder
    let trials = try Fixture.records(signal, events: events, blocks: [50]).trials
    #expect(trials.count == epochs.count)
    for (trial, (window, label)) in zip(trials, zip(epochs.trials, epochs.labels)) {
      #expect(trial.opinion.probabilities == decoder.scores(of: window).probabilities)
      #expect(trial.label == epochs.classes[label])
    }
  }

  @Test func `decisions come every step, each of the window that ends there`() throws {
    let decisions = try Fixture.records(signal, events: [], blocks: [333]).decisions
    #expect(decisions.map(\.sequence) == Array(0..<decisions.count))
    #expect(decisions.map(\.sample) == decisions.indices.map { 300 + 25 * $0 })
    #expect(decisions.allSatisfy { $0.time == Double($0.sample) / Fixture.sampleRate })
    #expect(decisions.last.map { $0.sample + 25 > signal.sampleCount } == true)
  }

  @Test func `a step that is no whole number of samples does not drift`() throws {
    let decisions = try Fixture.records(signal, events: [], blocks: [64], step: 0.0333).decisions
    #expect(decisions.map(\.sample) == decisions.indices.map { 300 + Int((Double($0) * 0.0333 * 100).rounded()) })
  }

  @Test func `after a gap everything starts anew`() throws {
    let cut = 1500
    let timeline = Timeline(
      sampleRate: Fixture.sampleRate,
      segments: [
        Segment(firstSample: 0, sampleCount: cut, start: 0), Segment(firstSample: cut, sampleCount: signal.sampleCount - cut, start: 99),
      ])
    let records = try Fixture.records(signal, events: [], timeline: timeline, blocks: [40])
    #expect(records.gaps == [StreamGap(sample: cut, time: 99, missing: 84, cause: .missing)])
    #expect(records.summary?.lostSamples == 8400)
    // The second stretch alone gives the same opinions: nothing of the first is left in filter or window.
    var alone = signal.slice(cut..<signal.sampleCount)
    alone.firstSample = 0
    let second = try Fixture.records(alone, events: [], blocks: [40]).decisions
    #expect(records.decisions.filter { $0.sample > cut }.map(\.opinion) == second.map(\.opinion))
    #expect(!records.decisions.contains { $0.sample > cut && $0.sample < cut + 300 })
  }

  @Test func `samples without a number are a gap, named and counted, and spoil nothing after them`() throws {
    var spoiled = signal
    for i in 1000..<1010 { spoiled[channel: 0, sample: i] = .nan }
    let records = try Fixture.records(spoiled, events: [], blocks: [17])
    #expect(records.gaps == [StreamGap(sample: 1010, time: 10.1, missing: 0.1, cause: .notFinite)])
    #expect(records.summary?.lostSamples == 10)
    #expect(records.summary?.samples == signal.sampleCount)
    #expect(records.decisions.allSatisfy { $0.opinion.probabilities.allSatisfy(\.isFinite) })
    #expect(records.decisions.first { $0.sample > 1010 }?.sample == 1310)
    // The stretch after them alone gives the same opinions: the filters, too, began anew.
    var alone = signal.slice(1010..<signal.sampleCount)
    alone.firstSample = 0
    let after = records.decisions.filter { $0.sample > 1010 }.map(\.opinion)
    #expect(after == (try Fixture.records(alone, events: [], blocks: [17]).decisions.map(\.opinion)))
    // A stream that ends without a number still says so.
    for i in (signal.sampleCount - 5)..<signal.sampleCount { spoiled[channel: 3, sample: i] = .infinity }
    #expect(try Fixture.records(spoiled, events: [], blocks: [17]).gaps.last?.sample == signal.sampleCount)
  }

  @Test func `trials that a gap or an end breaks are counted, not judged`() throws {
    let cue = 20.0
    let timeline = Timeline(
      sampleRate: 100,
      segments: [
        Segment(firstSample: 0, sampleCount: 2200, start: 0), Segment(firstSample: 2200, sampleCount: signal.sampleCount - 2200, start: 30),
      ])
    let end = 30 + Double(signal.sampleCount - 2200) / 100
    let labels = [Event(onset: cue, label: "left_hand"), Event(onset: 25, label: "right_hand"), Event(onset: end - 1, label: "left_hand")]
    let records = try Fixture.records(signal, events: labels, timeline: timeline, blocks: [100])
    #expect(records.trials.isEmpty)
    #expect(records.summary?.rejectedTrials == 3)
    // The event in the hole is still told, at the first sample after it.
    #expect(records.events.map(\.sample) == [2000, 2200, signal.sampleCount - 100])
  }

  @Test func `events and decisions come in the order of their samples, events first`() throws {
    let records = try Fixture.records(
      signal, events: [Event(onset: 2.99, label: "x"), Event(onset: 3.0, label: "y")], blocks: [signal.sampleCount])
    #expect(records[0] == .event(StreamEvent(sample: 299, time: 2.99, label: "x")))
    if case .decision(let first) = records[1] { #expect(first.sample == 300) } else { Issue.record("no decision: \(records[1])") }
    #expect(records[2] == .event(StreamEvent(sample: 300, time: 3, label: "y")))
  }
}
