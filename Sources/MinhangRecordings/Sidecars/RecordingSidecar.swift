import MinhangCore

/// What an array or a table cannot say of itself: a JSON file beside it, named as the file with `.json` behind.
struct RecordingSidecar: Sendable {
  private static let largest = 256 << 20

  var sampleRate: Double
  var start: RecordingDate?
  var channels: [Channel]
  var stream: RecordingStream
  var events: [Event]

  /// Samples of each channel.
  var sampleCount: Int

  /// The sidecar of a file.
  static func path(beside path: String) -> String { path + ".json" }

  /// Reads the sidecar of a file.
  ///
  /// - Returns: nil where there is none, or where it is of no use, which is told.
  init?(beside path: String, log: inout WarningLog) throws(RecordingError) {
    guard let json = try Self.json(beside: path, log: &log) else { return nil }
    guard let sidecar = Self(json) else {
      log.add(
        .formatVariant, "the sidecar beside the file (.json) lacks a usable shape, sampling rate, list of channels or of segments; not used"
      )
      return nil
    }
    self = sidecar
  }

  /// The sidecar's JSON, if it is one of ours: it names the file's shape.
  static func json(beside path: String, log: inout WarningLog) throws(RecordingError) -> JSONValue? {
    let file: RandomAccessFile
    do throws(RecordingError) { file = try RandomAccessFile(path: Self.path(beside: path)) } catch {
      if error.code != .notFound { log.add(.formatVariant, "the sidecar beside the file (.json) cannot be opened; not used") }
      return nil
    }
    guard file.byteCount <= largest, let json = JSONReader.value(try file.bytes(at: 0, count: file.byteCount)), case .object = json else {
      log.add(.formatVariant, "the sidecar beside the file (.json) is no JSON object; not used")
      return nil
    }
    return json
  }

  private init?(_ json: JSONValue) {
    let shape = (json["shape"]?.arrayValue ?? []).compactMap(\.integerValue)
    guard shape.count == 2, shape.allSatisfy({ $0 >= 0 }) else { return nil }
    let (channelCount, sampleCount) = (shape[0], shape[1])
    self.sampleCount = sampleCount
    guard let rate = json["sampling_rate"]?.numberValue, SamplingRate.isUsable(rate), let rows = json["channels"]?.arrayValue,
      rows.count == channelCount, let parts = json["segments"]?.arrayValue
    else { return nil }
    sampleRate = rate
    channels = []
    for (index, row) in rows.enumerated() {
      guard let name = row["name"]?.stringValue else { return nil }
      var position: SensorPosition?
      if let place = row["position"]?.arrayValue?.compactMap(\.numberValue), place.count == 3 {
        let unit = row["position_unit"]?.stringValue.flatMap(SensorPosition.Unit.init) ?? .unknown
        position = SensorPosition(x: place[0], y: place[1], z: place[2], unit: unit)
      }
      let unit = PhysicalUnit(row["unit"]?.stringValue ?? "")
      channels.append(
        Channel(
          index: index, name: name, label: row["label"]?.stringValue ?? name,
          kind: row["kind"]?.stringValue.flatMap(ChannelKind.init) ?? ChannelKind(label: name, unit: unit), unit: unit, sampleRate: rate,
          sampleCount: sampleCount, prefilter: row["prefilter"]?.stringValue ?? "", transducer: row["transducer"]?.stringValue ?? "",
          position: position))
    }
    guard Set(channels.map { $0.name.lowercased() }).count == channels.count else { return nil }
    var spans: [TimeSpan] = []
    var next = 0
    for part in parts {
      guard let first = part["first_sample"]?.integerValue, first == next, let count = part["samples"]?.integerValue, count > 0,
        count <= sampleCount - next, let start = part["start"]?.numberValue
      else { return nil }
      next += count
      let measured = part["measured_rate"]?.numberValue.flatMap { SamplingRate.isUsable($0) ? $0 : nil }
      spans.append(
        TimeSpan(
          start: start, duration: measured.map { Self.duration(count, at: $0) } ?? Double(count) / rate,
          sampleCount: measured == nil ? nil : count))
    }
    guard next == sampleCount else { return nil }
    stream = RecordingStream(
      name: json["stream"]?["name"]?.stringValue ?? "", spans: spans, nominalRate: json["stream"]?["nominal_rate"]?.numberValue,
      measuredRate: json["stream"]?["measured_rate"]?.numberValue)
    start = json["start"]?.stringValue.flatMap(RecordingDate.init(iso8601:))
    if let fraction = json["start_fraction"]?.numberValue, fraction >= 0, fraction < 1 { start?.fraction = fraction }
    events = (json["events"]?.arrayValue ?? []).compactMap { event in
      guard let onset = event["onset"]?.numberValue, let label = event["label"]?.stringValue else { return nil }
      let channel = event["channel"]?.integerValue.flatMap { (0..<channelCount).contains($0) ? $0 : nil }
      return Event(onset: onset, duration: event["duration"]?.numberValue, label: label, channel: channel)
    }
    events = Event.sortedByOnset(events)
  }

  /// Seconds that give the rate again when the samples are divided by them.
  private static func duration(_ count: Int, at rate: Double) -> Double {
    let near = Double(count) / rate
    return [near, near.nextUp, near.nextDown].first { Double(count) / $0 == rate } ?? near
  }

  /// The description of a recording that the sidecar completes.
  func info(format: RecordingFormat, path: String, byteCount: Int, log: WarningLog) -> RecordingInfo {
    var info = RecordingInfo(
      format: format, path: path, byteCount: byteCount, start: start, duration: stream.spans.map(\.end).max() ?? 0, channels: channels,
      streams: [stream], warnings: log.warnings, notes: log.notes)
    info.companions = [Self.path(beside: path)]
    return info
  }
}

extension RecordingDate {
  /// Reads `2009-08-12T16:15:00`, with decimals of a second where there are any.
  init?(iso8601 text: String) {
    let sides = text.split(maxSplits: 1, whereSeparator: { $0 == "T" || $0 == " " })
    guard sides.count == 2 else { return nil }
    let date = sides[0].split(separator: "-").map { Int($0) }
    let clock = sides[1].split(separator: ":")
    guard date.count == 3, clock.count == 3, let year = date[0], let month = date[1], let day = date[2], let hour = Int(clock[0]),
      let minute = Int(clock[1]), let seconds = DecimalNumber.value(String(clock[2])), seconds >= 0, seconds < 60
    else { return nil }
    let whole = seconds.rounded(.down)
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: Int(whole), fraction: seconds - whole)
  }
}
