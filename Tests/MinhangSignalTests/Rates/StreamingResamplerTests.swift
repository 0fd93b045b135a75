import MinhangCore
import Testing

@testable import MinhangSignal

/// A signal through a stage in pieces, the end included, put together again; every piece must follow the one before.
func streamed(_ signal: SignalBlock, by stage: any RateChangingStage, cuts: [Range<Int>]) -> SignalBlock {
  var stage = stage
  var values = [[Double]](repeating: [], count: signal.channelCount)
  var output = SignalBlock(channelCount: 0, sampleCount: 0)
  var first: Int?
  func take() {
    guard output.sampleCount > 0 else { return }
    if let first { #expect(output.firstSample == first + values[0].count) } else { first = output.firstSample }
    #expect(output.segment == signal.segment)
    for c in 0..<signal.channelCount { values[c] += output.channel(c) }
  }
  for range in cuts {
    stage.process(TestSignals.cut(signal, range), into: &output)
    take()
  }
  stage.finish(into: &output)
  take()
  return SignalBlock(contiguous: values.flatMap { $0 }, channelCount: signal.channelCount, firstSample: first ?? 0, segment: signal.segment)
}

struct StreamingResamplerTests {
  static let ratios = [(4, 5), (5, 4), (1, 2), (3, 1), (1, 30), (17, 13), (1, 1)]

  @Test(arguments: ratios, [StreamingResampler.Edge.zero, .edge])
  func `any cutting gives the bits of the offline resampler`(terms: (Int, Int), edge: StreamingResampler.Edge) throws {
    let ratio = try ResamplingRatio(up: terms.0, down: terms.1)
    var signal = TestSignals.drifting(channels: 3, samples: 700)
    for first in [0, 7] {
      signal.firstSample = first
      let expected = PolyphaseResampler(ratio, padding: edge == .zero ? .zero : .edge).applied(to: signal)
      for cuts in TestSignals.cuttings(of: 700) {
        let got = streamed(signal, by: StreamingResampler(ratio, edge: edge), cuts: cuts)
        #expect(got.bits == expected.bits && got.firstSample == expected.firstSample)
      }
    }
  }

  @Test func `two hundred random cuttings give the same bits`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    let signal = TestSignals.drifting(channels: 9, samples: 400)
    let expected = PolyphaseResampler(ratio).applied(to: signal).bits
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      var (cuts, start) = ([Range<Int>](), 0)
      while start < 400 {
        let end = min(400, start + 1 + generator.nextInteger(below: 150))
        cuts.append(start..<end)
        start = end
      }
      #expect(streamed(signal, by: StreamingResampler(ratio), cuts: cuts).bits == expected)
    }
  }

  @Test(arguments: ratios)
  func `an output comes out no later than its latency, and needs no more`(terms: (Int, Int)) throws {
    let ratio = try ResamplingRatio(up: terms.0, down: terms.1)
    var stage = StreamingResampler(ratio)
    var output = SignalBlock(channelCount: 0, sampleCount: 0)
    let ahead = ratio.value == 1 ? 0 : 10 * max(ratio.up, ratio.down)
    var next = 0
    for i in 0..<400 {
      stage.process(SignalBlock(contiguous: [1], channelCount: 1, firstSample: i), into: &output)
      next += output.sampleCount
      // Every output at a place up to `i − latency` is there, and exactly those whose look ahead has come.
      if i >= stage.latency { #expect(next >= ratio.firstOutput(atOrAfter: i - stage.latency + 1)) }
      #expect((next == 0 || (next - 1) * ratio.down + ahead < (i + 1) * ratio.up) && next * ratio.down + ahead >= (i + 1) * ratio.up)
    }
    #expect(stage.latency == (ahead + ratio.up - 1) / ratio.up)
  }

  @Test func `another segment and a reset begin anew, and what they cut off is counted`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    let signal = TestSignals.drifting(channels: 2, samples: 100)
    var (fresh, expected) = (StreamingResampler(ratio), SignalBlock(channelCount: 0, sampleCount: 0))
    var next = signal
    (next.segment, next.firstSample) = (1, 1000)
    fresh.process(next, into: &expected)
    #expect(fresh.discardedCount == 0)

    var (stage, output) = (StreamingResampler(ratio), SignalBlock(channelCount: 0, sampleCount: 0))
    stage.process(signal, into: &output)
    let (done, latency) = (output.sampleCount, stage.latency)
    #expect(latency == 13 && done == 70)  // outputs with a place of 86 or less: the filter reaches 12.5 samples ahead
    stage.process(next, into: &output)
    #expect(output == expected && output.segment == 1 && output.firstSample == 800)
    #expect(stage.discardedCount == 10)
    stage.reset()
    stage.process(next, into: &output)
    #expect(output == expected && stage.discardedCount == 20)
    stage.finish(into: &output)
    #expect(output.sampleCount == 10 && output.firstSample == 870 && stage.discardedCount == 20)
    stage.finish(into: &output)
    #expect(output.sampleCount == 0)
  }

  @Test func `channels beside do not change a bit, and what is not finite stays in its channel`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    var signal = TestSignals.drifting(channels: 19, samples: 200)
    let cuts = TestSignals.cuttings(of: 200)[2]
    let together = streamed(signal, by: StreamingResampler(ratio), cuts: cuts)
    for c in 0..<19 {
      let alone = streamed(TestSignals.channel(c, of: signal), by: StreamingResampler(ratio), cuts: cuts)
      #expect(alone.bits[0] == together.bits[c])
    }
    for value in [Double.nan, .infinity] {
      signal[channel: 4, sample: 100] = value
      let spoiled = streamed(signal, by: StreamingResampler(ratio), cuts: cuts)
      for c in 0..<19 where c != 4 { #expect(spoiled.bits[c] == together.bits[c]) }
      #expect(!spoiled[channel: 4, sample: 80].isFinite)
      #expect(spoiled[channel: 4, sample: 95].isFinite)
    }
  }

  @Test func `an empty block gives nothing and changes nothing`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    var (stage, output) = (StreamingResampler(ratio), SignalBlock(channelCount: 0, sampleCount: 0))
    stage.process(SignalBlock(channelCount: 2, sampleCount: 0, firstSample: 10), into: &output)
    #expect(output.sampleCount == 0 && output.channelCount == 2 && output.firstSample == 8)
    let signal = TestSignals.drifting(channels: 2, samples: 100)
    stage.process(signal, into: &output)
    let first = output
    stage.process(SignalBlock(channelCount: 2, sampleCount: 0, firstSample: 100), into: &output)
    #expect(output.sampleCount == 0 && output.firstSample == 70 && first.sampleCount == 70)
  }
}
