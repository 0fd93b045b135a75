import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

/// Law 2 for every causal stage of the module, one of each kind: two hundred random cuttings, not a bit different.
struct ChunkInvarianceTests {
  private static let rate = 250.0
  private static let channels = 5
  private static let samples = 640

  /// Random cuttings of a signal: pieces of 1 to 120 samples, each cutting from a seed of its own.
  private static let cuttings: [[Range<Int>]] = (0..<200).map { seed in
    var generator = SeededGenerator(seed: UInt64(seed), stream: 17)
    var ranges: [Range<Int>] = []
    var start = 0
    while start < samples {
      let end = min(samples, start + 1 + generator.nextInteger(below: 120))
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }

  private static func stages() throws -> [(name: String, stage: any CausalStage)] {
    let band = PassBand.bandPass(8...30)
    let taps = try WindowedSinc.filter(tapCount: 61, .lowPass(40), sampleRate: rate)
    var generator = SeededGenerator(seed: 3)
    let weights = Matrix(rows: channels, columns: channels, (0..<channels * channels).map { _ in generator.nextNormal() })
    let names = (0..<channels).map { "c\($0)" }
    let calibration = TestSignals.drifting(channels: channels, samples: 8000)
    let reconstruction = try ArtifactSubspaceReconstruction().fit(calibration, sampleRate: rate)
    return [
      ("Butterworth", CausalFilter(try Butterworth.filter(order: 4, band, sampleRate: rate))),
      ("Chebyshev I", CausalFilter(try ChebyshevI.filter(order: 5, passbandRipple: 1, band, sampleRate: rate))),
      ("Chebyshev II", CausalFilter(try ChebyshevII.filter(order: 4, stopbandAttenuation: 40, .highPass(2), sampleRate: rate))),
      ("elliptic", CausalFilter(try Elliptic.filter(order: 3, passbandRipple: 1, stopbandAttenuation: 50, band, sampleRate: rate))),
      ("Bessel", CausalFilter(try Bessel.filter(order: 6, .lowPass(30), sampleRate: rate))),
      ("notch", CausalFilter(try NotchFilter.filter(frequency: 50, sampleRate: rate))),
      ("comb", CausalFilter(try CombFilter.filter(.notch, frequency: 50, sampleRate: rate))),
      ("without steady state", CausalFilter(try Butterworth.filter(order: 2, band, sampleRate: rate), startsAtSteadyState: false)),
      ("on two threads", CausalFilter(try Butterworth.filter(order: 2, band, sampleRate: rate), threads: 2)),
      ("direct convolution", CausalConvolution(taps)), ("partitioned convolution", try PartitionedConvolution(taps, partition: 64)),
      ("common average", CommonAverageReference()), ("chosen reference", ChosenReference(channels: [0, 3])),
      ("any matrix", try SpatialFilter(weights, names: names)), ("subtraction", ArtefactSubtraction(removal: weights)),
      ("crossings of a threshold", try ThresholdCrossings(.given([300]), polarity: .both, refractory: 3)),
      ("crossings of a learnt threshold", try ThresholdCrossings(.rootMeanSquare(multiple: 1, samples: 130), refractory: 2)),
      (
        "crossings of a robust threshold",
        CausalChain([
          CausalFilter(try Butterworth.filter(order: 2, .highPass(20), sampleRate: rate)),
          try ThresholdCrossings(.medianDeviation(multiple: 2, samples: 150), polarity: .both),
        ])
      ),
      ("exponential smoothing", CausalFilter(try CausalSmoothing.exponential(timeConstant: 0.1, sampleRate: rate))),
      ("half-Gaussian smoothing", CausalConvolution(try CausalSmoothing.halfGaussian(deviation: 0.05, sampleRate: rate))),
      ("subspace reconstruction", try CausalSubspaceReconstruction(reconstruction, updateInterval: 50)),
      ("chain", CausalChain([CommonAverageReference(), CausalFilter(try Butterworth.filter(order: 3, band, sampleRate: rate))])),
    ]
  }

  @Test func `no stage knows how its input was cut`() throws {
    let signal = TestSignals.drifting(channels: Self.channels, samples: Self.samples)
    for (name, stage) in try Self.stages() {
      var whole = signal
      var running = stage
      running.process(&whole)
      for cuts in Self.cuttings {
        let pieces = TestSignals.processed(signal, by: stage, cuts: cuts)
        guard pieces.bits == whole.bits else {
          Issue.record("\(name) differs where the input is cut at \(cuts.map(\.upperBound))")
          break
        }
      }
    }
  }

  @Test func `no change of rate knows how its input was cut`() throws {
    let signal = TestSignals.drifting(channels: Self.channels, samples: Self.samples)
    let stages: [(String, any RateChangingStage)] = [
      ("resampling by 4/5", StreamingResampler(try ResamplingRatio(up: 4, down: 5))),
      ("resampling by 3/2, continued edges", StreamingResampler(try ResamplingRatio(up: 3, down: 2), edge: .edge)),
      ("decimation by 4", try CausalDecimator(factor: 4, sampleRate: Self.rate)),
      ("bins", try SpikeBinning(binLength: 7)), ("means in bins", try SpikeBinning(binDuration: 0.1, sampleRate: Self.rate, value: .mean)),
      ("spike-band power", try SpikeBandPower(sampleRate: Self.rate, band: 30...100, binLength: 5)),
      ("squared spike-band power", try SpikeBandPower(sampleRate: Self.rate, band: 30...100, binLength: 200, measure: .square)),
    ]
    for (name, stage) in stages {
      let whole = output(of: stage, signal, cuts: [0..<Self.samples])
      for cuts in Self.cuttings {
        guard output(of: stage, signal, cuts: cuts) == whole else {
          Issue.record("\(name) differs where the input is cut at \(cuts.map(\.upperBound))")
          break
        }
      }
    }
  }

  /// The bits that come out, channel after channel, and where they begin.
  private func output(of stage: any RateChangingStage, _ signal: SignalBlock, cuts: [Range<Int>]) -> [[UInt64]] {
    var stage = stage
    var bits = [[UInt64]](repeating: [], count: Self.channels)
    var part = SignalBlock(channelCount: 0, sampleCount: 0)
    var result = SignalBlock(channelCount: 0, sampleCount: 0)
    func take(_ block: SignalBlock) {
      for c in 0..<block.channelCount where !block.isEmpty { bits[c] += block.channel(c).map(\.bitPattern) }
    }
    for range in cuts {
      signal.copy(range, into: &part)
      stage.process(part, into: &result)
      take(result)
    }
    stage.finish(into: &result)
    take(result)
    return bits
  }
}
