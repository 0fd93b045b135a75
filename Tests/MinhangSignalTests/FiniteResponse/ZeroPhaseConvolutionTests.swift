import MinhangCore
import Testing

@testable import MinhangSignal

struct RunningGoldens: Decodable {
  struct Finite: Decodable {
    let kind: String
    let edges: [Double]
    let count: Int
    let phase: String
    let output: [Double]
  }
  struct Recursive: Decodable {
    let order: Int
    let kind: String
    let edges: [Double]
    let responseLength: Int?
    let count: Int
    /// What scipy gives.
    let output: [Double]
    /// The same method with 64 bits of mantissa.
    let exact: [Double]
  }
  let signal: [Double]
  let finite: [Finite]
  let recursive: [Recursive]
}

struct ZeroPhaseConvolutionTests {
  @Test func `output equals MNE's filter_data, for signals longer and shorter than the filter`() throws {
    let golden: RunningGoldens = try Golden.load("zero-phase.json")
    let scale = golden.signal.reduce(0) { max($0, $1.magnitude) }
    var worst = 0.0
    for item in golden.finite {
      let band = passBand(item.kind, item.edges)
      let filter =
        item.phase == "zero"
        ? try ZeroPhaseConvolution(MNEDesign.filter(band, sampleRate: 100))
        : try ZeroPhaseConvolution(MNEDesign.filter(band, phase: .minimum, sampleRate: 100), removingDelay: 0)
      let result = try filter.applied(to: SignalBlock(contiguous: Array(golden.signal.prefix(item.count)), channelCount: 1))
      let error = zip(result.channel(0), item.output).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
      #expect(error <= 1e-10, "\(item.kind) \(item.edges) \(item.count)")  // the acceptance figure
      worst = max(worst, error)
    }
    print("parity filter_data(fir) mne.filter.filter_data \(worst) (of the signal, \(golden.finite.count) cases)")
  }

  /// The definition: the signal with continued ends, and every sum written out.
  private func direct(_ x: [Double], _ taps: [Double], delay: Int) -> [Double] {
    let edge = min(taps.count, x.count) - 1
    func sample(_ i: Int) -> Double {
      if i < 0 { return -i <= edge ? 2 * x[0] - x[-i] : 0 }
      if i >= x.count { return i - x.count + 1 <= edge ? 2 * x[x.count - 1] - x[2 * (x.count - 1) - i] : 0 }
      return x[i]
    }
    return x.indices.map { i in taps.indices.reduce(0.0) { $0 + taps[$1] * sample(i + delay - $1) } }
  }

  @Test(arguments: [1, 3, 31, 201], [1, 2, 30, 257, 700])
  func `transforms give what the definition gives`(tapCount: Int, count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(tapCount))
    let taps = (0..<tapCount).map { _ in generator.nextNormal() }
    let signal = TestSignals.drifting(channels: 1, samples: count)
    let x = Array(signal.channel(0))
    for delay in Set([0, tapCount / 2, tapCount - 1]) {
      let filter = try ZeroPhaseConvolution(FiniteImpulseResponse(taps: taps, sampleRate: 250), removingDelay: delay)
      let got = try filter.applied(to: signal)
      let expected = direct(x, taps, delay: delay)
      // Rounding of the transform: c · ulp · log2(length), of the largest output that the taps could make.
      let scale = x.reduce(0) { max($0, $1.magnitude) } * 3 * taps.reduce(0) { $0 + $1.magnitude }
      for (a, b) in zip(got.channel(0), expected) { #expect((a - b).magnitude <= 1e-14 * scale) }
    }
  }

  @Test func `channels do not know of each other and threads do not change a bit`() throws {
    let filter = try MNEDesign.filter(.bandPass(8...30), sampleRate: 250)
    var signal = TestSignals.drifting(channels: 11, samples: 5000)
    let together = try ZeroPhaseConvolution(filter).applied(to: signal)
    #expect(try ZeroPhaseConvolution(filter, threads: 3).applied(to: signal).bits == together.bits)
    var inPlace = signal
    try ZeroPhaseConvolution(filter, threads: 2).apply(to: &inPlace)
    #expect(inPlace.bits == together.bits)
    for c in [0, 5, 10] {
      #expect(try ZeroPhaseConvolution(filter).applied(to: TestSignals.channel(c, of: signal)).bits[0] == together.bits[c])
    }
    signal[channel: 5, sample: 4900] = .nan
    let spoilt = try ZeroPhaseConvolution(filter).applied(to: signal)
    for c in 0..<11 where c != 5 { #expect(spoilt.bits[c] == together.bits[c]) }
    #expect(spoilt[channel: 5, sample: 4900].isNaN && spoilt[channel: 5, sample: 0] == together[channel: 5, sample: 0])
  }

  @Test func `a sine keeps its phase`() throws {
    let filter = try MNEDesign.filter(.bandPass(8...30), sampleRate: 250)
    let samples = (0..<3000).map { sine($0, frequency: 15, rate: 250) }
    let result = try ZeroPhaseConvolution(filter).applied(to: SignalBlock(contiguous: samples, channelCount: 1))
    // The gain at the frequency, positive because the centred taps are symmetric; sums of 413 products.
    let gain = filter.response(at: 15).magnitude
    for i in 500..<2500 { #expect((result[channel: 0, sample: i] - gain * samples[i]).magnitude < 1e-12) }
  }

  @Test func `what has no linear phase is refused, and an empty signal stays empty`() throws {
    for taps in [[1.0, 2], [1, 2, 3], [1, 2, -1]] {
      let error = #expect(throws: SignalError.self) { try ZeroPhaseConvolution(FiniteImpulseResponse(taps: taps, sampleRate: 100)) }
      #expect(error?.description.contains("expected") == true)
    }
    let filter = FiniteImpulseResponse(taps: [1, 2, 1], sampleRate: 100)
    #expect(throws: SignalError.self) { try ZeroPhaseConvolution(filter, removingDelay: 3) }
    #expect(try ZeroPhaseConvolution(filter).applied(to: SignalBlock(channelCount: 2, sampleCount: 0)).isEmpty)
  }
}
