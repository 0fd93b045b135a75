import MinhangCore
import MinhangRecordings
import MinhangSignal
import Testing

@testable import MinhangDecoding

struct EpochExtractorTests {
  let window: TrialWindow

  init() throws { window = try TrialWindow(start: 0.5, stop: 1.75) }

  func extractor(_ pipeline: Pipeline? = nil) throws -> EpochExtractor {
    EpochExtractor(try pipeline ?? Pipeline.named("csp-lda"), window: window)
  }

  @Test func `trials are the stretches of the whole filtered signal, for any block size`() throws {
    let reader = MemoryReader.random("S001R01.edf")
    var copy = reader
    var whole = try copy.read(0..<4000, of: [0, 1, 2, 3])
    var chain = try Pipeline.named("csp-lda").chain(sampleRate: 100, channels: ["C3", "Cz", "C4", "Pz"])
    chain.process(&whole)
    for blockSize in [1, 7, 64, 1000, 100_000] {
      var extractor = try extractor()
      extractor.blockSize = blockSize
      let (epochs, report) = try extractor.extract([reader])
      #expect(epochs.count == 12 && epochs.labels.prefix(4) == [0, 1, 0, 1] && epochs.classes == ["T1", "T2"])
      #expect(report.classMapIsDefault && report.classCounts == [6, 6] && report.ignoredEvents.map(\.label) == ["T0"])
      for (trial, origin) in zip(epochs.trials, epochs.origins) {
        let first = Int(origin.onset * 100) + 50
        #expect(origin.samples == first..<(first + 125))
        for c in 0..<4 { #expect(trial.channel(c).elementsEqual(whole.channel(c)[(whole.channel(c).startIndex + first)...].prefix(125))) }
      }
    }
  }

  @Test func `a cutter fed by hand gives the same windows, overlapping ones too`() throws {
    let events = (0..<10).map { Event(onset: 1 + 0.3 * Double($0), label: "T\($0 % 2 + 1)") }
    let plan = try TrialPlan(
      events: events, timeline: Timeline(sampleRate: 100, sampleCount: 700), classes: ClassMap(text: "T1,T2"), window: window)
    let signal = SignalBlock(contiguous: (0..<1400).map(Double.init), channelCount: 2)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      var cutter = TrialCutter(plan.trials, channelCount: 2)
      var found: [Int] = []
      var first = 0
      while first < 700 {
        let count = min(700 - first, 1 + generator.nextInteger(below: 90))
        var block = SignalBlock(channelCount: 2, sampleCount: count, firstSample: first)
        for c in 0..<2 { for t in 0..<count { block[channel: c, sample: t] = signal[channel: c, sample: first + t] } }
        cutter.add(block) { place, window in
          found.append(place)
          let samples = plan.trials[place].samples
          for c in 0..<2 { #expect(window.channel(c).elementsEqual(signal.channel(c).dropFirst(samples.lowerBound).prefix(samples.count))) }
        }
        first += count
      }
      #expect(found == Array(0..<10) && cutter.pendingCount == 0)
    }
  }

  @Test func `without the windows, what the first steps made of them scores with the same bits`() throws {
    let readers = (0..<3).map { MemoryReader.random("S00\($0)R01.edf", seed: UInt64($0)) }
    for pipeline in Pipeline.builtIn {
      var extractor = try extractor(pipeline)
      let whole = try extractor.extract(readers).epochs
      extractor.keepsWindows = false
      extractor.threads = 2
      let small = try extractor.extract(readers).epochs
      #expect(small.trials.isEmpty && small.count == whole.count && small.sampleCount == 125)
      let evaluation = Evaluation(scheme: .leaveOneRunOut)
      #expect(try evaluation.run(pipeline, on: small) == evaluation.run(pipeline, on: whole))
      let other = try Pipeline(name: "other", preprocess: [], steps: [.covariance(.empirical), .csp(filters: 2), .lda(.ledoitWolf)])
      #expect {
        try other.fit(small)
      } throws: { ($0 as? DecodingError)?.code == .invalidPipeline && "\($0)".contains("the trials have passed \(pipeline.steps[0].key)") }
    }
  }

  @Test func `a window that misses samples is not handed out`() throws {
    let plan = try TrialPlan(
      events: [0.1, 1, 3].map { Event(onset: $0, label: "T1") }, timeline: Timeline(sampleRate: 100, sampleCount: 500),
      classes: ClassMap(text: "T1,T2"), window: TrialWindow(start: 0, stop: 0.5))
    var cutter = TrialCutter(plan.trials, channelCount: 1)
    cutter.recyclesWindows = true
    var found: [Int] = []
    for (first, count) in [(0, 120), (130, 200), (330, 170)] {
      cutter.add(SignalBlock(contiguous: [Double](repeating: 1, count: count), channelCount: 1, firstSample: first)) { place, window in
        found.append(place)
        #expect(window.channel(0).allSatisfy { $0 == 1 })
      }
    }
    #expect(found == [0, 2])
  }

  @Test func `no window crosses a gap, stages start anew behind it, rejects are counted`() throws {
    let spans = [TimeSpan(start: 0, duration: 13), TimeSpan(start: 15, duration: 27)]
    let gapped = MemoryReader.random("gap.edf", spans: spans)
    let (epochs, report) = try extractor().extract([gapped])
    // Cues at 2, 5, 8, 11 | 14 in the gap | 17 … 35 s: 12 events, of which the one in the gap is lost.
    #expect(epochs.count == 11)
    #expect(report.rejections.map(\.reason) == [.crossesGap] && report.rejections[0].onset == 14)
    #expect(report.rejectionCounts.map(\.count) == [1])
    var second = gapped
    var block = try second.read(1300..<4000, of: [0, 1, 2, 3])
    var chain = try Pipeline.named("csp-lda").chain(sampleRate: 100, channels: ["C3", "Cz", "C4", "Pz"])
    chain.process(&block)
    let trial = try #require(epochs.trials.firstIndex { $0.segment == 1 })
    let start = epochs.origins[trial].samples.lowerBound - 1300
    #expect(epochs.trials[trial].channel(0).elementsEqual(block.channel(0).dropFirst(start).prefix(125)))
  }

  @Test func `channels that are bad in any file are left out in all and named`() throws {
    let good = MemoryReader.random("a.edf", seed: 1)
    let bad = MemoryReader.random("b.edf", seed: 2) { samples in
      samples[1][777] = .nan
      for t in samples[3].indices { samples[3][t] = 5 }
    }
    let (epochs, report) = try extractor().extract([good, bad])
    #expect(epochs.channels == ["C3", "C4"])
    #expect(report.excludedChannels.map(\.name) == ["Cz", "Pz"])
    #expect(report.excludedChannels[0].reasons[0].contains("b.edf") && report.excludedChannels[0].reasons[0].contains("777"))
    #expect(epochs.count == 24 && epochs.trials.allSatisfy { $0.isFinite })
    // Nothing of the bad channels is left: the same files without them give the same trials.
    let (alone, _) = try extractor().extract([
      MemoryReader.random("a.edf", names: ["C3", "Cz", "C4", "Pz"], seed: 1), bad,
    ])
    #expect(alone.trials == epochs.trials)
  }

  @Test func `an average reference is taken over the channels that are left`() throws {
    let pipeline = try Pipeline(
      name: "car", preprocess: [.averageReference], steps: [.logVariance, .lda(.ledoitWolf)])
    let bad = MemoryReader.random("b.edf") { samples in for t in samples[1].indices { samples[1][t] = 1e6 } }
    let (epochs, report) = try extractor(pipeline).extract([bad])
    #expect(report.excludedChannels.map(\.name) == ["Cz"])
    for t in 0..<epochs.sampleCount {
      let sum = (0..<3).reduce(0.0) { $0 + epochs.trials[0][channel: $1, sample: t] }
      #expect(abs(sum) < 1e-10)
    }
  }

  @Test func `kept bad channels cost the trials they spoil, counted`() throws {
    var keeping = try extractor()
    keeping.excludesBadChannels = false
    let bad = MemoryReader.random("b.edf") { $0[1][2100] = .infinity }
    let (epochs, report) = try keeping.extract([bad])
    #expect(epochs.channels.count == 4)
    // Only the window of the cue at 20 s holds sample 2100; behind it the stages start anew, as they do live.
    #expect(report.rejections.map(\.reason) == [.notFinite] && report.rejections[0].onset == 20 && epochs.count == 11)
    var copy = bad
    var rest = try copy.read(2101..<4000, of: [0, 1, 2, 3])
    var chain = try Pipeline.named("csp-lda").chain(sampleRate: 100, channels: epochs.channels)
    chain.process(&rest)
    let first = try #require(epochs.origins.last).samples.lowerBound - 2101
    #expect(try #require(epochs.trials.last).channel(1).elementsEqual(rest.channel(1).dropFirst(first).prefix(125)))
    #expect(report.notes.contains { $0.contains("Cz") })
  }

  @Test func `files are matched by the names of their channels`() throws {
    let first = MemoryReader.random("a.edf", seed: 1)
    let turned = MemoryReader.random("b.edf", names: ["Pz..", "c4", "CZ", "EEG C3"], seed: 2)
    let (epochs, _) = try extractor().extract([first, turned])
    var copy = turned
    var block = try copy.read(0..<4000, of: [3, 2, 1, 0])
    var chain = try Pipeline.named("csp-lda").chain(sampleRate: 100, channels: epochs.channels)
    chain.process(&block)
    let trial = try #require(epochs.origins.firstIndex { $0.run == 1 })
    #expect(epochs.trials[trial].channel(0).elementsEqual(block.channel(0).dropFirst(epochs.origins[trial].samples.lowerBound).prefix(125)))
    #expect {
      try extractor().extract([first, MemoryReader.random("c.edf", names: ["C3", "Pz", "Oz", "O1"])])
    } throws: { "\($0)" == "c.edf: 2 of 4 channels are missing: Cz, C4; expected every one of them" }
    #expect {
      try extractor().extract([first, MemoryReader.random("d.edf", rate: 128)])
    } throws: { "\($0)".contains("d.edf") && "\($0)".contains("128.0 Hz") && "\($0)".contains("100.0 Hz") }
  }

  @Test func `a class without events is refused by name`() throws {
    var extractor = try extractor()
    extractor.classes = try ClassMap(text: "left=T1,feet=T9")
    #expect {
      try extractor.extract([MemoryReader.random("a.edf")])
    } throws: { "\($0)".hasPrefix("class \"feet\": no event bears \"T9\"; found \"T0\", \"T1\", \"T2\"") }
  }

  @Test func `only channels of the brain are taken unless told otherwise`() throws {
    let reader = MemoryReader.random("a.edf")
    var channels = reader.recording.channels
    channels[3].kind = .eog
    let copy = reader
    let mixed = MemoryReader(
      path: "a.edf", channels: channels, samples: (0..<4).map { c in (try? copy.readAll(c)) ?? [] }, events: try reader.events())
    #expect(try extractor().extract([mixed]).epochs.channels == ["C3", "Cz", "C4"])
    var named = try extractor()
    named.channels = ChannelSelection(included: [.name("pz"), .name("C3")])
    #expect(try named.extract([mixed]).epochs.channels == ["Pz", "C3"])
  }
}

extension MemoryReader {
  fileprivate func readAll(_ channel: Int) throws -> [Double] {
    var copy = self
    return Array(try copy.read(0..<recording.channels[channel].sampleCount, of: [channel]).channel(0))
  }
}
