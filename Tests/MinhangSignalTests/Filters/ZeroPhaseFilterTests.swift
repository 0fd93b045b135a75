import MinhangCore
import Testing

@testable import MinhangSignal

struct ZeroPhaseFilterTests {
  @Test func `output equals scipy's sosfiltfilt`() throws {
    let golden: FilteringGoldens = try Golden.load("filtering.json")
    let scale = golden.signal.reduce(0) { max($0, $1.magnitude) }
    var largest = 0.0
    for item in golden.cases {
      let result = try ZeroPhaseFilter(item.filter).applied(to: SignalBlock(contiguous: golden.signal, channelCount: 1))
      let worst = zip(result.channel(0), item.zeroPhase).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      largest = max(largest, worst / scale)
      #expect(worst <= 1e-10 * scale, "\(item.kind) order \(item.order)")  // the acceptance figure
    }
    print("parity ZeroPhaseFilter scipy.signal.sosfiltfilt \(largest) (of the signal, \(golden.cases.count) filters)")
  }

  @Test func `a sine keeps its phase and its gain is squared`() throws {
    let filter = try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 250)
    let samples = (0..<4000).map { sine($0, frequency: 9, rate: 250) }
    let result = try ZeroPhaseFilter(filter).applied(to: SignalBlock(contiguous: samples, channelCount: 1))
    let gain = filter.response(at: 9).squaredMagnitude
    for i in 1500..<2500 { #expect((result[channel: 0, sample: i] - gain * samples[i]).magnitude < 1e-9) }  // transients fade as e^(−i/30)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 17])
  func `channels do not know of each other`(count: Int) throws {
    let filter = ZeroPhaseFilter(try Butterworth.filter(order: 5, .bandPass(1...40), sampleRate: 250))
    var signal = TestSignals.drifting(channels: count, samples: 211)
    let together = try filter.applied(to: signal)
    for c in 0..<count {
      let alone = try filter.applied(to: TestSignals.channel(c, of: signal))
      #expect(alone.bits[0] == together.bits[c])
    }
    signal[channel: count / 2, sample: 100] = .nan
    let spoilt = try filter.applied(to: signal)
    for c in 0..<count where c != count / 2 { #expect(spoilt.bits[c] == together.bits[c]) }
    #expect(spoilt.channel(count / 2).allSatisfy { $0.isNaN })
  }

  @Test func `a signal not longer than the reflection is refused`() throws {
    let filter = ZeroPhaseFilter(try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 250))
    #expect(filter.edgeLength == 27)
    #expect(throws: SignalError.self) { try filter.applied(to: TestSignals.drifting(channels: 2, samples: 27)) }
    #expect(throws: Never.self) { try filter.applied(to: TestSignals.drifting(channels: 2, samples: 28)) }
    let odd = ZeroPhaseFilter(try Butterworth.filter(order: 3, .lowPass(30), sampleRate: 250))
    #expect(odd.edgeLength == 12)
    let empty = try filter.applied(to: SignalBlock(channelCount: 2, sampleCount: 0))
    #expect(empty.isEmpty)
  }
}
