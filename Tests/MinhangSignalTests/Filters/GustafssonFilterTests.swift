import MinhangCore
import Testing

@testable import MinhangSignal

struct GustafssonFilterTests {
  @Test func `output equals scipy's filtfilt with Gustafsson's method`() throws {
    let golden: RunningGoldens = try Golden.load("zero-phase.json")
    let scale = golden.signal.reduce(0) { max($0, $1.magnitude) }
    var (worst, worstOfScipy) = (0.0, 0.0)
    for item in golden.recursive {
      let design = try Butterworth.filter(order: item.order, passBand(item.kind, item.edges), sampleRate: 250)
      let filter = GustafssonFilter(design, responseLength: item.responseLength)
      let result = try filter.applied(to: SignalBlock(contiguous: Array(golden.signal.prefix(item.count)), channelCount: 1))
      func error(_ expected: [Double]) -> Double {
        zip(result.channel(0), expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
      }
      // The acceptance figure, against the method in wide numbers.
      #expect(error(item.exact) <= 1e-10, "\(item.kind) order \(item.order)")
      // scipy runs polynomials, of up to order 8 here, and its least squares have a condition of up to 2.5e5: it is off by 3.7e-10 itself.
      #expect(error(item.output) <= 1e-9, "\(item.kind) order \(item.order)")
      (worst, worstOfScipy) = (max(worst, error(item.exact)), max(worstOfScipy, error(item.output)))
    }
    print("parity filtfilt(gust) scipy.signal.filtfilt \(worstOfScipy) (of the signal; \(worst) of the same method in wide numbers)")
  }

  @Test func `channels do not know of each other and threads do not change a bit`() throws {
    let design = try Butterworth.filter(order: 3, .bandPass(8...30), sampleRate: 250)
    var signal = TestSignals.drifting(channels: 10, samples: 300)
    let together = try GustafssonFilter(design).applied(to: signal)
    #expect(try GustafssonFilter(design, threads: 2).applied(to: signal).bits == together.bits)
    for c in [0, 9] { #expect(try GustafssonFilter(design).applied(to: TestSignals.channel(c, of: signal)).bits[0] == together.bits[c]) }
    signal[channel: 4, sample: 100] = .infinity
    let spoilt = try GustafssonFilter(design).applied(to: signal)
    for c in 0..<10 where c != 4 { #expect(spoilt.bits[c] == together.bits[c]) }
    #expect(spoilt.channel(4).allSatisfy { $0.isNaN })
  }

  @Test func `reversing time reverses the result`() throws {
    // What the method is made for: forward first or backward first does not matter.
    let design = try Butterworth.filter(order: 2, .lowPass(30), sampleRate: 250)
    let x = Array(TestSignals.drifting(channels: 1, samples: 200).channel(0))
    let y = try GustafssonFilter(design).applied(to: SignalBlock(contiguous: x, channelCount: 1))
    let z = try GustafssonFilter(design).applied(to: SignalBlock(contiguous: x.reversed(), channelCount: 1))
    // Least squares, with a condition below 1e3, of a signal of a few hundred.
    for (a, b) in zip(y.channel(0), z.channel(0).reversed()) { #expect((a - b).magnitude < 1e-9) }
  }

  @Test func `short signals and unstable filters are refused`() throws {
    let design = try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 250)
    #expect(throws: SignalError.self) { try GustafssonFilter(design).applied(to: TestSignals.drifting(channels: 1, samples: 15)) }
    let unstable = SectionedFilter(sections: [SecondOrderSection(b0: 1, b1: 0, b2: 0, a1: -2, a2: 1)], sampleRate: 250)
    #expect(throws: SignalError.self) { try GustafssonFilter(unstable).applied(to: TestSignals.drifting(channels: 1, samples: 50)) }
    #expect(try GustafssonFilter(design).applied(to: SignalBlock(channelCount: 2, sampleCount: 0)).isEmpty)
    // Without sections a filter hands samples through.
    let none = GustafssonFilter(SectionedFilter(sections: [], sampleRate: 250))
    let signal = TestSignals.drifting(channels: 2, samples: 20)
    #expect(try none.applied(to: signal).bits == signal.bits)
  }
}
