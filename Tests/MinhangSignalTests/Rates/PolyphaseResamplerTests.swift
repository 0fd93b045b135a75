import MinhangCore
import Testing

@testable import MinhangSignal

/// The sum of the definition, one output and one tap at a time, in the kernel's order.
func resampledByDefinition(_ x: [Double], _ ratio: ResamplingRatio, _ filter: ResamplingFilter) -> [Double] {
  (0..<((x.count * ratio.up + ratio.down - 1) / ratio.down)).map { m in
    let place = m * ratio.down + filter.advance
    var sum = 0.0
    for j in filter.taps.indices.reversed() where (place - j) % ratio.up == 0 {
      let i = (place - j) / ratio.up
      if place >= j && i < x.count { sum += filter.taps[j] * x[i] }
    }
    return sum
  }
}

struct PolyphaseResamplerTests {
  @Test func `output equals scipy's resample_poly`() throws {
    let golden: RateGoldens = try Golden.load("rates.json")
    var worst = 0.0
    for item in golden.polyphase {
      let resampler = PolyphaseResampler(try ResamplingRatio(up: item.up, down: item.down))
      worst = max(worst, item.output.difference(from: resampler.applied(to: RateGoldens.signal(item.samples, seed: item.seed))))
      #expect(worst <= 1e-12, "\(item.up)/\(item.down), \(item.samples) samples")  // the acceptance figure
    }
    print("parity PolyphaseResampler scipy.signal.resample_poly \(worst)")
  }

  @Test func `every padding equals scipy's`() throws {
    let golden: RateGoldens = try Golden.load("rates.json")
    var worst = 0.0
    for item in golden.padded {
      let padding = try #require(PolyphaseResampler.Padding.allCases.first { "\($0)" == item.padding })
      let resampler = PolyphaseResampler(try ResamplingRatio(up: item.up, down: item.down), padding: padding)
      worst = max(worst, item.output.difference(from: resampler.applied(to: RateGoldens.signal(item.samples, seed: item.seed))))
      #expect(worst <= 1e-12, "\(item.padding ?? "") \(item.up)/\(item.down)")  // the acceptance figure
    }
    print("parity PolyphaseResampler(padding:) scipy.signal.resample_poly(padtype=) \(worst)")
  }

  @Test func `the kernel has the bits of its twin`() throws {
    for (up, down, channels, count) in [(4, 5, 1, 200), (4, 5, 9, 61), (3, 1, 8, 40), (1, 9, 17, 300), (13, 11, 3, 100), (2, 3, 16, 1)] {
      let ratio = try ResamplingRatio(up: up, down: down)
      let resampler = PolyphaseResampler(ratio)
      let signal = TestSignals.drifting(channels: channels, samples: count)
      let result = resampler.applied(to: signal)
      for c in 0..<channels {
        // The padding's zeros add nothing, so the twin may leave them out; only the sign of a zero could differ, and no output is zero.
        #expect(result.bits[c] == resampledByDefinition(Array(signal.channel(c)), ratio, resampler.filter).map(\.bitPattern))
      }
    }
  }

  @Test func `a tone keeps its frequency, its phase and its amplitude`() throws {
    let resampler = PolyphaseResampler(try ResamplingRatio(from: 250, to: 200))
    let tone = SignalBlock(contiguous: (0..<2000).map { sine($0, frequency: 10, rate: 250, phase: 0.4) }, channelCount: 1)
    let result = resampler.applied(to: tone)
    #expect(result.sampleCount == 1600)
    // A Kaiser window with β = 5 leaves ripples of about 60 dB in the passband and below.
    for i in 100..<1500 { #expect((result[channel: 0, sample: i] - sine(i, frequency: 10, rate: 200, phase: 0.4)).magnitude < 2e-3) }
  }

  @Test func `outputs lie on the recording's grid wherever a signal begins`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    let whole = TestSignals.drifting(channels: 2, samples: 600)
    let expected = PolyphaseResampler(ratio).applied(to: whole)
    for start in [0, 1, 2, 3, 4, 5, 101] {
      let part = PolyphaseResampler(ratio).applied(to: TestSignals.cut(whole, start..<600))
      #expect(part.firstSample == (start * 4 + 4) / 5)
      #expect(part.sampleCount == 480 - part.firstSample)
      // Where the filter does not reach the cut, the bits are those of the whole.
      for i in 30..<part.sampleCount { #expect(part.bits[1][i] == expected.bits[1][part.firstSample + i]) }
    }
  }

  @Test(arguments: PolyphaseResampler.Padding.allCases)
  func `threads and channels beside do not change a bit, and what is not finite stays`(padding: PolyphaseResampler.Padding) throws {
    let ratio = try ResamplingRatio(up: 3, down: 4)
    var signal = TestSignals.drifting(channels: 19, samples: 300)
    let together = PolyphaseResampler(ratio, padding: padding).applied(to: signal)
    #expect(PolyphaseResampler(ratio, padding: padding, threads: 3).applied(to: signal).bits == together.bits)
    var reused = SignalBlock(channelCount: 40, sampleCount: 400, firstSample: 9, segment: 9)
    PolyphaseResampler(ratio, padding: padding).apply(to: signal, into: &reused)
    #expect(reused == together)
    for c in [0, 8, 18] {
      let alone = PolyphaseResampler(ratio, padding: padding).applied(to: TestSignals.channel(c, of: signal))
      #expect(alone.bits[0] == together.bits[c])
    }
    signal[channel: 9, sample: 100] = .nan
    let spoiled = PolyphaseResampler(ratio, padding: padding).applied(to: signal)
    for c in 0..<19 where c != 9 { #expect(spoiled.bits[c] == together.bits[c]) }
    #expect(spoiled[channel: 9, sample: 75].isNaN)
    if [.zero, .edge, .line].contains(padding) {
      #expect(spoiled[channel: 9, sample: 90].isFinite && spoiled[channel: 9, sample: 60].isFinite)
    }
  }

  @Test func `an empty signal stays empty, and a ratio of one changes nothing`() throws {
    let empty = PolyphaseResampler(try ResamplingRatio(up: 2, down: 3)).applied(to: SignalBlock(channelCount: 3, sampleCount: 0))
    #expect(empty.channelCount == 3 && empty.sampleCount == 0)
    let signal = TestSignals.drifting(channels: 3, samples: 50)
    #expect(PolyphaseResampler(try ResamplingRatio(up: 7, down: 7)).applied(to: signal).bits == signal.bits)
  }

  @Test func `a filter without taps is refused`() {
    #expect(throws: SignalError.self) { try ResamplingFilter(taps: [], advance: 0) }
    #expect(throws: SignalError.self) { try ResamplingFilter(taps: [1, 2], advance: 2) }
    #expect(throws: SignalError.self) { try ResamplingFilter.decimation(factor: 0) }
    #expect(throws: SignalError.self) { try ResamplingFilter.decimation(factor: 3, order: 0) }
  }
}
