import CMinhangKernels
import MinhangCore
import Testing

@testable import MinhangSignal

/// Both running finite filters: the laws of causal stages, and the definition.
struct CausalConvolutionTests {
  static let stages: [(name: String, stage: any CausalStage)] = {
    guard let short = try? WindowedSinc.filter(tapCount: 31, .bandPass(8...30), sampleRate: 250),
      let long = try? WindowedSinc.filter(tapCount: 150, .lowPass(30), sampleRate: 250),
      let small = try? PartitionedConvolution(long, partition: 16), let odd = try? PartitionedConvolution(long, partition: 37),
      let one = try? PartitionedConvolution(short, partition: 64, startsAtSteadyState: false)
    else { preconditionFailure("valid designs") }
    return [
      ("direct of 31 taps", CausalConvolution(short)), ("direct of 150 taps", CausalConvolution(long, startsAtSteadyState: false)),
      ("direct of 1 tap", CausalConvolution(FiniteImpulseResponse(taps: [0.5], sampleRate: 250))),
      ("partitions of 16", small), ("partitions of 37", odd), ("one partition", one),
    ]
  }()

  @Test(arguments: stages.indices, [2, 9])
  func `output has the same bits for any cutting into blocks`(index: Int, channels: Int) {
    let stage = Self.stages[index].stage
    let signal = TestSignals.drifting(channels: channels, samples: 500)
    var whole = signal
    var running = stage
    running.process(&whole)
    for cuts in TestSignals.cuttings(of: signal.sampleCount) {
      #expect(TestSignals.processed(signal, by: stage, cuts: cuts).bits == whole.bits, "\(Self.stages[index].name)")
    }
  }

  @Test(arguments: stages.indices)
  func `200 random cuttings give the same bits`(index: Int) {
    let signal = TestSignals.drifting(channels: 2, samples: 260, seed: 3)
    var whole = signal
    var running = Self.stages[index].stage
    running.process(&whole)
    let expected = whole.bits
    for seed in 0..<200 {
      var generator = SeededGenerator(seed: UInt64(seed), stream: UInt64(index))
      let longest = 1 + generator.nextInteger(below: 120)
      var cuts: [Range<Int>] = []
      while (cuts.last?.upperBound ?? 0) < signal.sampleCount {
        let start = cuts.last?.upperBound ?? 0
        cuts.append(start..<min(signal.sampleCount, start + 1 + generator.nextInteger(below: longest)))
      }
      #expect(
        TestSignals.processed(signal, by: Self.stages[index].stage, cuts: cuts).bits == expected, "\(Self.stages[index].name) \(seed)")
    }
  }

  @Test(arguments: stages.indices)
  func `channels beside do not change a channel's bits, and what is not finite stays in its channel`(index: Int) {
    var signal = TestSignals.drifting(channels: 5, samples: 400)
    func run(_ block: SignalBlock) -> SignalBlock {
      var (block, stage) = (block, Self.stages[index].stage)
      stage.process(&block)
      return block
    }
    let together = run(signal)
    for c in 0..<5 { #expect(run(TestSignals.channel(c, of: signal)).bits[0] == together.bits[c]) }
    signal[channel: 2, sample: 100] = .nan
    let spoilt = run(signal)
    for c in 0..<5 where c != 2 { #expect(spoilt.bits[c] == together.bits[c]) }
    #expect(spoilt.channel(2).contains { $0.isNaN })
    // Not for ever: the longest of these filters has 150 taps and the longest partition 64 samples.
    #expect(spoilt[channel: 2, sample: 399].isFinite)
  }

  @Test(arguments: stages.indices)
  func `reset and another segment bring back the first output`(index: Int) {
    var stage = Self.stages[index].stage
    let signal = TestSignals.drifting(channels: 3, samples: 130)
    var first = signal
    stage.process(&first)
    stage.reset()
    var second = signal
    stage.process(&second)
    var third = signal
    third.segment = 1
    stage.process(&third)
    #expect(first.bits == second.bits && first.bits == third.bits)
    var empty = SignalBlock(channelCount: 3, sampleCount: 0)
    stage.process(&empty)
    // Another number of channels, after a reset.
    stage.reset()
    var alone = TestSignals.channel(1, of: signal)
    stage.process(&alone)
    #expect(alone.bits[0] == first.bits[1])
  }

  /// The definition, with the level of the first sample, or zeros, before it.
  private func direct(_ x: ArraySlice<Double>, _ taps: [Double], before level: Double) -> [Double] {
    let x = Array(x)
    return x.indices.map { i in taps.indices.reduce(0.0) { $0 + taps[$1] * ($1 <= i ? x[i - $1] : level) } }
  }

  @Test(arguments: [true, false], [1, 2, 31, 200])
  func `both give what the definition gives, one of them later`(isSteady: Bool, tapCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(tapCount))
    let filter = FiniteImpulseResponse(taps: (0..<tapCount).map { _ in generator.nextNormal() }, sampleRate: 250)
    let signal = TestSignals.drifting(channels: 2, samples: 300)
    var (once, later) = (signal, signal)
    var stage = CausalConvolution(filter, startsAtSteadyState: isSteady)
    var partitioned = try PartitionedConvolution(filter, partition: 32, startsAtSteadyState: isSteady)
    #expect(stage.latency == 0 && partitioned.latency == 32)
    stage.process(&once)
    partitioned.process(&later)
    for c in 0..<2 {
      let level = isSteady ? signal[channel: c, sample: 0] : 0
      let expected = direct(signal.channel(c), filter.taps, before: level)
      #expect(Array(once.channel(c)).map(\.bitPattern) == expected.map(\.bitPattern))
      // Rounding of transforms of 64 samples and of up to 7 partitions, of the largest output that the taps could make.
      let scale = signal.channel(c).reduce(0) { max($0, $1.magnitude) } * filter.taps.reduce(0) { $0 + $1.magnitude }
      let steady = level * filter.taps.reduce(0, +)
      for i in 0..<300 {
        #expect((later[channel: c, sample: i] - (i < 32 ? steady : expected[i - 32])).magnitude <= 1e-14 * scale)
      }
    }
  }

  @Test func `a constant stays constant from the first sample on`() throws {
    let filter = try WindowedSinc.filter(tapCount: 61, .lowPass(30), sampleRate: 250)
    for stage in [CausalConvolution(filter), try PartitionedConvolution(filter, partition: 20)] as [any CausalStage] {
      var running = stage
      var block = SignalBlock(contiguous: [Double](repeating: 4321, count: 200), channelCount: 1)
      running.process(&block)
      // Sums of 61 products whose gain at 0 Hz is 1.
      for value in block.channel(0) { #expect((value - 4321).magnitude < 1e-10) }
    }
  }

  @Test func `partitions that cannot be are refused`() throws {
    let filter = FiniteImpulseResponse(taps: [1], sampleRate: 250)
    for partition in [0, -1, (1 << 20) + 1] {
      #expect(throws: SignalError.self) { try PartitionedConvolution(filter, partition: partition) }
    }
  }

  @Test(arguments: [0, 1, 3, 4, 5, 8, 21])
  func `kernels for spectra have the bits of their twins for any length`(count: Int) {
    var generator = SeededGenerator(seed: 5)
    let (a, b, c) = (
      (0..<(2 * count)).map { _ in generator.nextNormal() }, (0..<(2 * count)).map { _ in generator.nextNormal() },
      (0..<(2 * count)).map { _ in generator.nextNormal() }
    )
    func product(_ k: Int) -> (Double, Double) {
      (a[2 * k] * b[2 * k] - a[2 * k + 1] * b[2 * k + 1], a[2 * k] * b[2 * k + 1] + a[2 * k + 1] * b[2 * k])
    }
    var (multiplied, sum) = (a, c)
    minhang_multiply(&multiplied, b, count)
    minhang_add_product(&sum, a, b, count)
    for k in 0..<count {
      #expect(multiplied[2 * k] == product(k).0 && multiplied[2 * k + 1] == product(k).1)
      #expect(sum[2 * k] == c[2 * k] + product(k).0 && sum[2 * k + 1] == c[2 * k + 1] + product(k).1)
    }
  }
}
