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
    [
      "type": .string("header"), "schema": .string(Self.schema), "version": .string(Minhang.version), "source": .string(source),
      "source_sha256": .optional(sourceDigest), "model_sha256": .optional(modelDigest), "pipeline": .string(pipeline),
      "sampling_rate": .number(sampleRate), "channels": .strings(channels), "classes": .strings(classes), "window": .number(window),
      "step": .number(step), "latency_samples": .integer(latency),
    ]
  }
}

extension Opinion {
  fileprivate var json: JSONValue { .object(zip(classes, probabilities).map { JSONValue.Member($0, .number($1)) }) }
}
