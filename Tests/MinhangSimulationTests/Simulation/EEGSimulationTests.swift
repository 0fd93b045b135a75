import Foundation
import MinhangCore
import Testing

@testable import MinhangSimulation

@Suite struct EEGSimulationTests {
  /// A short recording with everything in it.
  static func plan(trials: Int = 2, channelCount: Int = 8) -> SimulationPlan {
    var plan = SimulationPlan()
    plan.trials = trials
    plan.channelCount = channelCount
    plan.sampleRate = 128
    plan.artefacts = Set(SimulatedArtefact.allCases)
    return plan
  }

  @Test func `the same plan gives the same bits`() throws {
    var a = try EEGSimulation(Self.plan())
    var b = try EEGSimulation(Self.plan())
    #expect(a.readAll() == b.readAll())
    #expect(a.truth == b.truth)
    #expect(a.events == b.events)
  }

  @Test(arguments: [1, 7, 63, 64, 65, 1000]) func `the bits do not depend on the size of the blocks`(size: Int) throws {
    var whole = try EEGSimulation(Self.plan())
    let expected = whole.readAll()
    var simulation = try EEGSimulation(Self.plan())
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    var next = 0
    while simulation.read(size, into: &block) {
      #expect(block.firstSample == next)
      #expect(block.sampleCount == min(size, expected.sampleCount - next))
      for c in 0..<8 {
        let matches = block.channel(c).elementsEqual(expected.channel(c).dropFirst(next).prefix(block.sampleCount))
        if !matches { Issue.record("channel \(c) differs in the block at \(next)") }
      }
      next += block.sampleCount
    }
    #expect(next == expected.sampleCount)
    #expect(block.sampleCount == 0)
  }

  @Test func `after a reset the recording begins again`() throws {
    var simulation = try EEGSimulation(Self.plan())
    let first = simulation.readAll()
    #expect(simulation.readAll().sampleCount == 0)
    simulation.reset()
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    simulation.read(100, into: &block)
    simulation.reset()
    #expect(simulation.readAll() == first)
  }

  @Test func `seeds and subjects differ`() throws {
    let first = try EEGSimulation(Self.plan())
    var other = Self.plan()
    other.seed = 1
    var session = try EEGSimulation(other)
    other.seed = 0
    other.subject = 2
    var person = try EEGSimulation(other)
    // A new session of one person: another signal from the same sources. Another person: other sources.
    #expect(session.truth.rhythms == first.truth.rhythms)
    #expect(session.truth.background == first.truth.background)
    #expect(person.truth.rhythms != first.truth.rhythms)
    var again = first
    let signal = again.readAll()
    #expect(session.readAll() != signal)
    #expect(person.readAll() != signal)
  }

  @Test func `a channel does not depend on the others`() throws {
    var small = try EEGSimulation(Self.plan(trials: 1, channelCount: 8))
    var large = try EEGSimulation(Self.plan(trials: 1, channelCount: 19))
    let (a, b) = (small.readAll(), large.readAll())
    for name in ["Fz", "C3", "Cz", "C4", "Pz"] {
      let i = try #require(small.truth.channels.firstIndex(of: name))
      let j = try #require(large.truth.channels.firstIndex(of: name))
      #expect(a.channel(i).elementsEqual(b.channel(j)))
    }
  }

  @Test func `without desynchronisation motor imagery is rest, bit for bit`() throws {
    var plan = Self.plan(trials: 3)
    plan.desynchronisation = 0
    var imagery = try EEGSimulation(plan)
    plan.paradigm = .rest
    plan.restDuration = imagery.duration
    plan.desynchronisation = nil
    var rest = try EEGSimulation(plan)
    #expect(imagery.readAll() == rest.readAll())
  }

  @Test(arguments: [1, 2, 3]) func `mu falls on the side opposite to the imagined hand`(subject: Int) throws {
    var plan = SimulationPlan()
    plan.subject = subject
    plan.trials = 10
    plan.channelCount = 8
    plan.sampleRate = 100
    plan.signalToNoise = 20
    plan.desynchronisation = 0.9
    var simulation = try EEGSimulation(plan)
    let signal = simulation.readAll()
    /// Mean mu power over the trials of a class, in the two seconds in which the loss is complete.
    func power(_ electrode: String, _ label: String) throws -> Double {
      let channel = try #require(simulation.truth.channels.firstIndex(of: electrode))
      let trials = simulation.truth.trials.filter { $0.label == label }
      let powers = trials.map { trial in
        let start = Int((trial.onset + 1.4) * plan.sampleRate)
        let samples = signal.channel(channel)
        return SpectrumOracle.power(
          of: samples[(samples.startIndex + start)..<(samples.startIndex + start + 200)], in: 8...13, sampleRate: 100)
      }
      return powers.reduce(0, +) / Double(powers.count)
    }
    // Expected: 0.1 of the power left (and a little background) over 0.8–0.9 on the other side, a ratio of about 0.15. Five trials of 2 s
    // of a peak 2.5 Hz wide have 2 · 5 · 2 · 2.5 · π/2 · ½ = 40 degrees of freedom: each power is known to √(2/40) = 22 %, the ratio to
    // 32 %: 0.15 ± 0.05. The limit is seven deviations away.
    #expect(try power("C4", "left_hand") / power("C4", "right_hand") < 0.5)
    #expect(try power("C3", "right_hand") / power("C3", "left_hand") < 0.5)
  }

  @Test func `the truth survives being written`() throws {
    let truth = try EEGSimulation(Self.plan()).truth
    let data = try JSONEncoder().encode(truth)
    #expect(try JSONDecoder().decode(SimulationTruth.self, from: data) == truth)
    #expect(truth.channels.count == 8 && truth.positions.count == 8)
    #expect(truth.rhythms.allSatisfy { $0.leadField.count == 8 })
    #expect(truth.line?.amplitudes.count == 8 && truth.drift?.count == 8)
  }

  @Test func `channels say what they are`() throws {
    let simulation = try EEGSimulation(Self.plan())
    #expect(simulation.channels.map(\.name) == ElectrodeLayout.cap(channelCount: 8))
    #expect(simulation.channels.map(\.index) == Array(0..<8))
    #expect(simulation.channels.allSatisfy { $0.kind == .eeg && $0.unit == .microvolt && $0.sampleRate == 128 })
    #expect(simulation.channels.allSatisfy { $0.sampleCount == simulation.sampleCount })
    #expect(simulation.duration == simulation.duration.rounded())
  }
}
