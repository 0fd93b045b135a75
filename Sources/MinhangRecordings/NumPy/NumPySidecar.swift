import MinhangCore

/// What an array cannot say of itself: a JSON file beside it, named as the array with `.json` behind.
enum NumPySidecar {
  /// The sidecar of an array `[channels × samples]`.
  static func description(_ content: RecordingContent, timeline: Timeline, array path: String) -> JSONValue {
    [
      "array": .string(String(path.split(separator: "/").last ?? "")),
      "shape": .array([.integer(content.channels.count), .integer(timeline.sampleCount)]),
      "sampling_rate": .number(timeline.sampleRate), "start": .optional(content.start?.iso8601),
      "channels": .array(
        content.channels.map { ["name": .string($0.name), "kind": .string($0.kind.rawValue), "unit": .string($0.signalUnit.symbol)] }),
      "segments": .array(
        timeline.segments.map {
          ["first_sample": .integer($0.firstSample), "samples": .integer($0.sampleCount), "start": .number($0.start)]
        }),
      "events": .array(
        content.events.map { ["onset": .number($0.onset), "duration": .optional($0.duration), "label": .string($0.label)] }),
    ]
  }
}
