import MinhangCore
import Testing

@testable import MinhangSignal

struct InputCheckTests {
  private static let calibration = Calibration(digitalMinimum: -2048, digitalMaximum: 2047, physicalMinimum: -1, physicalMaximum: 1)

  private static func channels(_ kinds: [ChannelKind], unit: PhysicalUnit = .microvolt, calibration: Calibration? = nil) -> [Channel] {
    kinds.enumerated().map { Channel(index: $0, name: "ch\($0)", kind: $1, unit: unit, sampleRate: 100, calibration: calibration) }
  }

  /// 1000 samples at 100 Hz with one defect in each of four channels, the fifth clean.
  private static let spoilt: SignalBlock = {
    var signal = TestSignals.drifting(channels: 5, samples: 1000)
    for i in 0..<5 * 1000 { signal[channel: i / 1000, sample: i % 1000] *= 1e-3 }
    signal[channel: 0, sample: 321] = .nan
    signal[channel: 0, sample: 700] = -.infinity
    for i in 400..<550 { signal[channel: 1, sample: i] = 0.5 }
    for i in 250..<349 { signal[channel: 2, sample: i] = 0.25 }
    for i in stride(from: 100, to: 140, by: 2) { signal[channel: 3, sample: i] = i % 4 == 0 ? 1000 : -1000 }
    return signal
  }()

  private func findings(_ blocks: [SignalBlock], _ channels: [Channel]) -> [ChannelFinding] {
    var check = InputCheck(channels: channels)
    for block in blocks { check.inspect(block) }
    return check.findings()
  }

  @Test func `each defect is named, counted and placed`() {
    let channels = Self.channels([.eeg, .eeg, .eeg, .eeg, .eeg], unit: .millivolt, calibration: Self.calibration)
    let found = findings([Self.spoilt], channels)
    #expect(found.map(\.channel) == [0, 1, 3])
    #expect(found.map(\.defect) == [.nonFinite, .flat, .atRail])
    #expect(found.map(\.count) == [2, 150, 20])
    #expect(found.map(\.firstSample) == [321, 400, 100])
    #expect(found.map(\.isDisqualifying) == [true, true, true])
    #expect(found[0].message == "channel \"ch0\": 2 of 1000 samples are NaN or infinite, the first at sample 321 (3.21 s)")
  }

  @Test func `findings do not depend on how the signal is cut`() {
    let channels = Self.channels([.eeg, .eeg, .eeg, .eeg, .eeg], unit: .millivolt, calibration: Self.calibration)
    let whole = findings([Self.spoilt], channels)
    for cuts in TestSignals.cuttings(of: 1000) { #expect(findings(cuts.map { TestSignals.cut(Self.spoilt, $0) }, channels) == whole) }
  }

  @Test func `a stretch that ends the signal counts, one that a gap cuts does not join`() {
    var flat = SignalBlock(channelCount: 1, sampleCount: 99)
    #expect(findings([flat], Self.channels([.eeg])).isEmpty)
    flat = SignalBlock(channelCount: 1, sampleCount: 100)
    #expect(findings([flat], Self.channels([.eeg])).map(\.count) == [100])
    let first = SignalBlock(channelCount: 1, sampleCount: 60)
    let follows = SignalBlock(channelCount: 1, sampleCount: 60, firstSample: 60)
    let elsewhere = SignalBlock(channelCount: 1, sampleCount: 60, firstSample: 60, segment: 1)
    #expect(findings([first, follows], Self.channels([.eeg])).map(\.count) == [120])
    #expect(findings([first, elsewhere], Self.channels([.eeg])).isEmpty)
    // Samples that are missing within a segment break a stretch too.
    let later = SignalBlock(channelCount: 1, sampleCount: 60, firstSample: 90)
    #expect(findings([first, later], Self.channels([.eeg])).isEmpty)
    // The stretch after a gap is one of its own: it counts from its own first sample.
    let long = SignalBlock(channelCount: 1, sampleCount: 120, firstSample: 60, segment: 1)
    let found = findings([first, long], Self.channels([.eeg]))
    #expect(found.map(\.count) == [120] && found.map(\.firstSample) == [60])
    // A flat stretch of its own length ends at a gap, even where the next block goes on at another level.
    let flat100 = SignalBlock(channelCount: 1, sampleCount: 100)
    let again = SignalBlock(channelCount: 1, sampleCount: 100, firstSample: 100, segment: 1)
    let both = findings([flat100, again], Self.channels([.eeg]))
    #expect(both.map(\.count) == [200] && both.map(\.firstSample) == [0])
  }

  @Test func `a little padding is reported but does not disqualify`() {
    var signal = TestSignals.drifting(channels: 1, samples: 2000)
    for i in 1880..<2000 { signal[channel: 0, sample: i] = 0 }
    let found = findings([signal], Self.channels([.eeg]))
    #expect(found.map(\.defect) == [.flat] && found.map(\.isDisqualifying) == [false])
  }

  @Test func `channels that may rest are only checked for finite values`() {
    var signal = SignalBlock(channelCount: 3, sampleCount: 500)
    signal[channel: 2, sample: 7] = .nan
    let found = findings([signal], Self.channels([.trigger, .misc, .reference], calibration: Self.calibration))
    #expect(found.map(\.channel) == [2] && found.map(\.defect) == [.nonFinite])
  }

  @Test func `nothing inspected, nothing found`() {
    #expect(findings([], Self.channels([.eeg])).isEmpty)
    #expect(findings([SignalBlock(channelCount: 1, sampleCount: 0)], Self.channels([.eeg])).isEmpty)
  }
}
