import MinhangCore

/// From the signals of a header to the channels of a recording.
enum EDFChannels {
  /// The ordinary signals as channels, each with a name of its own.
  static func channels(
    _ signals: [EDFSignalHeader], status: Int?, layout: EDFRecordLayout, recordDuration: ExactDecimal?, log: inout WarningLog
  ) -> [Channel] {
    var channels: [Channel] = []
    var owners: [String: Int] = [:]
    for signal in signals where !signal.isAnnotation {
      guard signal.samplesPerRecord > 0, let recordDuration else {
        log.add(.emptyChannel, "signal \(signal.index + 1) \(signal.label.quotedForDisplay()) has no samples; left out")
        continue
      }
      let unit = PhysicalUnit(signal.unit)
      let rate = recordDuration.rate(of: signal.samplesPerRecord)
      if rate > 1e6 || rate < 1e-4 {
        let name = signal.label.quotedForDisplay()
        log.add(.sampleRate, "signal \(signal.index + 1) \(name) has a sampling rate of \(rate) Hz, which is hardly meant")
      }
      var channel = Channel(
        index: channels.count, name: uniqueName(signal, owners: &owners, log: &log), label: signal.label,
        kind: ChannelKind(label: signal.label, unit: unit), unit: unit, sampleRate: rate, sampleCount: layout.sampleCount(of: signal.index),
        calibration: signal.calibration, prefilter: signal.prefilter, transducer: signal.transducer)
      if signal.index == status {
        channel.kind = .trigger
        channel.unit = .boolean
        channel.calibration = Calibration(digitalMinimum: 0, digitalMaximum: 0xFF_FFFF, physicalMinimum: 0, physicalMaximum: 0xFF_FFFF)
      }
      channels.append(channel)
    }
    return channels
  }

  /// The cleaned label, with a number where it is taken already.
  private static func uniqueName(_ signal: EDFSignalHeader, owners: inout [String: Int], log: inout WarningLog) -> String {
    var name = ChannelName.cleaned(signal.label)
    if name.isEmpty {
      name = "Channel\(signal.index + 1)"
      log.add(.label, "signal \(signal.index + 1) has no label; it is named \(name.quotedForDisplay())")
    }
    let wanted = name
    var number = 2
    while let owner = owners[name.lowercased()] {
      // A number is not tried twice: with 9999 equal labels that would be 50 million comparisons.
      number = max(number, (owners[wanted.lowercased() + "\0next"] ?? 2))
      name = "\(wanted)-\(number)"
      owners[wanted.lowercased() + "\0next"] = number + 1
      if owners[name.lowercased()] == nil {
        log.add(
          .label,
          "signal \(signal.index + 1) has the label \(signal.label.quotedForDisplay()) of signal \(owner + 1); it is named \(name.quotedForDisplay())"
        )
      }
    }
    owners[name.lowercased()] = signal.index
    return name
  }

  /// The start of the first sample: what the header states, later by the time of the first record.
  static func start(_ start: RecordingDate?, after seconds: Double) -> RecordingDate? {
    guard let start, seconds >= 0, seconds.isFinite, let whole = Int(exactly: seconds.rounded(.down)) else { return start }
    var later = HeaderDate.date(start, after: whole)
    later?.fraction = seconds - seconds.rounded(.down)
    return later
  }
}
