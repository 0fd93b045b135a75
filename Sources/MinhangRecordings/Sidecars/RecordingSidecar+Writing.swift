import MinhangCore

extension RecordingSidecar {
  /// What has no place in it.
  static let missing: [RecordingContent.Part] = [.identity, .qualities]

  /// The sidecar of an array or a table `[channels × samples]`.
  static func description(_ content: RecordingContent, timeline: Timeline, file path: String) -> JSONValue {
    let name = JSONValue.string(String(path.split(separator: "/").last ?? ""))
    var members: [JSONValue.Member] = [
      .init("array", name), .init("shape", .array([.integer(content.channels.count), .integer(timeline.sampleCount)])),
      .init("sampling_rate", .number(timeline.sampleRate)), .init("start", .optional(content.start?.iso8601)),
    ]
    if let fraction = content.start?.fraction, fraction > 0 { members.append(.init("start_fraction", .number(fraction))) }
    if let stream = content.channels.first.map({ content.streams[$0.stream] }),
      !stream.name.isEmpty || stream.nominalRate != nil || stream.measuredRate != nil
    {
      members.append(
        .init(
          "stream",
          [
            "name": .string(stream.name), "nominal_rate": .optional(stream.nominalRate), "measured_rate": .optional(stream.measuredRate),
          ]))
    }
    members += [
      .init("channels", .array(content.channels.map(channel))), .init("segments", .array(timeline.segments.map(segment))),
      .init("events", .array(content.events.map(event))),
    ]
    return .object(members)
  }

  private static func channel(_ channel: Channel) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(channel.name)), .init("kind", .string(channel.kind.rawValue)),
      .init("unit", .string(channel.signalUnit.symbol)),
    ]
    if channel.label != channel.name { members.append(.init("label", .string(channel.label))) }
    if !channel.prefilter.isEmpty { members.append(.init("prefilter", .string(channel.prefilter))) }
    if !channel.transducer.isEmpty { members.append(.init("transducer", .string(channel.transducer))) }
    if let position = channel.position {
      members.append(.init("position", .numbers([position.x, position.y, position.z])))
      members.append(.init("position_unit", .string(position.unit.rawValue)))
    }
    return .object(members)
  }

  private static func segment(_ segment: Segment) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("first_sample", .integer(segment.firstSample)), .init("samples", .integer(segment.sampleCount)),
      .init("start", .number(segment.start)),
    ]
    if let measured = segment.measuredRate { members.append(.init("measured_rate", .number(measured))) }
    return .object(members)
  }

  private static func event(_ event: Event) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("onset", .number(event.onset)), .init("duration", .optional(event.duration)), .init("label", .string(event.label)),
    ]
    if let channel = event.channel { members.append(.init("channel", .integer(channel))) }
    return .object(members)
  }
}
