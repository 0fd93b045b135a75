import MinhangBCI

extension SignalExport {
  /// The signal of an opened recording after some processing: one rate, the range fitted to what came out.
  ///
  /// - Parameter prefilter: What is added to the channels' words on filters.
  init(recording: OpenedRecording, prefilter: String, target: OutputOptions, console: Console, pass: @escaping Pass) throws {
    let place = ExportPlace(recording.timeline, samples: recording.samples)
    channels = recording.chosen.map { channel in
      var channel = channel
      channel.sampleCount = place.timeline.sampleCount
      channel.stream = 0
      channel.prefilter = [channel.prefilter, prefilter].filter { !$0.isEmpty }.joined(separator: " ")
      return channel
    }
    groups = [
      Group(places: Array(channels.indices), timeline: place.timeline) { body in
        try pass { block in
          block.firstSample -= place.firstSample
          try body(&block)
        }
      }
    ]
    streams = [RecordingStream(spans: place.spans)]
    events = try place.events(of: recording.reader)
    start = place.start(recording.info.start)
    identity = recording.info.identity
    inputs = recording.info.files
    recordDuration = recording.info.recordDuration
    isRangeFitted = true
    self.target = target
    self.console = console
  }

  /// Gives the channels the names (and, where it changed, the unit) of what a spatial stage made of them.
  mutating func rename(_ names: [String], unit: PhysicalUnit?) {
    guard names != channels.map(\.name) || unit != nil else { return }
    let rate = groups[0].timeline.sampleRate
    channels = names.enumerated().map { index, name in
      if let same = channels.first(where: { $0.name == name }) {
        var channel = same
        channel.index = index
        channel.unit = unit ?? channel.unit
        return channel
      }
      return Channel(
        index: index, name: name, unit: unit ?? .microvolt, sampleRate: rate, sampleCount: groups[0].timeline.sampleCount,
        prefilter: channels.first?.prefilter ?? "")
    }
    groups[0].places = Array(channels.indices)
  }

  /// A recording as it is: every rate, the stored numbers kept.
  init(copying reader: any RecordingReader, selection: SelectionOptions, target: OutputOptions, console: Console) throws {
    let info = reader.recording
    let taken: [Int]
    do { taken = try selection.selection().indices(in: info.channels) } catch let error as ChannelSelection.Failure {
      throw CommandFailure(.usage, "\(info.path): \(error.line)")
    }
    var channels = taken.map { info.channels[$0] }
    var groups: [Group] = []
    var streams = info.streams
    let chosen = channels
    let isCropped = selection.crop != nil
    // Channels of one rate and one stream come together, the fastest first.
    struct Kind: Hashable {
      var rate: Double
      var stream: Int
    }
    let kinds = Set(channels.map { Kind(rate: $0.sampleRate, stream: $0.stream) }).sorted { ($1.rate, $0.stream) < ($0.rate, $1.stream) }
    var parts = kinds.map { kind -> (members: [Int], place: ExportPlace) in
      let members = chosen.indices.filter { chosen[$0].sampleRate == kind.rate && chosen[$0].stream == kind.stream }
      let timeline = info.timeline(of: taken[members[0]])
      return (members, ExportPlace(timeline, samples: timeline.samples(from: selection.crop?.start, to: selection.crop?.end)))
    }
    if info.streams.count > 1 {
      // Streams begin at different times: the first of them is the new time 0.
      let origin = isCropped ? parts.filter { !$0.place.samples.isEmpty }.map(\.place.origin).min() ?? 0 : 0
      for place in parts.indices { parts[place].place.moveOrigin(to: origin) }
    }
    var main: ExportPlace?
    var longest = [Int](repeating: 0, count: streams.count)
    for (members, place) in parts {
      if main == nil || place.timeline.sampleCount > main!.timeline.sampleCount { main = place }
      let stream = channels[members[0]].stream
      if isCropped, place.timeline.sampleCount > longest[stream] {
        longest[stream] = place.timeline.sampleCount
        streams[stream].spans = place.spans
      }
      let indices = members.map { taken[$0] }
      groups.append(
        Group(places: members, timeline: place.timeline) { body in
          var reader = reader
          let blockSize = OpenedRecording.blockSize(channelCount: indices.count)
          try reader.forEachBlock(of: indices, blockSize: blockSize, from: place.samples) { block in
            block.firstSample -= place.firstSample
            try body(&block)
          }
        })
      for member in members { channels[member].sampleCount = place.timeline.sampleCount }
    }
    let place = main ?? ExportPlace(Timeline(sampleRate: 1, sampleCount: 0), samples: 0..<0)
    var events = isCropped ? try place.events(of: reader) : try reader.events()
    // An event of one channel follows it, or loses it where the channel is not taken.
    let places = Dictionary(uniqueKeysWithValues: taken.enumerated().map { ($0.element, $0.offset) })
    for k in events.indices { events[k].channel = events[k].channel.flatMap { places[$0] } }
    self.channels = channels
    self.groups = groups
    self.streams = streams
    self.events = events
    start = selection.crop == nil ? info.start : place.start(info.start)
    identity = info.identity
    inputs = info.files
    recordDuration = info.recordDuration
    isRangeFitted = false
    self.target = target
    self.console = console
  }

  /// A simulated recording: ±1000 µV hold every artefact it can be asked for.
  init(simulation: EEGSimulation, target: OutputOptions, console: Console, format: RecordingOutput) {
    let digital = format.storedIntegers ?? EDFFamily.edf.digitalRange
    channels = simulation.channels.map { channel in
      var channel = channel
      channel.sampleCount = simulation.sampleCount
      channel.calibration = Calibration(
        digitalMinimum: digital.lowerBound, digitalMaximum: digital.upperBound, physicalMinimum: -1000, physicalMaximum: 1000)
      return channel
    }
    let timeline = Timeline(sampleRate: simulation.plan.sampleRate, sampleCount: simulation.sampleCount)
    groups = [
      Group(places: Array(channels.indices), timeline: timeline) { body in
        var source = simulation
        var block = SignalBlock(channelCount: source.channels.count, sampleCount: 0)
        while source.read(8192, into: &block) { try body(&block) }
      }
    ]
    streams = [RecordingStream(spans: [TimeSpan(start: 0, duration: simulation.duration)])]
    events = simulation.events
    start = nil
    isRangeFitted = false
    self.target = target
    self.console = console
  }
}

/// Where a stretch of a recording lies once it is a recording of its own: its first sample becomes sample 0 at time 0.
struct ExportPlace {
  /// The samples taken, as the source counts them.
  let samples: Range<Int>
  /// The new timeline.
  private(set) var timeline: Timeline
  /// The new time 0, as the source counts it.
  private(set) var origin: Double

  var firstSample: Int { samples.lowerBound }

  init(_ source: Timeline, samples: Range<Int>) {
    self.samples = samples
    let origin = source.time(ofSample: samples.lowerBound)
    self.origin = origin
    let segments = source.segments.compactMap { segment -> Segment? in
      let part = segment.sampleRange.clamped(to: samples)
      guard !part.isEmpty else { return nil }
      return Segment(
        firstSample: part.lowerBound - samples.lowerBound, sampleCount: part.count, start: source.time(ofSample: part.lowerBound) - origin,
        measuredRate: segment.measuredRate)
    }
    timeline = Timeline(sampleRate: source.sampleRate, segments: segments)
  }

  /// Sets another time 0, as the source counts it.
  mutating func moveOrigin(to newOrigin: Double) {
    let shift = origin - newOrigin
    origin = newOrigin
    timeline = Timeline(
      sampleRate: timeline.sampleRate,
      segments: timeline.segments.map { segment in
        var segment = segment
        segment.start += shift
        return segment
      })
  }

  /// The new recording's unbroken stretches.
  var spans: [TimeSpan] {
    timeline.segments.map { segment in
      TimeSpan(
        start: segment.start, duration: timeline.end(of: segment) - segment.start,
        sampleCount: segment.measuredRate == nil ? nil : segment.sampleCount)
    }
  }

  /// The events that fall into the stretch, on the new time.
  func events(of reader: any RecordingReader) throws -> [Event] {
    let end = origin + (spans.last?.end ?? 0)
    return try reader.events().filter { $0.onset >= origin && $0.onset < end }.map {
      Event(onset: $0.onset - origin, duration: $0.duration, label: $0.label, channel: $0.channel)
    }
  }

  /// When the new first sample was taken.
  func start(_ source: RecordingDate?) -> RecordingDate? { source?.advanced(by: origin) }
}
