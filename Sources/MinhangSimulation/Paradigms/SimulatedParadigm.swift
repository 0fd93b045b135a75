import MinhangCore

/// What the simulated person is asked to do.
public enum SimulatedParadigm: String, Sendable, Hashable, CaseIterable, Codable {
  /// Imagining the left or the right hand after a cue, with rest between.
  case motorImagery = "motor-imagery"
  /// Sitting still.
  case rest
}

/// One trial as it was simulated.
public struct SimulatedTrial: Sendable, Hashable, Codable {
  /// The class: `left_hand`, `right_hand`.
  public var label: String
  /// The cue, seconds from the recording's first sample.
  public var onset: Double
  /// How long the imagining lasts, seconds.
  public var duration: Double
  /// From the cue to the beginning of the change of power, seconds.
  public var delay: Double
  /// Part of mu power lost over the opposite hand area in this trial, 0…1.
  public var desynchronisation: Double
}

/// A recording's course: what a paradigm decides before the first sample is made.
///
/// A new paradigm makes one of these; if it evokes responses of its own it adds their components.
struct ParadigmScript: Sendable {
  /// Length of the recording, seconds; a whole number, so that it fills whole data records of a file.
  var duration: Double
  /// What is written as the recording's events.
  var events: [Event]
  /// What the truth says of each trial.
  var trials: [SimulatedTrial]
  /// The course of each of the subject's rhythms, in their order.
  var modulations: [[PowerPulse]]
  /// Sources that only this paradigm has.
  var components: [any SimulationComponent] = []
}

extension ParadigmScript {
  /// The script of a plan.
  static func make(_ plan: SimulationPlan, subject: SimulatedSubject, rhythms: [SimulatedRhythm], seed: UInt64) -> ParadigmScript {
    switch plan.paradigm {
    case .motorImagery: motorImagery(plan, subject: subject, rhythms: rhythms, seed: seed)
    case .rest: rest(duration: plan.restDuration, rhythms: rhythms)
    }
  }

  /// Sitting still for a time, rounded up to whole seconds.
  private static func rest(duration: Double, rhythms: [SimulatedRhythm]) -> ParadigmScript {
    let duration = duration.rounded(.up)
    return ParadigmScript(
      duration: duration, events: [Event(onset: 0, duration: duration, label: "rest")], trials: [], modulations: rhythms.map { _ in [] })
  }
}
