import MinhangCore
import Testing

@testable import MinhangSignal

struct HilbertTransformTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let signal: [Double]
      let envelope: [Double]
      let phase: [Double]
      let quadrature: [Double]
    }
    let cases: [Case]
  }

  @Test func `envelope, phase and quadrature equal scipy's hilbert`() throws {
    let golden: Goldens = try Golden.load("hilbert.json")
    var parity = Parity("HilbertTransform", against: "scipy.signal.hilbert")
    for item in golden.cases {
      let signal = SignalBlock(contiguous: item.signal, channelCount: 1)
      // 1e-10, the acceptance figure of filtered signals. The quadrature of one or two samples is zero on both sides, up to rounding of the signal.
      let scale = item.signal.reduce(0) { max($0, $1.magnitude) }
      let quadrature = try HilbertTransform(.quadrature).applied(to: signal).channel(0)
      for (got, expected) in zip(quadrature, item.quadrature) { #expect((got - expected).magnitude < 1e-10 * scale) }
      #expect(try parity.compare(HilbertTransform(.envelope).applied(to: signal).channel(0), item.envelope) < 1e-10)
      // Angles, of which −π and π are the same.
      for (got, expected) in zip(try HilbertTransform(.phase).applied(to: signal).channel(0), item.phase) {
        let turns = ((got - expected) / (2 * Double.pi)).rounded()
        #expect((got - expected - turns * 2 * Double.pi).magnitude < 1e-10)
      }
    }
    parity.report()
  }

  @Test func `a sine with whole periods has its amplitude as envelope, and its own phase`() throws {
    let signal = SignalBlock(contiguous: (0..<200).map { 5 * sine($0, frequency: 10, rate: 200) }, channelCount: 1)
    let envelope = try HilbertTransform(.envelope).applied(to: signal)
    #expect(envelope.channel(0).allSatisfy { ($0 - 5).magnitude < 1e-12 })  // rounding of a transform of 200 samples
    let phase = try HilbertTransform(.phase).applied(to: signal)
    // The phase is that of a cosine: a sine starts at −90°, and is at 0° a quarter of its 20 samples later.
    #expect((phase[channel: 0, sample: 0] + Double.pi / 2).magnitude < 1e-12)
    #expect((phase[channel: 0, sample: 5]).magnitude < 1e-12)
  }

  @Test(arguments: HilbertTransform.Output.allCases)
  func `channels and threads do not change a channel's bits, and what is not finite stays in it`(output: HilbertTransform.Output) throws {
    var signal = TestSignals.drifting(channels: 3, samples: 101)
    let whole = try HilbertTransform(output).applied(to: signal)
    #expect(try HilbertTransform(output, threads: 2).applied(to: signal) == whole)
    #expect(try HilbertTransform(output).applied(to: TestSignals.channel(2, of: signal)).channel(0).elementsEqual(whole.channel(2)))
    signal[channel: 0, sample: 5] = .nan
    let spoilt = try HilbertTransform(output).applied(to: signal)
    for c in [1, 2] { #expect(spoilt.channel(c).elementsEqual(whole.channel(c))) }
    #expect(spoilt.channel(0).allSatisfy { $0.isNaN })
    #expect(try HilbertTransform(output).applied(to: SignalBlock(channelCount: 2, sampleCount: 0)).isEmpty)
  }

  @Test func `the inverse Fourier transform takes back every length`() throws {
    for length in Array(1...40) + [97, 128, 251] {
      let samples = Array(TestSignals.drifting(channels: 1, samples: length).channel(0))
      let back = try InverseRealFourierTransform(length: length).samples(of: RealFourierTransform(length: length).forward(samples))
      #expect(scaledDifference(back.map { $0 / Double(length) }, samples) < 1e-13, "\(length)")  // ulp · log2 length
    }
  }
}
