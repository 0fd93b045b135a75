import MinhangCore

extension StreamRecord {
  /// The record as one JSON object, `type` first.
  public var json: JSONValue {
    switch self {
    case .header(let header): header.json
    case .decision(let decision):
      [
        "type": .string("decision"), "seq": .integer(decision.sequence), "sample": .integer(decision.sample),
        "time": .number(decision.time),
        "intent": .string(decision.opinion.intent), "probabilities": decision.opinion.json,
      ]
    case .event(let event):
      ["type": .string("event"), "sample": .integer(event.sample), "time": .number(event.time), "label": .string(event.label)]
    case .trial(let trial):
      [
        "type": .string("trial"), "onset": .number(trial.onset), "label": .string(trial.label), "intent": .string(trial.opinion.intent),
        "correct": .bool(trial.isCorrect), "probabilities": trial.opinion.json,
      ]
    case .gap(let gap):
      [
        "type": .string("gap"), "sample": .integer(gap.sample), "time": .number(gap.time), "missing": .number(gap.missing),
        "cause": .string(gap.cause.rawValue),
      ]
    case .latency(let latency):
      [
        "type": .string("latency"), "blocks": .integer(latency.blocks), "seconds_p50": .number(latency.median),
        "seconds_p99": .number(latency.percentile99), "seconds_max": .number(latency.maximum),
        "deadline_misses": .integer(latency.deadlineMisses),
      ]
    case .summary(let summary):
      [
        "type": .string("summary"), "samples": .integer(summary.samples), "decisions": .integer(summary.decisions),
        "trials": .integer(summary.trials), "correct": .integer(summary.correct), "accuracy": .optional(summary.accuracy),
        "rejected_trials": .integer(summary.rejectedTrials), "gaps": .integer(summary.gaps), "lost_samples": .integer(summary.lostSamples),
      ]
    }
  }
}

extension StreamHeader {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("type", .string("header")), .init("schema", .string(Self.schema)), .init("version", .string(Minhang.version)),
      .init("source", .string(source)), .init("source_sha256", .optional(sourceDigest)),
    ]
    if !sourceCompanions.isEmpty {
      let companions = sourceCompanions.map { ["path": .string($0.path), "sha256": .string($0.digest)] as JSONValue }
      members.append(.init("source_companions", .array(companions)))
    }
    members += [
      .init("model_sha256", .optional(modelDigest)), .init("pipeline", .string(pipeline)), .init("sampling_rate", .number(sampleRate)),
      .init("channels", .strings(channels)), .init("classes", .strings(classes)), .init("window", .number(window)),
      .init("step", .number(step)), .init("latency_samples", .integer(latency)),
    ]
    return .object(members)
  }
}

extension Opinion {
  fileprivate var json: JSONValue { .object(zip(classes, probabilities).map { JSONValue.Member($0, .number($1)) }) }
}
