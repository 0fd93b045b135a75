import MinhangCore
import Testing

@testable import MinhangSimulation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Artefacts are added last, so that what one adds is the difference of two recordings.
@Suite struct ArtefactTests {
  static func recording(_ artefacts: Set<SimulatedArtefact>, seconds: Double = 30, rate: Double = 200) throws -> (
    EEGSimulation, SignalBlock
  ) {
    var plan = SimulationPlan()
    plan.paradigm = .rest
    plan.restDuration = seconds
    plan.sampleRate = rate
    plan.channelCount = 19
    plan.artefacts = artefacts
    var simulation = try EEGSimulation(plan)
    return (simulation, simulation.readAll())
  }

  static func difference(_ a: SignalBlock, _ b: SignalBlock, channel: Int) -> [Double] {
    zip(a.channel(channel), b.channel(channel)).map { $0 - $1 }
  }

  @Test func `blinks stand where the truth says and nowhere else, largest at the forehead`() throws {
    let (_, clean) = try Self.recording([])
    let (simulation, signal) = try Self.recording([.blinks])
    let forehead = Self.difference(signal, clean, channel: 0)
    let occiput = Self.difference(signal, clean, channel: 18)
    let blinks = simulation.truth.blinks
    #expect(blinks.count >= 3)
    for (i, value) in forehead.enumerated() {
      let time = Double(i) / 200
      let isInside = blinks.contains { time > $0.onset && time < $0.onset + $0.duration }
      if !isInside { #expect(value == 0, "at \(time) s") }
    }
    for blink in blinks {
      #expect((0.2...0.4).contains(blink.duration) && (100...200).contains(blink.amplitude))
      let peak = forehead[Int(blink.onset * 200)...Int((blink.onset + blink.duration) * 200)].max() ?? 0
      // A sample every 5 ms misses the peak of a curve of 200 ms by at most (3 · 2.5/200)² · 3 = 0.5 %. Fp1
      // sees 95 % of what Fpz, between the eyes, sees.
      #expect(peak <= blink.amplitude * 1.000001 && peak > blink.amplitude * 0.93)
    }
    let ratio = (occiput.max() ?? 1) / (forehead.max() ?? 1)
    #expect(ratio > 0 && ratio < 0.05)
  }

  @Test func `without asking there is no artefact in the truth`() throws {
    let truth = try Self.recording([], seconds: 1).0.truth
    #expect(truth.blinks.isEmpty && truth.muscleLeft.isEmpty && truth.muscleRight.isEmpty && truth.line == nil && truth.drift == nil)
  }

  @Test(arguments: [0, 7, 18]) func `the mains have their frequency and the amplitude of the truth`(channel: Int) throws {
    let (_, clean) = try Self.recording([])
    let (simulation, signal) = try Self.recording([.line])
    let line = try #require(simulation.truth.line)
    let added = Self.difference(signal, clean, channel: channel)
    func amplitude(_ frequency: Double) -> Double {
      var (real, imaginary) = (0.0, 0.0)
      for (i, value) in added.enumerated() {
        real += value * cos(2 * .pi * frequency * Double(i) / 200)
        imaginary += value * sin(2 * .pi * frequency * Double(i) / 200)
      }
      return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(added.count)
    }
    // Whole periods in 30 s; the differences carry the rounding of a signal of 100 µV, 1e-14 each.
    #expect(abs(amplitude(50) - line.amplitudes[channel]) < 1e-10)
    // The second harmonic lies at half the rate and the third above: neither is there to fold back.
    #expect(amplitude(40) < 1e-10)
    let power = added.reduce(0) { $0 + $1 * $1 } / Double(added.count)
    #expect(abs(power - line.amplitudes[channel] * line.amplitudes[channel] / 2) < 1e-9)
  }

  @Test func `drift is slow and of the size of the truth`() throws {
    let (_, clean) = try Self.recording([], seconds: 120, rate: 100)
    let (simulation, signal) = try Self.recording([.drift], seconds: 120, rate: 100)
    let amplitudes = try #require(simulation.truth.drift)
    var power = 0.0
    for c in 0..<19 {
      let added = Self.difference(signal, clean, channel: c)
      #expect(abs(added[0]) < 0.1, "it starts from zero")
      // Above 1 Hz two poles at 0.03 Hz leave (0.03/1)⁴ of the density: steps of 10 ms stay below 1 µV.
      #expect(zip(added, added.dropFirst()).allSatisfy { abs($0 - $1) < 1 })
      power += added.reduce(0) { $0 + $1 * $1 } / Double(added.count) / (amplitudes[c] * amplitudes[c])
    }
    // 120 s hold about 120 · 2π · 0.03 / 4 = 6 independent values a channel, 110 in all: deviation √(2/110) = 13 %; the start from zero
    // costs up to a tenth.
    #expect(abs(power / 19 - 1) < 0.5)
  }

  @Test func `muscle bursts come at the temples, fast, and only where the truth says`() throws {
    let (_, clean) = try Self.recording([], seconds: 60)
    let (simulation, signal) = try Self.recording([.muscle], seconds: 60)
    let bursts = simulation.truth.muscleLeft + simulation.truth.muscleRight
    #expect(!bursts.isEmpty)
    let names = simulation.truth.channels
    var energy: [String: Double] = [:]
    for name in ["T7", "T8", "Cz"] {
      let added = Self.difference(signal, clean, channel: names.firstIndex(of: name) ?? 0)
      energy[name] = added.reduce(0) { $0 + $1 * $1 }
      for (i, value) in added.enumerated() where value != 0 {
        let time = Double(i) / 200
        #expect(bursts.contains { time >= $0.onset && time <= $0.onset + $0.duration })
      }
      let slow = SpectrumOracle.power(of: added[...], in: 1...8, sampleRate: 200)
      let fast = SpectrumOracle.power(of: added[...], in: 20...60, sampleRate: 200)
      #expect(slow < fast / 10)
    }
    // T7 and T8 lie 0.35 rad from their muscle, Cz 1.7: exp(−1.35/0.35)² = 5e-4.
    #expect((energy["Cz"] ?? 1) < 0.01 * ((energy["T7"] ?? 0) + (energy["T8"] ?? 0)))
  }
}
