import CAllocationCount
import MinhangBCI

extension Workload {
  /// Every causal stage by itself, for the allocations.
  static let liveStages = Workload(
    name: "live_stages",
    summary: "64 channels, 1000 blocks of 32 samples with gaps, through each causal stage by itself; counts allocations",
    run: { _ in
      let stages = try LiveStage.all()
      var allocations = [Int](repeating: 0, count: stages.count)
      var isStarted = false
      var position = 0
      return Run(
        body: {
          for (i, stage) in stages.enumerated() {
            let before = allocation_count()
            for k in 0..<1000 { stage.step(position + k) }
            if isStarted { allocations[i] = max(allocations[i], allocation_count() - before) }
          }
          isStarted = true
          position += 1000
        },
        details: { _ in
          let counts = zip(stages, allocations).map { "\"\($0.name)\":\(Double($1) / 1000)" }
          return [("allocations_per_block", allocations_are_counted() == 0 ? "null" : "{\(counts.joined(separator: ","))}")]
        },
        failure: {
          let guilty = zip(stages, allocations).filter { $1 > 0 }.map { "\($0.name) allocated \($1) times" }
          return guilty.isEmpty ? nil : guilty.joined(separator: ", ") + " in 1000 blocks; expected never"
        })
    })
}

/// A causal stage that runs over blocks of noise.
private final class LiveStage {
  private static let (channels, length) = (64, 32)

  let name: String
  private var block: SignalBlock
  private let source: SignalBlock
  private let process: (inout SignalBlock) -> Void

  private init(_ name: String, _ process: @escaping (inout SignalBlock) -> Void) {
    self.name = name
    self.process = process
    source = Shape.block(samples: Self.length)
    block = source
  }

  /// Runs block number `index` of a signal that breaks off after every ninety-seventh: what starts anew at a gap allocates nothing either.
  func step(_ index: Int) {
    source.withUnsafeStorage { from, _ in
      block.withUnsafeMutableStorage { to, _ in to.update(from: from, count: Self.channels * Self.length) }
    }
    block.firstSample = index * Self.length
    block.segment = index / 97
    process(&block)
  }

  private static func causal(_ stage: some CausalStage) -> LiveStage {
    var stage = stage
    return LiveStage("\(type(of: stage))") { stage.process(&$0) }
  }

  private static func rateChanging(_ stage: some RateChangingStage) -> LiveStage {
    var stage = stage
    var output = SignalBlock(channelCount: channels, sampleCount: length)
    return LiveStage("\(type(of: stage))") { stage.process($0, into: &output) }
  }

  static func all() throws -> [LiveStage] {
    let rate = Shape.sampleRate
    let finite = try MNEDesign.filter(.bandPass(8...30), sampleRate: rate)
    var power = try RunningBandPower(sampleRate: rate, channelCount: channels, bands: [8...13, 13...30], windowLength: 320, step: 32)
    let channelList = (0..<channels).map { Channel(index: $0, name: "EEG \($0)", sampleRate: rate, sampleCount: 0) }
    var check = InputCheck(channels: channelList)
    var sliding = try SlidingBandPower(sampleRate: rate, channelCount: channels, bands: [8...13, 13...30], windowLength: 256, step: 32)
    let mixing = Matrix(rows: channels, columns: channels, repeating: 1 / Double(channels))
    let calibration = Shape.block(samples: 15_000)
    let reconstruction = try CausalSubspaceReconstruction(ArtifactSubspaceReconstruction().fit(calibration, sampleRate: rate))
    var removing = reconstruction
    var crossings = try ThresholdCrossings(.medianDeviation(multiple: 1, samples: 320), polarity: .both)
    var places = try ThresholdCrossings(.given([1]), polarity: .positive)
    var smoothing = CausalFilter(try CausalSmoothing.exponential(timeConstant: 0.1, sampleRate: rate))
    var bell = CausalConvolution(try CausalSmoothing.halfGaussian(deviation: 0.05, sampleRate: rate))
    return [
      causal(CausalFilter(try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: rate))),
      causal(CausalConvolution(finite)),
      causal(try PartitionedConvolution(finite, partition: 64)),
      causal(CommonAverageReference()),
      causal(ChosenReference(channels: [0, 63])),
      causal(ArtefactSubtraction(removal: mixing)),
      causal(CausalChain([CommonAverageReference(), CausalFilter(try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: rate))])),
      causal(try SpatialFilter(mixing, names: (0..<channels).map { "S\($0)" })),
      causal(reconstruction),
      // With artefacts that come and go every second or so: every update decomposes, inverts and turns.
      LiveStage("CausalSubspaceReconstruction of artefacts") { block in
        for c in 0..<8 where block.firstSample / 300 % 2 == 0 {
          for i in 0..<length { block[channel: c, sample: i] *= 200 }
        }
        removing.process(&block)
        precondition(removing.updateCount < 20 || removing.reconstructedUpdateCount > 0, "no artefact is removed")
      },
      causal(try ThresholdCrossings(.rootMeanSquare(multiple: 1, samples: 320), refractory: 5)),
      LiveStage("ThresholdCrossings of a median") { block in crossings.process(&block) },
      LiveStage("ThresholdCrossings, places") { block in places.find(in: block) { keep(Double($0 + $1)) } },
      LiveStage("CausalFilter of exponential smoothing") { smoothing.process(&$0) },
      LiveStage("CausalConvolution of half a Gaussian") { bell.process(&$0) },
      rateChanging(try SpikeBinning(binLength: 3)),
      rateChanging(try SpikeBandPower(sampleRate: rate, band: 10...60, binLength: 3)),
      rateChanging(StreamingResampler(try ResamplingRatio(up: 4, down: 5))),
      rateChanging(try CausalDecimator(factor: 5, sampleRate: rate)),
      LiveStage("RunningBandPower") { power.process($0) { keep($0[channel: 0, band: 0]) } },
      LiveStage("SlidingBandPower") { sliding.process($0) { keep($0[channel: 0, band: 0]) } },
      LiveStage("InputCheck") { check.inspect($0) },
    ]
  }
}
