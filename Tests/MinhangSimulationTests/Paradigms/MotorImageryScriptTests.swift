import MinhangCore
import Testing

@testable import MinhangSimulation

@Suite struct MotorImageryScriptTests {
  static func script(trials: Int, seed: UInt64, rate: Double = 100) -> ParadigmScript {
    var plan = SimulationPlan()
    plan.trials = trials
    plan.sampleRate = rate
    let subject = SimulatedSubject(number: 1)
    return .make(plan, subject: subject, rhythms: subject.rhythms(muAmplitude: 5), seed: seed)
  }

  @Test(arguments: [1, 2, 7, 40, 41]) func `classes are balanced within one trial`(trials: Int) {
    for seed: UInt64 in 0..<5 {
      let events = Self.script(trials: trials, seed: seed).events
      let left = events.count { $0.label == "left_hand" }
      let right = events.count { $0.label == "right_hand" }
      #expect(left + right == trials)
      #expect(abs(left - right) <= 1)
      #expect(events.count { $0.label == "rest" } == trials + 1)
    }
  }

  @Test func `the order of the classes follows the seed`() {
    let orders = (0..<8).map { seed in Self.script(trials: 40, seed: UInt64(seed)).trials.map(\.label) }
    // 40 over 20 orders: two equal ones among eight have a chance of 2e-10.
    #expect(Set(orders).count == 8)
    #expect(Self.script(trials: 40, seed: 3).trials.map(\.label) == orders[3])
  }

  @Test(arguments: [100.0, 160, 250, 333.3]) func `events touch each other, fall on samples and fill the recording`(rate: Double) throws {
    let script = Self.script(trials: 20, seed: 1, rate: rate)
    let events = script.events
    #expect(events[0].onset == 0)
    for (event, next) in zip(events, events.dropFirst()) {
      // One rounding of a difference and one of a sum of numbers below 200: 4e-14.
      #expect(abs(event.onset + (event.duration ?? .nan) - next.onset) < 1e-13)
      let sample = next.onset * rate
      #expect(abs(sample - sample.rounded()) < 1e-9)
    }
    let last = try #require(events.last)
    // The same two roundings.
    #expect(abs(last.onset + (last.duration ?? .nan) - script.duration) < 1e-12)
    for trial in script.trials { #expect(events.contains { $0.onset == trial.onset && $0.label == trial.label }) }
  }

  @Test func `rests between trials are jittered within their bounds`() {
    let events = Self.script(trials: 40, seed: 2).events
    let rests = events.dropFirst().dropLast().filter { $0.label == "rest" }.compactMap(\.duration)
    // A rest is drawn from 2.5…3.5 s and rounded to a sample of 10 ms.
    #expect(rests.allSatisfy { (2.5 - 0.01...3.5 + 0.01).contains($0) })
    #expect(Set(rests).count > 20)
  }
}
