import MinhangCore
import Testing

@testable import MinhangSignal

struct FilteringGoldens: Decodable {
  struct Case: Decodable {
    let order: Int
    let kind: String
    let edges: [Double]
    let rate: Double
    let steady: [Double]
    let causal: [Double]
    let causalFromZero: [Double]
    let zeroPhase: [Double]

    var filter: SectionedFilter {
      get throws { try Butterworth.filter(order: order, passBand(kind, edges), sampleRate: rate) }
    }
  }
  let signal: [Double]
  let cases: [Case]
}

struct CausalFilterTests {
  @Test func `output equals scipy's sosfilt from the steady state and from zero`() throws {
    let golden: FilteringGoldens = try Golden.load("filtering.json")
    let scale = golden.signal.reduce(0) { max($0, $1.magnitude) }
    var largest = 0.0
    for item in golden.cases {
      for (steady, expected) in [(true, item.causal), (false, item.causalFromZero)] {
        var stage = CausalFilter(try item.filter, startsAtSteadyState: steady)
        var block = SignalBlock(contiguous: golden.signal, channelCount: 1)
        stage.process(&block)
        let worst = zip(block.channel(0), expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
        largest = max(largest, worst / scale)
        // The acceptance figure. Sections differ by up to 1e-13 and poles near the unit circle magnify it.
        #expect(worst <= 1e-10 * scale, "\(item.kind) order \(item.order)")
      }
    }
    print("parity CausalFilter scipy.signal.sosfilt \(largest) (of the signal, \(golden.cases.count) filters)")
  }

  @Test func `steady states equal scipy's sosfilt_zi`() throws {
    let golden: FilteringGoldens = try Golden.load("filtering.json")
    var parity = Parity("SteadyState", against: "scipy.signal.sosfilt_zi")
    for item in golden.cases {
      let got = SteadyState(try item.filter).states.flatMap { [$0.first, $0.second] }
      // scipy solves the state equations, whose condition is about 1 / (1 + a1 + a2): up to 1e5 for these designs.
      #expect(parity.compare(got, item.steady) < 1e-10, "\(item.kind) order \(item.order)")
    }
    parity.report()
  }

  @Test func `a constant input gives a constant output from the first sample on`() throws {
    for band in [PassBand.lowPass(30), .highPass(0.5), .bandPass(1...40), .bandStop(48...52)] {
      let filter = try Butterworth.filter(order: 4, band, sampleRate: 250)
      var stage = CausalFilter(filter)
      var block = SignalBlock(contiguous: [Double](repeating: 12345.678, count: 3 * 500), channelCount: 3)
      stage.process(&block)
      let expected = 12345.678 * filter.response(at: 0).magnitude
      // Rounding of the state, fed back 500 times through poles near the unit circle.
      for c in 0..<3 { for value in block.channel(c) { #expect((value - expected).magnitude < 1e-9 * 12345) } }
    }
  }

  @Test func `the state starts anew after reset and at another segment`() throws {
    let filter = try Butterworth.filter(order: 3, .bandPass(8...30), sampleRate: 250)
    let signal = TestSignals.drifting(channels: 3, samples: 200)
    var fresh = CausalFilter(filter)
    var expected = signal
    fresh.process(&expected)

    var stage = CausalFilter(filter)
    var other = TestSignals.drifting(channels: 3, samples: 50, seed: 9)
    stage.process(&other)
    stage.reset()
    var again = signal
    stage.process(&again)
    #expect(again.bits == expected.bits)

    var next = signal
    next.segment = 1
    stage.process(&next)
    #expect(next.bits == expected.bits)
  }

  @Test func `an empty block changes nothing`() throws {
    var stage = CausalFilter(try Butterworth.filter(order: 2, .lowPass(30), sampleRate: 250))
    var empty = SignalBlock(channelCount: 3, sampleCount: 0)
    stage.process(&empty)
    var block = TestSignals.drifting(channels: 2, samples: 10)
    stage.process(&block)
    var fresh = CausalFilter(stage.filter)
    var expected = TestSignals.drifting(channels: 2, samples: 10)
    fresh.process(&expected)
    #expect(block.bits == expected.bits)
  }

  @Test(arguments: [2, 3, 16])
  func `threads do not change a bit`(threads: Int) throws {
    let filter = try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 250)
    let signal = TestSignals.drifting(channels: 19, samples: 6000)  // enough to be shared out
    var (one, many) = (signal, signal)
    var (stage, threaded) = (CausalFilter(filter), CausalFilter(filter, threads: threads))
    stage.process(&one)
    threaded.process(&many)
    #expect(one.bits == many.bits)
    let zeroPhase = try ZeroPhaseFilter(filter).applied(to: signal)
    let threadedZeroPhase = try ZeroPhaseFilter(filter, threads: threads).applied(to: signal)
    #expect(zeroPhase.bits == threadedZeroPhase.bits)
  }
}
