import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

/// A matrix of normal numbers, some of them zero.
private func randomWeights(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var generator = SeededGenerator(seed: seed)
  return Matrix(rows: rows, columns: columns, (0..<(rows * columns)).map { $0 % 5 == 3 ? 0 : generator.nextNormal() })
}

struct SpatialFilterTests {
  static let shapes = [(1, 1), (1, 9), (3, 8), (8, 8), (9, 4), (19, 19), (12, 11)]

  private func filter(_ shape: (Int, Int)) throws -> SpatialFilter {
    let weights = randomWeights(shape.0, shape.1, seed: UInt64(shape.0 * 100 + shape.1))
    return try SpatialFilter(weights, names: (0..<shape.0).map { "S\($0)" })
  }

  /// Outputs of a filter, the input cut into pieces that travel in one block.
  private func filtered(_ signal: SignalBlock, by filter: SpatialFilter, cuts: [Range<Int>]) -> [[UInt64]] {
    var stage = filter
    var bits = [[UInt64]](repeating: [], count: filter.weights.rows)
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    for range in cuts {
      block.resize(channelCount: signal.channelCount, sampleCount: range.count)
      (block.firstSample, block.segment) = (range.lowerBound, 2)
      for c in 0..<signal.channelCount { for (i, t) in range.enumerated() { block[channel: c, sample: i] = signal[channel: c, sample: t] } }
      stage.process(&block)
      #expect(
        block.channelCount == bits.count && block.sampleCount == range.count && block.firstSample == range.lowerBound && block.segment == 2)
      for c in bits.indices { bits[c] += block.bits[c] }
    }
    return bits
  }

  @Test(arguments: shapes)
  func `outputs are sums over the inputs, in their order`(shape: (Int, Int)) throws {
    let filter = try filter(shape)
    let signal = TestSignals.drifting(channels: shape.1, samples: 600)
    let bits = filtered(signal, by: filter, cuts: [0..<600])
    for o in 0..<shape.0 {
      for t in [0, 1, 31, 32, 255, 256, 511, 599] {
        var sum: Double?
        for i in 0..<shape.1 where filter.weights[o, i] != 0 {
          let product = filter.weights[o, i] * signal[channel: i, sample: t]
          sum = sum.map { $0 + product } ?? product
        }
        #expect(bits[o][t] == (sum ?? 0).bitPattern)
      }
    }
  }

  @Test(arguments: shapes)
  func `two hundred random cuttings give the same bits`(shape: (Int, Int)) throws {
    let filter = try filter(shape)
    let signal = TestSignals.drifting(channels: shape.1, samples: 120)
    let expected = filtered(signal, by: filter, cuts: [0..<120])
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<(shape == (12, 11) ? 200 : 4) {
      var (cuts, start) = ([Range<Int>](), 0)
      while start < 120 {
        let end = min(120, start + 1 + generator.nextInteger(below: 70))
        cuts.append(start..<end)
        start = end
      }
      #expect(filtered(signal, by: filter, cuts: cuts) == expected)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `what is not finite reaches the outputs that weigh its channel, at its sample, and no other`(value: Double) throws {
    let filter = try filter((12, 11))
    var signal = TestSignals.drifting(channels: 11, samples: 300)
    let expected = filtered(signal, by: filter, cuts: [0..<300])
    signal[channel: 4, sample: 77] = value
    let bits = filtered(signal, by: filter, cuts: [0..<300])
    for o in 0..<12 {
      for t in 0..<300 where t != 77 || filter.weights[o, 4] == 0 { #expect(bits[o][t] == expected[o][t]) }
      if filter.weights[o, 4] != 0 { #expect(!Double(bitPattern: bits[o][77]).isFinite) }
    }
    #expect((0..<12).contains { filter.weights[$0, 4] == 0 })
  }

  @Test func `the identity changes no bit, and no weight at all gives zeros`() throws {
    var block = SignalBlock(contiguous: [1, -0.0, 3, -Double.leastNonzeroMagnitude, .infinity, -7], channelCount: 3)
    let bits = block.bits
    var identity = try SpatialFilter(Matrix.identity(3), names: ["a", "b", "c"])
    identity.process(&block)
    #expect(block.bits == bits)
    #expect(identity.latency == 0)
    var nothing = try SpatialFilter(Matrix(rows: 1, columns: 3), names: ["0"])
    nothing.process(&block)
    #expect(block == SignalBlock(contiguous: [0, 0], channelCount: 1))
  }

  @Test func `weights that do not fit or are not finite are refused`() {
    #expect(throws: SignalError.self) { try SpatialFilter(Matrix.identity(2), names: ["a"]) }
    #expect(throws: SignalError.self) { try SpatialFilter(Matrix(rows: 1, columns: 2, [1, .nan]), names: ["a"]) }
  }

  @Test func `derivations are named by the file's channels and find old names`() throws {
    let channels = ["Fp1", "F7", "T3", "C3", "C4", "EEG M1", "M2"]
    var filter = try SpatialFilter.bipolar([.init("c3", "C4"), .init("T7", "M1")], of: channels)
    #expect(filter.names == ["C3-C4", "T3-EEG M1"])
    var block = SignalBlock(contiguous: [1, 2, 4, 8, 16, 32, 64], channelCount: 7)
    filter.process(&block)
    #expect(block == SignalBlock(contiguous: [-8, -28], channelCount: 2))
    let chain = try SpatialFilter.bipolar(chains: [["Fp1", "F7", "T7"], ["C3", "C4"]], of: channels)
    #expect(chain.names == ["Fp1-F7", "F7-T3", "C3-C4"])

    let linked = try ChosenReference(["M1", "m2"], of: channels)
    #expect(linked.channels == [5, 6])
    #expect(try ChosenReference(["Fp1"], of: channels).channels == [0])
    for bad in [["A1"], []] { #expect(throws: SignalError.self) { try ChosenReference(bad, of: channels) } }
    #expect(throws: SignalError.self) { try SpatialFilter.bipolar([.init("C3", "c3")], of: channels) }
    #expect(throws: SignalError.self) { try SpatialFilter.bipolar([.init("C3", "Oz")], of: channels) }
    #expect(throws: SignalError.self) { try SpatialFilter.commonAverage(of: []) }
  }

  @Test func `the common average as a matrix is the stage of that name`() throws {
    var matrix = try SpatialFilter.commonAverage(of: (0..<13).map { "C\($0)" })
    var byMatrix = TestSignals.drifting(channels: 13, samples: 100)
    var byStage = byMatrix
    var stage = CommonAverageReference()
    matrix.process(&byMatrix)
    stage.process(&byStage)
    // Sums of 13 values of a few hundred, rounded differently; the differences of drifting channels are as large.
    for c in 0..<13 { #expect(scaledDifference(byMatrix.channel(c), byStage.channel(c)) < 1e-13) }
  }
}
