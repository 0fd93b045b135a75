import MinhangCore
import Testing

@testable import MinhangSignal

struct DecimationTests {
  @Test func `recursive decimation equals scipy's, zero-phase and causal`() throws {
    let golden: RateGoldens = try Golden.load("rates.json")
    var (worst, worstCausal) = (0.0, 0.0)
    for item in golden.recursive {
      let signal = RateGoldens.signal(item.samples, seed: item.seed)
      let order = item.order ?? 8
      let zeroPhase = try ZeroPhaseDecimator(factor: item.factor, order: order, sampleRate: 250).applied(to: signal)
      worst = max(worst, item.zeroPhase.difference(from: zeroPhase))
      let causal = try CausalDecimator(factor: item.factor, order: order, sampleRate: 250, startsAtSteadyState: false)
      let got = streamed(signal, by: causal, cuts: TestSignals.cuttings(of: item.samples)[1])
      worstCausal = max(worstCausal, item.causal.difference(from: got))
      // The acceptance figure of filtered signals: sections differ by up to 1e-13 and poles near the unit circle magnify it.
      #expect(worst <= 1e-10 && worstCausal <= 1e-10, "factor \(item.factor), order \(order)")
    }
    print("parity ZeroPhaseDecimator scipy.signal.decimate(iir) \(worst)")
    print("parity CausalDecimator scipy.signal.decimate(iir,zero_phase=False) \(worstCausal)")
  }

  @Test func `FIR decimation equals scipy's, zero-phase and causal`() throws {
    let golden: RateGoldens = try Golden.load("rates.json")
    var worst = 0.0
    for item in golden.fir {
      let ratio = try ResamplingRatio(up: 1, down: item.factor)
      let signal = RateGoldens.signal(item.samples, seed: item.seed)
      let zeroPhase = try ResamplingFilter.decimation(factor: item.factor, order: item.order)
      worst = max(worst, item.zeroPhase.difference(from: PolyphaseResampler(ratio, filter: zeroPhase).applied(to: signal)))
      let causal = try ResamplingFilter.decimation(factor: item.factor, order: item.order, isCausal: true)
      let stage = StreamingResampler(ratio, filter: causal)
      #expect(stage.latency == 0)
      worst = max(worst, item.causal.difference(from: streamed(signal, by: stage, cuts: TestSignals.cuttings(of: item.samples)[5])))
      #expect(worst <= 1e-12, "factor \(item.factor)")  // sums of up to 201 products
    }
    print("parity ResamplingFilter.decimation scipy.signal.decimate(fir) \(worst)")
  }

  @Test(arguments: [1, 3, 10])
  func `causal decimation has the same bits for any cutting, and restarts at a segment`(factor: Int) throws {
    var signal = TestSignals.drifting(channels: 9, samples: 500)
    signal.firstSample = 7
    let stage = try CausalDecimator(factor: factor, sampleRate: 250)
    let whole = streamed(signal, by: stage, cuts: [0..<500])
    #expect(whole.firstSample == (7 + factor - 1) / factor)
    for cuts in TestSignals.cuttings(of: 500) { #expect(streamed(signal, by: stage, cuts: cuts).bits == whole.bits) }
    var (running, output) = (stage, SignalBlock(channelCount: 0, sampleCount: 0))
    running.process(signal, into: &output)
    signal.segment = 3
    running.process(signal, into: &output)
    #expect(output.bits == whole.bits && output.segment == 3)
    signal[channel: 4, sample: 100] = .nan
    running.reset()
    running.process(signal, into: &output)
    for c in 0..<9 where c != 4 { #expect(output.bits[c] == whole.bits[c]) }
  }

  @Test func `what cannot be designed is refused`() {
    #expect(throws: SignalError.self) { try ZeroPhaseDecimator(factor: 0, sampleRate: 250) }
    #expect(throws: SignalError.self) { try ZeroPhaseDecimator(factor: 4, order: 0, sampleRate: 250) }
    #expect(throws: SignalError.self) { try CausalDecimator(factor: 4, sampleRate: .nan) }
    #expect(throws: SignalError.self) {
      try ZeroPhaseDecimator(factor: 4, sampleRate: 250).applied(to: SignalBlock(channelCount: 1, sampleCount: 5))
    }
  }
}
