import Testing

@testable import MinhangSimulation

@Suite struct SimulationPlanTests {
  static func message(_ change: (inout SimulationPlan) -> Void) -> String {
    var plan = SimulationPlan()
    change(&plan)
    do {
      _ = try EEGSimulation(plan)
      return ""
    } catch {
      return error.code == .outOfRange ? error.description : "another code"
    }
  }

  @Test func `a number out of range is named with what is expected`() {
    #expect(Self.message { $0.subject = 0 } == "subject is 0; expected 1 to 1000000")
    #expect(Self.message { $0.trials = -1 } == "number of trials is -1; expected 1 to 10000")
    #expect(Self.message { $0.channelCount = 65 } == "number of channels is 65; expected 1 to 64")
    #expect(Self.message { $0.sampleRate = 10 } == "sampling rate in Hz is 10.0; expected 100.0 to 20000.0")
    #expect(Self.message { $0.restDuration = 0 } == "duration of rest in seconds is 0.0; expected 1.0 to 604800.0")
    #expect(Self.message { $0.signalToNoise = 61 } == "signal-to-noise ratio in dB is 61.0; expected -60.0 to 60.0")
    #expect(Self.message { $0.desynchronisation = 1 } == "desynchronisation is 1.0; expected 0.0 to 0.95")
    let line = Self.message {
      $0.artefacts = [.line]
      $0.lineFrequency = 125
    }
    #expect(line == "line frequency is 125.0 Hz; expected above 0 and below half the sampling rate, 125.0 Hz")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func `a number that is none is refused and does not trap`(value: Double) {
    #expect(Self.message { $0.sampleRate = value }.hasPrefix("sampling rate"))
    #expect(Self.message { $0.restDuration = value }.hasPrefix("duration"))
    #expect(Self.message { $0.signalToNoise = value }.hasPrefix("signal-to-noise"))
    #expect(Self.message { $0.desynchronisation = value }.hasPrefix("desynchronisation"))
    let line = Self.message {
      $0.artefacts = [.line]
      $0.lineFrequency = value
    }
    #expect(line.hasPrefix("line frequency"))
  }

  @Test(arguments: [1, 2, 63, 64]) func `the corners of the ranges are simulated`(channels: Int) throws {
    var plan = SimulationPlan()
    plan.channelCount = channels
    plan.paradigm = .rest
    plan.restDuration = 1
    plan.sampleRate = 100
    plan.signalToNoise = channels == 1 ? -60 : 60
    plan.desynchronisation = 0.95
    plan.artefacts = Set(SimulatedArtefact.allCases)
    plan.lineFrequency = 49
    plan.seed = .max
    var simulation = try EEGSimulation(plan)
    let signal = simulation.readAll()
    #expect(signal.channelCount == channels && signal.sampleCount == 100)
    #expect((0..<channels).allSatisfy { signal.channel($0).allSatisfy(\.isFinite) })
  }
}
