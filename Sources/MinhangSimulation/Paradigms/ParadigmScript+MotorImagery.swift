import MinhangCore

/// The course of a motor-imagery recording.
///
/// After 3 s of rest each trial shows a cue; the person imagines the hand for 4 s, then rests for 2.5–3.5 s. The classes are balanced
/// (within one trial) and shuffled.
///
/// While imagining, power falls in mu and beta over the hand area opposite to the hand, beginning 0.5–0.7 s after the cue and complete
/// 0.5 s later; it returns within a second of the end. On the same side it falls by a share of that. Beta loses four fifths of what mu
/// loses, and after the trial rebounds above its rest for a second on the opposite side. The loss varies from trial to trial with a
/// standard deviation of a fifth of its mean.
///
/// **Source:** Pfurtscheller & Neuper 1997, "Motor imagery activates primary sensorimotor area in humans", Neurosci. Lett. 239:65;
/// Pfurtscheller & Lopes da Silva 1999, Clin. Neurophysiol. 110:1842 (course and beta rebound).
extension ParadigmScript {
  /// Seconds of rest before the first cue.
  static let leadIn = 3.0
  /// Seconds from a cue to the end of imagining.
  static let imageryDuration = 4.0

  static func motorImagery(
    _ plan: SimulationPlan, subject: SimulatedSubject, rhythms: [SimulatedRhythm], seed: UInt64
  ) -> ParadigmScript {
    var generator = SeededGenerator(seed: seed, stream: RandomStream.schedule)
    var labels = (0..<plan.trials).map { $0 % 2 == 0 ? "left_hand" : "right_hand" }
    generator.shuffle(&labels)
    let depth = plan.desynchronisation ?? subject.desynchronisation

    /// Cues fall on samples, so that an event's time is a sample's time; so do durations, for a difference of two times is off by an ulp.
    func onSample(_ time: Double) -> Double { (time * plan.sampleRate).rounded() / plan.sampleRate }
    var trials: [SimulatedTrial] = []
    var events = [Event(onset: 0, label: "rest")]
    var time = leadIn
    for label in labels {
      let onset = onSample(time)
      let delay = 0.5 + 0.2 * generator.nextUniform()
      let loss = max(0, min(0.95, depth * (1 + 0.2 * generator.nextNormal())))
      trials.append(SimulatedTrial(label: label, onset: onset, duration: imageryDuration, delay: delay, desynchronisation: loss))
      events[events.count - 1].duration = onSample(onset - events[events.count - 1].onset)
      let end = onSample(onset + imageryDuration)
      events.append(Event(onset: onset, duration: onSample(end - onset), label: label))
      events.append(Event(onset: end, label: "rest"))
      time = end + 2.5 + generator.nextUniform()
    }
    let duration = time.rounded(.up)
    // The recording ends on a whole second, which is a sample only at whole rates.
    events[events.count - 1].duration = duration - events[events.count - 1].onset
    let modulations = rhythms.map { rhythm in trials.flatMap { pulses(of: rhythm, in: $0, ipsilateralShare: subject.ipsilateralShare) } }
    return ParadigmScript(duration: duration, events: events, trials: trials, modulations: modulations)
  }

  /// What a trial does to a rhythm.
  private static func pulses(of rhythm: SimulatedRhythm, in trial: SimulatedTrial, ipsilateralShare: Double) -> [PowerPulse] {
    guard rhythm.band == .mu || rhythm.band == .beta, rhythm.side != .midline else { return [] }
    let isOpposite = rhythm.side == (trial.label == "left_hand" ? .right : .left)
    let end = trial.onset + trial.duration
    let loss = trial.desynchronisation * (isOpposite ? 1 : ipsilateralShare) * (rhythm.band == .beta ? 0.8 : 1)
    let fall = PowerPulse(start: trial.onset + trial.delay, rise: 0.5, end: end + 0.2, fall: 0.6, change: -loss)
    guard rhythm.band == .beta, isOpposite else { return [fall] }
    return [fall, PowerPulse(start: end + 0.6, rise: 0.4, end: end + 1.3, fall: 0.7, change: 1.2 * trial.desynchronisation)]
  }
}
