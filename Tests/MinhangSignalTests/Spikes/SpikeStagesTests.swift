import MinhangCore
import Testing

@testable import MinhangSignal

struct SpikeStagesTests {
  struct Goldens: Decodable {
    struct Crossings: Decodable {
      let threshold: String
      let levels: [Double]
      let polarity: String
      let refractory: Int
      let places: [[Int]]
      /// `[channels × bins]`.
      let counts: [[Double]]
    }

    struct Power: Decodable {
      let magnitude: [[Double]]
      let square: [[Double]]
    }

    let rate: Double
    let learn: Int
    let bin: Int
    /// `[channels × samples]`.
    let signal: [[Double]]
    let crossings: [Crossings]
    let power: Power
    let rates: [Double]
    let exponential: [Double]
    let halfGaussian: [Double]

    var block: SignalBlock { SignalBlock(contiguous: signal.flatMap { $0 }, channelCount: signal.count) }
  }

  private static let golden: Goldens? = try? Golden.load("spikes.json")

  private func detector(_ case: Goldens.Crossings, learn: Int) throws -> ThresholdCrossings {
    let threshold: SpikeThreshold =
      switch `case`.threshold {
      case "rms": .rootMeanSquare(multiple: 3, samples: learn)
      case "mad": .medianDeviation(multiple: 4.5, samples: learn)
      default: .given([`case`.levels[0]])
      }
    let polarity: ThresholdCrossings.Polarity = `case`.polarity == "both" ? .both : `case`.polarity == "positive" ? .positive : .negative
    return try ThresholdCrossings(threshold, polarity: polarity, refractory: `case`.refractory)
  }

  @Test func `crossings, thresholds and counts in bins are those of numpy`() throws {
    let golden = try #require(Self.golden)
    #expect(golden.crossings.count == 18)
    var parity = Parity("ThresholdCrossings", against: "numpy: levels")
    for wanted in golden.crossings {
      var stage = try detector(wanted, learn: golden.learn)
      var places = [[Int]](repeating: [], count: golden.signal.count)
      stage.find(in: golden.block) { places[$0].append($1) }
      #expect(places == wanted.places, "\(wanted.threshold) \(wanted.polarity) \(wanted.refractory)")
      #expect(parity.compareEach(stage.levels, wanted.levels) < 1e-14)
      stage.reset()
      var raster = golden.block
      stage.process(&raster)
      var binning = try SpikeBinning(binDuration: Double(golden.bin) / golden.rate, sampleRate: golden.rate)
      var counts = SignalBlock(channelCount: 0, sampleCount: 0)
      binning.process(raster, into: &counts)
      for c in golden.signal.indices { #expect(Array(counts.channel(c)) == wanted.counts[c]) }
    }
    parity.report()
  }

  @Test func `spike-band power and smoothing are those of scipy`() throws {
    let golden = try #require(Self.golden)
    var parity = Parity("SpikeBandPower", against: "numpy.mean(|scipy.signal.sosfilt|)")
    for (measure, wanted) in [(SpikeBandPower.Measure.magnitude, golden.power.magnitude), (.square, golden.power.square)] {
      var stage = try SpikeBandPower(sampleRate: golden.rate, binLength: golden.bin, measure: measure)
      var output = SignalBlock(channelCount: 0, sampleCount: 0)
      stage.process(golden.block, into: &output)
      #expect(output.sampleCount == golden.signal[0].count / golden.bin && output.firstSample == 0)
      for c in wanted.indices { #expect(parity.compareEach(output.channel(c), wanted[c]) < 1e-10) }
    }
    parity.report()
    let rates = SignalBlock(contiguous: golden.rates, channelCount: 1)
    let exponential = CausalFilter(try CausalSmoothing.exponential(timeConstant: 0.1, sampleRate: 50), startsAtSteadyState: false)
    let half = CausalConvolution(try CausalSmoothing.halfGaussian(deviation: 0.06, sampleRate: 50), startsAtSteadyState: false)
    let stages: [(String, any CausalStage, [Double])] = [
      ("exponential", exponential, golden.exponential), ("halfGaussian", half, golden.halfGaussian),
    ]
    for (name, stage, wanted) in stages {
      var (block, stage) = (rates, stage)
      stage.process(&block)
      var parity = Parity("CausalSmoothing.\(name)", against: "scipy.signal.lfilter")
      #expect(parity.compare(block.channel(0), wanted) < 1e-14)
      parity.report()
    }
  }

  @Test func `a segment learns anew, and what comes before it is no crossing`() throws {
    var stage = try ThresholdCrossings(.rootMeanSquare(multiple: 2, samples: 4))
    func found(_ values: [Double], first: Int, segment: Int) -> [Int] {
      var places: [Int] = []
      stage.find(in: SignalBlock(contiguous: values, channelCount: 1, firstSample: first, segment: segment)) { places.append($1) }
      return places
    }
    #expect(found([1, -1, 1, -1, -3, 0, -3], first: 0, segment: 0) == [4, 6])
    #expect(stage.levels == [2])
    #expect(found([10, -10, 10, -10, -3, -30], first: 7, segment: 1) == [12])
    var given = try ThresholdCrossings(.given([2]))
    var block = SignalBlock(contiguous: [-5, -5, 0, -5, .nan, -5, 0, -.infinity], channelCount: 1)
    given.process(&block)
    #expect(Array(block.channel(0)) == [0, 0, 0, 1, 0, 0, 0, 1])
  }

  @Test func `samples that are not finite teach nothing, and a channel without any has no crossing`() throws {
    var stage = try ThresholdCrossings(.medianDeviation(multiple: 0.6745, samples: 5))
    var block = SignalBlock(contiguous: [1, .nan, -3, .infinity, 2, 0, -2.5, .nan, .nan, .nan, .nan, .nan, 0, -9], channelCount: 2)
    stage.process(&block)
    #expect(stage.levels[0] == 2 && stage.levels[1].isNaN)
    #expect(Array(block.channel(0)) == [0, 0, 0, 0, 0, 0, 1] && Array(block.channel(1)) == [0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `bins lie by the start of the recording, and those that a segment does not fill are left out`() throws {
    var stage = try SpikeBinning(binLength: 4)
    var output = SignalBlock(channelCount: 0, sampleCount: 0)
    func bins(_ count: Int, first: Int, segment: Int) -> (first: Int, values: [Double]) {
      stage.process(
        SignalBlock(contiguous: [Double](repeating: 1, count: count), channelCount: 1, firstSample: first, segment: segment), into: &output)
      return (output.firstSample, Array(output.channel(0)))
    }
    #expect(bins(3, first: 2, segment: 0) == (1, []))
    #expect(bins(8, first: 5, segment: 0) == (1, [4, 4]))
    #expect(bins(3, first: 13, segment: 0).values == [4])
    #expect(bins(9, first: 17, segment: 1) == (5, [4]))
    #expect(bins(2, first: 40, segment: 1).values == [])
    #expect(bins(2, first: 42, segment: 1) == (10, [4]))
    #expect(stage.latency == 3)
  }

  @Test func `numbers that make no stage are refused`() {
    #expect(throws: SignalError.self) { try ThresholdCrossings(.given([])) }
    #expect(throws: SignalError.self) { try ThresholdCrossings(.given([0])) }
    #expect(throws: SignalError.self) { try ThresholdCrossings(.given([.nan])) }
    #expect(throws: SignalError.self) { try ThresholdCrossings(.given([1]), refractory: 0) }
    #expect(throws: SignalError.self) { try ThresholdCrossings(.rootMeanSquare(multiple: 3, samples: 0)) }
    #expect(throws: SignalError.self) { try ThresholdCrossings(.medianDeviation(multiple: -3, samples: 10)) }
    #expect(throws: SignalError.self) { try SpikeBinning(binDuration: .nan, sampleRate: 100) }
    #expect(throws: SignalError.self) { try SpikeBinning(binLength: 0) }
    #expect(throws: SignalError.self) { try SpikeBandPower(sampleRate: 1500, binLength: 10) }
    #expect(throws: SignalError.self) { try CausalSmoothing.exponential(timeConstant: 0, sampleRate: 50) }
    #expect(throws: SignalError.self) { try CausalSmoothing.halfGaussian(deviation: 1e9, sampleRate: 50) }
  }

  @Test func `no channel knows of those beside it`() throws {
    let golden = try #require(Self.golden)
    for wanted in golden.crossings {
      for c in golden.signal.indices {
        var stage = try detector(wanted, learn: golden.learn)
        var alone = TestSignals.channel(c, of: golden.block)
        stage.process(&alone)
        #expect(alone.channel(0).indices.filter { alone.channel(0)[$0] == 1 } == wanted.places[c])
      }
    }
    var noisy = golden.block
    noisy[channel: 1, sample: 40] = .nan
    var (a, b) = (SignalBlock(channelCount: 0, sampleCount: 0), SignalBlock(channelCount: 0, sampleCount: 0))
    var stage = try SpikeBandPower(sampleRate: golden.rate, binLength: golden.bin)
    stage.process(golden.block, into: &a)
    stage.reset()
    stage.process(noisy, into: &b)
    #expect(a.bits[0] == b.bits[0] && a.bits[2] == b.bits[2] && b.channel(1).last?.isNaN == true)
  }

  @Test func `samples that are missing within a segment start spike-band power anew`() throws {
    let golden = try #require(Self.golden)
    var later = golden.block
    later.firstSample = 40 * golden.block.sampleCount / golden.bin * golden.bin
    var (expected, output) = (SignalBlock(channelCount: 0, sampleCount: 0), SignalBlock(channelCount: 0, sampleCount: 0))
    var stage = try SpikeBandPower(sampleRate: golden.rate, binLength: golden.bin)
    stage.process(later, into: &expected)
    stage.reset()
    stage.process(golden.block, into: &output)
    stage.process(later, into: &output)
    #expect(output.bits == expected.bits && output.firstSample == expected.firstSample && !output.isEmpty)
  }
}
