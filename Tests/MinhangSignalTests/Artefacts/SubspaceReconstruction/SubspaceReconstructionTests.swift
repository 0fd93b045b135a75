import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct SubspaceReconstructionTests {
  private static let fitted = Result { try ArtifactSubspaceReconstruction().fit(SharedSignals.calibration, sampleRate: 250) }

  @Test func `calibration equals meegkit's`() throws {
    let golden = try ASRGoldens.load()
    let fitted = try Self.fitted.get()
    #expect(fitted.cleanStretches.kept.flatMap { [$0.lowerBound, $0.upperBound] } == golden.kept)
    let mixing = fitted.mixing.withUnsafeValues { scaledDifference($0, golden.mixing) }
    reportArtefactParity("ArtifactSubspaceReconstruction.fit.mixing", "meegkit.asr.asr_calibrate", mixing)
    // The shaping filters differ by 1e-12 or so at this rate: sections here, one polynomial there; the median's iteration ends at the same step.
    #expect(mixing < 1e-11)
    // An axis has no sign.
    var worst = 0.0
    for r in 0..<6 {
      let (got, expected) = (Array(fitted.thresholds.row(r)), Array(golden.thresholds[(6 * r)..<(6 * r + 6)]))
      worst = max(worst, min(scaledDifference(got, expected), scaledDifference(got, expected.map { -$0 })))
    }
    reportArtefactParity("ArtifactSubspaceReconstruction.fit.thresholds", "meegkit.asr.asr_calibrate", worst)
    // As above, times the condition of the axes: eigenvalues lie apart by a tenth of their size.
    #expect(worst < 1e-10)
  }

  @Test func `cleaning equals meegkit's, stretch after stretch`() throws {
    for golden in try ASRGoldens.load().outputs {
      let transform = try WholeSignalSubspaceReconstruction(try Self.fitted.get(), updateInterval: golden.interval)
      let cleaned = try transform.applied(to: SharedSignals.contaminated)
      let worst = sampledDifference(cleaned, every: golden.every, golden.values)
      reportArtefactParity("WholeSignalSubspaceReconstruction(\(golden.interval))", "meegkit.asr.ASR", worst)
      // meegkit's own tests allow 6 µV; the same directions are removed here, so only rounding times the condition of the mixing remains.
      #expect(worst < 1e-10)
    }
  }

  @Test func `artefacts become small and clean stretches stay`() throws {
    let signal = SharedSignals.contaminated
    let cleaned = try WholeSignalSubspaceReconstruction(try Self.fitted.get()).applied(to: signal)
    func power(_ block: SignalBlock, _ range: Range<Int>) -> Double {
      (0..<6).reduce(0.0) { sum, c in sum + range.reduce(0.0) { $0 + block[channel: c, sample: $1] * block[channel: c, sample: $1] } }
    }
    // The burst is some 15 times as large as the signal; what is left of its power is that of the signal.
    #expect(power(cleaned, 625..<750) < 0.02 * power(signal, 625..<750))
    // No direction exceeds its limit in the updates at 375 and 500.
    for c in 0..<6 { #expect((375..<500).allSatisfy { cleaned[channel: c, sample: $0] == signal[channel: c, sample: $0] }) }
  }

  @Test(arguments: [(125, 124), (125, 0), (70, 30)])
  func `output has the same bits for any cutting into blocks`(interval: Int, lookahead: Int) throws {
    let signal = TestSignals.cut(SharedSignals.contaminated, 500..<920)
    let stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: interval, memory: 300, lookahead: lookahead)
    var whole = signal
    var running = stage
    running.process(&whole)
    #expect(running.reconstructedUpdateCount > 0 && running.failedUpdateCount == 0)
    for cuts in TestSignals.cuttings(of: signal.sampleCount) {
      #expect(TestSignals.processed(signal, by: stage, cuts: cuts).bits == whole.bits)
    }
  }

  @Test func `200 random cuttings give the same bits`() throws {
    let signal = TestSignals.cut(SharedSignals.contaminated, 550..<850)
    let stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: 110, memory: 220)
    var whole = signal
    var running = stage
    running.process(&whole)
    let expected = whole.bits
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      var cuts: [Range<Int>] = []
      while (cuts.last?.upperBound ?? 0) < 300 {
        let start = cuts.last?.upperBound ?? 0
        cuts.append(start..<min(300, start + 1 + generator.nextInteger(below: 120)))
      }
      #expect(TestSignals.processed(signal, by: stage, cuts: cuts).bits == expected)
    }
  }

  @Test func `the directions of least power are never removed`() throws {
    let fitted = try Self.fitted.get()
    // Two thirds of six channels, rounded, and one more.
    var solver = ReconstructionSolver(fitted)
    #expect(try solver.solve(for: 1e9 * Matrix.identity(6)) == 5)
    #expect(try solver.solve(for: Matrix(rows: 6, columns: 6)) == 0)
  }

  @Test func `the delay is exactly the lookahead`() throws {
    let signal = SharedSignals.block(SharedSignals.brain(300, 6, 1250).map { $0.map { 0.5 * $0 } })
    for lookahead in [0, 13, 124] {
      var stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: 125, lookahead: lookahead)
      #expect(stage.latency == lookahead)
      var block = signal
      stage.process(&block)
      // Nothing is removed from so small a signal, so that the output is the input, later.
      #expect(stage.updateCount == 10 && stage.reconstructedUpdateCount == 0)
      for c in 0..<6 {
        #expect((0..<lookahead).allSatisfy { block[channel: c, sample: $0] == 0 })
        #expect((lookahead..<1250).allSatisfy { block[channel: c, sample: $0] == signal[channel: c, sample: $0 - lookahead] })
      }
    }
  }

  @Test func `without lookahead no sample depends on the future`() throws {
    let signal = TestSignals.cut(SharedSignals.contaminated, 500..<1000)
    var changed = signal
    for c in 0..<6 { for i in 333..<500 { changed[channel: c, sample: i] *= -7 } }
    var blocks = [signal, changed]
    for b in 0..<2 {
      var stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: 100, lookahead: 0)
      stage.process(&blocks[b])
    }
    for c in 0..<6 { #expect((0..<333).allSatisfy { blocks[0][channel: c, sample: $0] == blocks[1][channel: c, sample: $0] }) }
  }

  @Test func `a reset and another segment start anew`() throws {
    let signal = TestSignals.cut(SharedSignals.contaminated, 500..<900)
    var stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: 50)
    var (first, second, third) = (signal, signal, signal)
    stage.process(&first)
    stage.reset()
    stage.process(&second)
    third.segment = 1
    stage.process(&third)
    #expect(first.bits == second.bits && first.bits == third.bits)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `what is not finite stays in its channel and in its place`(value: Double) throws {
    var signal = TestSignals.cut(SharedSignals.contaminated, 500..<1100)
    for i in 200..<210 { signal[channel: 2, sample: i] = value }
    signal[channel: 5, sample: 0] = value
    var held = signal
    for i in 200..<210 { held[channel: 2, sample: i] = signal[channel: 2, sample: 199] }
    held[channel: 5, sample: 0] = 0
    let stage = try CausalSubspaceReconstruction(try Self.fitted.get(), updateInterval: 50, lookahead: 20)
    let got = TestSignals.processed(signal, by: stage, cuts: [0..<205, 205..<600])
    let expected = TestSignals.processed(held, by: stage, cuts: [0..<600])
    for c in 0..<6 {
      for i in 0..<600 {
        let isSpoilt = (c == 2 && (220..<230).contains(i)) || (c == 5 && i == 20)
        #expect(isSpoilt ? !got[channel: c, sample: i].isFinite : got[channel: c, sample: i] == expected[channel: c, sample: i])
      }
    }
  }

  @Test func `a common average reference, which takes away a rank, keeps the output bounded`() throws {
    func referenced(_ block: SignalBlock) -> SignalBlock {
      var (block, stage) = (block, CommonAverageReference())
      stage.process(&block)
      return block
    }
    let fitted = try ArtifactSubspaceReconstruction().fit(referenced(SharedSignals.calibration), sampleRate: 250)
    let signal = referenced(SharedSignals.contaminated)
    let cleaned = try WholeSignalSubspaceReconstruction(fitted).applied(to: signal)
    let largest = (0..<6).flatMap { signal.channel($0) }.reduce(0) { max($0, $1.magnitude) }
    for c in 0..<6 { #expect(cleaned.channel(c).allSatisfy { $0.magnitude <= largest }) }
  }

  @Test func `bad settings and signals are refused`() throws {
    let signal = SharedSignals.calibration
    #expect(throws: SignalError.self) { try ArtifactSubspaceReconstruction().fit(signal, sampleRate: 60) }
    #expect(throws: SignalError.self) { try ArtifactSubspaceReconstruction().fit(TestSignals.cut(signal, 0..<100), sampleRate: 250) }
    #expect(throws: SignalError.self) {
      try ArtifactSubspaceReconstruction().fit(SignalBlock(channelCount: 3, sampleCount: 9000), sampleRate: 250)
    }
    var settings = ArtifactSubspaceReconstruction()
    settings.cutoff = .nan
    #expect(throws: SignalError.self) { try settings.fit(signal, sampleRate: 250) }
    let fitted = try Self.fitted.get()
    #expect(throws: SignalError.self) { try CausalSubspaceReconstruction(fitted, updateInterval: 1) }
    #expect(throws: SignalError.self) { try CausalSubspaceReconstruction(fitted, updateInterval: 50, lookahead: 50) }
    #expect(throws: SignalError.self) { try CausalSubspaceReconstruction(fitted, memory: 0) }
    #expect(throws: SignalError.self) {
      try WholeSignalSubspaceReconstruction(fitted).applied(to: SignalBlock(channelCount: 5, sampleCount: 1000))
    }
  }
}
