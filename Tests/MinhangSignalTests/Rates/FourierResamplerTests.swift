import MinhangCore
import Testing

@testable import MinhangSignal

struct FourierResamplerTests {
  @Test func `output equals scipy's resample`() throws {
    let golden: RateGoldens = try Golden.load("rates.json")
    var worst = 0.0
    for item in golden.fourier {
      let result = try FourierResampler(sampleCount: item.count).applied(to: RateGoldens.signal(item.samples, seed: item.seed))
      worst = max(worst, item.output.difference(from: result))
      // Two transforms of up to 1000 samples, errors of an ulp times the root of log n each.
      #expect(worst <= 1e-13, "\(item.samples) to \(item.count)")
    }
    print("parity FourierResampler scipy.signal.resample \(worst)")
  }

  @Test func `more samples and back again are the same signal`() throws {
    for (count, more) in [(16, 29), (17, 40), (100, 101), (1, 5)] {
      let signal = TestSignals.drifting(channels: 3, samples: count)
      let back = try FourierResampler(sampleCount: count).applied(to: FourierResampler(sampleCount: more).applied(to: signal))
      for c in 0..<3 { #expect(scaledDifference(back.channel(c), signal.channel(c)) < 1e-13) }  // four transforms
    }
  }

  @Test func `channels and threads do not mix`() throws {
    var signal = TestSignals.drifting(channels: 5, samples: 60)
    let together = try FourierResampler(sampleCount: 45).applied(to: signal)
    #expect(try FourierResampler(sampleCount: 45, threads: 2).applied(to: signal).bits == together.bits)
    signal[channel: 2, sample: 9] = .nan
    let spoiled = try FourierResampler(sampleCount: 45).applied(to: signal)
    for c in 0..<5 { #expect(c == 2 ? spoiled.channel(c).allSatisfy(\.isNaN) : spoiled.bits[c] == together.bits[c]) }
    #expect(throws: SignalError.self) { try FourierResampler(sampleCount: 0) }
    #expect(throws: SignalError.self) { try FourierResampler(sampleCount: 3).applied(to: SignalBlock(channelCount: 1, sampleCount: 0)) }
  }
}
