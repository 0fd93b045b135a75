import MinhangCore
import Testing

@testable import MinhangSignal

struct EventRelatedDesynchronizationTests {
  @Test func `power that halves is −50 percent, power that doubles is 100 percent`() throws {
    let trials = (0..<4).map { t in
      SignalBlock(
        contiguous: (0..<30).map { i in (i < 10 ? 2 : i < 20 ? 2.0.squareRoot() : 8.0.squareRoot()) * (t % 2 == 0 ? 1 : -1) },
        channelCount: 1)
    }
    for power in EventRelatedDesynchronization.Power.allCases {
      let change = try EventRelatedDesynchronization(reference: 0..<10, power: power).percent(of: trials)
      for (i, value) in change.channel(0).enumerated() {
        #expect((value - (i < 10 ? 0 : i < 20 ? -50 : 100)).magnitude < 1e-12)  // rounding of a square root
      }
    }
  }

  @Test func `what is locked to the event counts in the total power only`() throws {
    var generator = SeededGenerator(seed: 9)
    let trials = (0..<50).map { _ in
      SignalBlock(contiguous: (0..<40).map { i in generator.nextNormal() + (i >= 20 ? 10 : 0) }, channelCount: 1)
    }
    let total = try EventRelatedDesynchronization(reference: 0..<15, power: .total, smoothing: 5).percent(of: trials)
    let induced = try EventRelatedDesynchronization(reference: 0..<15, power: .induced, smoothing: 5).percent(of: trials)
    #expect(total[channel: 0, sample: 30] > 8000)  // 10² on top of 1
    // A variance over 50 trials and 5 samples has a standard error of √(2 / 250) = 9 %, its reference one of 5 %; three of both.
    #expect(induced[channel: 0, sample: 30].magnitude < 31)
  }

  @Test func `smoothing averages the power around each sample, fewer at the ends`() throws {
    let trial = SignalBlock(contiguous: [1, 2, 3, 4, 5], channelCount: 1)
    let change = try EventRelatedDesynchronization(reference: 0..<1, smoothing: 3).percent(of: [trial])
    // Powers 1 4 9 16 25, averages 2.5 14/3 29/3 50/3 20.5.
    for (got, power) in zip(change.channel(0), [2.5, 14.0 / 3, 29.0 / 3, 50.0 / 3, 20.5]) {
      #expect((got - (power - 2.5) / 2.5 * 100).magnitude < 1e-11)  // rounding
    }
  }

  @Test func `what is not finite stays in its channel`() throws {
    var trials = (0..<3).map { TestSignals.drifting(channels: 3, samples: 20, seed: UInt64($0)) }
    let measure = try EventRelatedDesynchronization(reference: 0..<5)
    let clean = try measure.percent(of: trials)
    trials[1][channel: 1, sample: 2] = .nan
    let spoilt = try measure.percent(of: trials)
    for c in [0, 2] { #expect(spoilt.channel(c).elementsEqual(clean.channel(c))) }
    #expect(spoilt.channel(1).allSatisfy { $0.isNaN })
  }

  @Test func `impossible settings are refused`() throws {
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: 3..<3) }
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: -1..<3) }
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: 0..<3, smoothing: 2) }
    let trial = SignalBlock(channelCount: 1, sampleCount: 10)
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: 0..<11).percent(of: [trial]) }
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: 0..<5).percent(of: []) }
    #expect(throws: SignalError.self) { try EventRelatedDesynchronization(reference: 0..<5, power: .induced).percent(of: [trial]) }
    #expect(throws: SignalError.self) {
      try EventRelatedDesynchronization(reference: 0..<5).percent(of: [trial, SignalBlock(channelCount: 1, sampleCount: 9)])
    }
  }
}
