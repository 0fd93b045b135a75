import MinhangCore
import Testing

@testable import MinhangSignal

/// The laws of `CausalStage`, for every stage of the module.
struct CausalStageLawsTests {
  static let stages: [(name: String, stage: any CausalStage, mixesChannels: Bool)] = {
    func filter(_ order: Int, _ band: PassBand) -> CausalFilter {
      guard let design = try? Butterworth.filter(order: order, band, sampleRate: 250) else { preconditionFailure("a valid design") }
      return CausalFilter(design)
    }
    return [
      ("band-pass of 4 sections", filter(4, .bandPass(8...30)), false), ("low-pass of 1 section", filter(1, .lowPass(40)), false),
      ("band-stop of 7 sections", filter(7, .bandStop(45...55)), false), ("common average", CommonAverageReference(), true),
      ("chosen reference", ChosenReference(channels: [1, 0]), true), ("empty chain", CausalChain([]), false),
      ("chain", CausalChain([CommonAverageReference(), filter(5, .highPass(1)), filter(2, .lowPass(30))]), true),
    ]
  }()

  @Test(arguments: stages.indices, [2, 8, 11])
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
  func `channels beside do not change a channel's bits`(index: Int) {
    guard !Self.stages[index].mixesChannels else { return }
    let signal = TestSignals.drifting(channels: 19, samples: 130)
    var together = signal
    var stage = Self.stages[index].stage
    stage.process(&together)
    for c in 0..<19 {
      var alone = TestSignals.channel(c, of: signal)
      var stage = Self.stages[index].stage
      stage.process(&alone)
      #expect(alone.bits[0] == together.bits[c])
    }
  }

  @Test(arguments: stages.indices, [Double.nan, .infinity, -.infinity])
  func `what is not finite stays in its channel`(index: Int, value: Double) {
    var signal = TestSignals.drifting(channels: 9, samples: 120)
    signal[channel: 4, sample: 60] = value
    var stage = Self.stages[index].stage
    stage.process(&signal)
    for c in 0..<9 where c != 4 { #expect(signal.channel(c).allSatisfy { $0.isFinite }, "\(Self.stages[index].name)") }
    #expect(!signal[channel: 4, sample: 60].isFinite)
  }

  @Test(arguments: stages.indices)
  func `reset brings back the first output`(index: Int) {
    var stage = Self.stages[index].stage
    var first = TestSignals.drifting(channels: 5, samples: 99)
    var second = first
    stage.process(&first)
    stage.reset()
    stage.process(&second)
    #expect(first.bits == second.bits)
    #expect(stage.latency == 0)
  }

  @Test func `a chain is its stages one after the other, and its latency their sum`() throws {
    let filter = CausalFilter(try Butterworth.filter(order: 2, .lowPass(30), sampleRate: 250))
    var chain = CausalChain([CommonAverageReference(), filter])
    var chained = TestSignals.drifting(channels: 4, samples: 60)
    var stepwise = chained
    chain.process(&chained)
    var (reference, low) = (CommonAverageReference(), filter)
    reference.process(&stepwise)
    low.process(&stepwise)
    #expect(chained.bits == stepwise.bits)
    struct Late: CausalStage {
      var latency: Int
      mutating func process(_ block: inout SignalBlock) {}
      mutating func reset() {}
    }
    #expect(CausalChain([Late(latency: 3), Late(latency: 4)]).latency == 7)
  }
}
