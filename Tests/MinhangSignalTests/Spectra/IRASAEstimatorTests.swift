import MinhangCore
import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct IRASAEstimatorTests {
  struct Goldens: Decodable {
    let rate: Double
    let channels: Int
    let signal: [Double]
    let window: Int
    let band: [Double]
    let frequencies: [Double]
    let aperiodic: [Double]
    let oscillatory: [Double]
    let slopes: [Double]
    let intercepts: [Double]
  }

  @Test func `parts equal yasa's`() throws {
    let golden: Goldens = try Golden.load("irasa.json")
    let signal = SignalBlock(contiguous: golden.signal, channelCount: golden.channels)
    let parts = try IRASAEstimator(sampleRate: golden.rate, windowLength: golden.window).parts(of: signal)
    let range = golden.band[0]...golden.band[1]
    let bins = parts.mixed.frequencies.indices.filter { range.contains(parts.mixed.frequencies[$0]) }
    #expect(bins.map { parts.mixed.frequencies[$0] } == golden.frequencies)
    var parity = Parity("IRASAEstimator", against: "yasa.irasa")
    // The acceptance figure of resampling is 1e-12; spectra are squares of that. Differences of spectra are compared with their largest.
    #expect(parity.compareEach((0..<2).flatMap { c in bins.map { parts.aperiodic[channel: c, frequency: $0] } }, golden.aperiodic) < 1e-10)
    #expect(parity.compare((0..<2).flatMap { c in bins.map { parts.oscillatory(channel: c)[$0] } }, golden.oscillatory) < 1e-10)
    parity.report()
    for c in 0..<2 {
      let component = parts.component(channel: c, range: range)
      // The peer fits iteratively to its default tolerance of 1e-8.
      #expect((component.exponent + golden.slopes[c]).magnitude < 1e-7)
      #expect((component.offset * log(10) - golden.intercepts[c]).magnitude < 1e-7)
    }
  }

  @Test func `the peak of a rhythm is in the oscillatory part, the slope in the other`() throws {
    var generator = SeededGenerator(seed: 12)
    var level = 0.0
    let values = (0..<12_000).map { i -> Double in
      level = 0.999 * level + generator.nextNormal()
      return level + 2 * sine(i, frequency: 10, rate: 200)
    }
    let parts = try IRASAEstimator(sampleRate: 200, windowLength: 400, threads: 2).parts(
      of: SignalBlock(contiguous: values, channelCount: 1))
    let oscillatory = parts.oscillatory(channel: 0)
    let top = oscillatory.indices.filter { (2...80).contains($0) }.max { oscillatory[$0] < oscillatory[$1] }
    #expect(top == 20)  // 10 Hz at bins of half a hertz
    // A random walk falls as f^−2, less towards half the sampling rate; three standard errors of a slope over 59 windows are about 0.15.
    #expect((parts.component(channel: 0, range: 1...30).exponent - 2).magnitude < 0.2)
  }

  @Test func `channels and threads do not change a channel's bits, and what is not finite stays in it`() throws {
    var signal = TestSignals.drifting(channels: 3, samples: 150)
    func parts(_ signal: SignalBlock, threads: Int = 1) throws -> IRASAEstimator.Result {
      try IRASAEstimator(sampleRate: 100, windowLength: 40, factors: [1.2, 1.5, 1.7], threads: threads).parts(of: signal)
    }
    let whole = try parts(signal)
    #expect(try parts(signal, threads: 2) == whole)
    #expect(try parts(TestSignals.channel(1, of: signal)).aperiodic.channel(0).elementsEqual(whole.aperiodic.channel(1)))
    // Where the signal lies in its recording does not matter.
    var moved = signal
    moved.firstSample = 12_345
    #expect(try parts(moved) == whole)
    signal[channel: 0, sample: 9] = .nan
    let spoilt = try parts(signal)
    for c in 1..<3 { #expect(spoilt.oscillatory(channel: c) == whole.oscillatory(channel: c)) }
    #expect(spoilt.aperiodic.channel(0).allSatisfy { $0.isNaN })
  }

  @Test func `impossible settings are refused`() throws {
    for (rate, window, factors) in [
      (0.0, 40, [1.1, 1.2]), (100, 1, [1.1, 1.2]), (100, 40, [1.1]), (100, 40, [1, 1.2]), (100, 40, [1.1, .nan]),
    ] {
      #expect(throws: SignalError.self) { try IRASAEstimator(sampleRate: rate, windowLength: window, factors: factors) }
    }
    let estimator = try IRASAEstimator(sampleRate: 100, windowLength: 40)
    for count in [39, 70] {
      #expect(throws: SignalError.self) { try estimator.parts(of: SignalBlock(channelCount: 1, sampleCount: count)) }
    }
  }
}
