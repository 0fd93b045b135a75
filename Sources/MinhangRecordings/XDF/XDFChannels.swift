import MinhangCore

/// From the streams of a file to the channels of a recording.
enum XDFChannels {
  /// Channels that are read of all streams together, as of other formats.
  static let most = 65_536

  /// The channels of a stream; names are given later, over all streams.
  static func channels(of scan: XDFStreamScan, stream: Int, from index: Int, sampleRate: Double) -> [Channel] {
    let header = scan.header
    return (0..<header.channelCount).map { k in
      let text = k < header.channels.count ? header.channels[k] : XDFStreamHeader.ChannelText()
      let unit = PhysicalUnit(text.unit)
      let label = text.label.isEmpty ? "Channel\(k + 1)" : text.label
      return Channel(
        index: index + k, name: label, label: label, kind: kind(label: label, unit: unit, type: text.type, stream: header.type), unit: unit,
        sampleRate: sampleRate, sampleCount: scan.sampleCount, position: text.position, stream: stream)
    }
  }

  /// The kind: the channel's own type decides, then what its label says, then the type of its stream.
  private static func kind(label: String, unit: PhysicalUnit, type: String, stream: String) -> ChannelKind {
    if let kind = kind(ofType: type) { return kind }
    let byLabel = ChannelKind(label: label, unit: unit)
    if byLabel != .misc && byLabel != .eeg { return byLabel }
    return kind(ofType: stream) ?? (type.isEmpty ? byLabel : .misc)
  }

  private static func kind(ofType type: String) -> ChannelKind? {
    switch type.lowercased() {
    case "": nil
    case "ekg": .ecg
    case "ref": .reference
    case "trig", "stim", "trg", "marker", "markers", "status": .trigger
    case "veog", "heog": .eog
    case "aux", "acc", "accelerometer", "gyro", "gaze", "mocap", "audio", "ppg", "gsr", "resp", "temp": .misc
    case let known: ChannelKind(rawValue: known)
    }
  }

  /// Gives each channel a name of its own: the cleaned label; where two streams have it, with the stream's name before it; where that does
  /// not help, with a number behind it.
  static func name(_ channels: inout [Channel], streams: [RecordingStream], log: inout WarningLog) {
    var owners: [String: Int] = [:]
    var shared: Set<String> = []
    for channel in channels {
      let key = ChannelName.key(channel.label)
      if let owner = owners[key], owner != channel.stream { shared.insert(key) }
      owners[key] = channel.stream
    }
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    for k in channels.indices {
      var name = ChannelName.cleaned(channels[k].label)
      let stream = streams[channels[k].stream].name
      if shared.contains(ChannelName.key(channels[k].label)) && !stream.isEmpty { name = "\(stream) \(name)" }
      let wanted = name
      while !taken.insert(name.lowercased()).inserted {
        let number = next[wanted.lowercased()] ?? 2
        next[wanted.lowercased()] = number + 1
        name = "\(wanted)-\(number)"
      }
      if name != wanted {
        log.add(
          .label,
          "stream \(stream.quotedForDisplay()): the label \(channels[k].label.quotedForDisplay()) is not unique; named \(name.quotedForDisplay())"
        )
      }
      channels[k].name = name
    }
  }
}
