import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct ArtefactSubtractionTests {
  private static let stage: ArtefactSubtraction = {
    var removal = Matrix(rows: 5, columns: 5)
    for r in [0, 1, 3] { for c in 0..<5 { removal[r, c] = Double((3 * r + 2 * c) % 7) / 10 } }
    return ArtefactSubtraction(removal: removal, level: [1, -2, 3, 0, 50])
  }()

  @Test func `output is the definition, and rows of zeros stay`() {
    let signal = TestSignals.drifting(channels: 5, samples: 300)
    var got = signal
    var stage = Self.stage
    stage.process(&got)
    for i in 0..<300 {
      for r in 0..<5 {
        var mixture = 0.0
        for c in 0..<5 { mixture += stage.removal[r, c] * (signal[channel: c, sample: i] - stage.level[c]) }
        #expect(got[channel: r, sample: i] == signal[channel: r, sample: i] - mixture)
      }
    }
    #expect(got.bits[2] == signal.bits[2] && got.bits[4] == signal.bits[4])
  }

  @Test func `output has the same bits for any cutting, 200 random ones too`() {
    let signal = TestSignals.drifting(channels: 5, samples: 400)
    var whole = signal
    var stage = Self.stage
    stage.process(&whole)
    for cuts in TestSignals.cuttings(of: 400) { #expect(TestSignals.processed(signal, by: Self.stage, cuts: cuts).bits == whole.bits) }
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let cut = 1 + generator.nextInteger(below: 399)
      #expect(TestSignals.processed(signal, by: Self.stage, cuts: [0..<cut, cut..<400]).bits == whole.bits)
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func `what is not finite stays in its channel`(value: Double) {
    var signal = TestSignals.drifting(channels: 5, samples: 20)
    var levelled = signal
    signal[channel: 1, sample: 9] = value
    levelled[channel: 1, sample: 9] = Self.stage.level[1]
    var (got, expected) = (Self.stage, Self.stage)
    got.process(&signal)
    expected.process(&levelled)
    for c in 0..<5 where c != 1 { #expect(signal.bits[c] == levelled.bits[c]) }
    #expect(!signal[channel: 1, sample: 9].isFinite)
    #expect(got.latency == 0)
  }
}
