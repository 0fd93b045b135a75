import MinhangCore

/// From the entries of an event table to events: seconds from the first sample, codes as decimal labels.
struct GDFEvents {
  /// The type whose duration is a value of a signal.
  private static let sampleType = 0x7FFF

  let signals: [GDFSignalHeader]
  /// For each channel its signal.
  let places: [Int]
  /// Hz; of a table that states none.
  let fallbackRate: Double
  /// Seconds of the recording.
  let seconds: Double

  func events(_ entries: [GDFEventTable.Entry], of table: GDFEventTable, log: inout WarningLog) -> [Event] {
    var rate = table.rate
    if !(rate > 0 && rate.isFinite) {
      if rate != 0 && !entries.isEmpty {
        log.add(.sampleRate, "rate of the event table at byte \(table.byte) is \(rate) Hz; read as the signals' \(fallbackRate) Hz")
      }
      rate = fallbackRate
    }
    var channelOfSignal = [Int?](repeating: nil, count: signals.count)
    for (channel, signal) in places.enumerated() { channelOfSignal[signal] = channel }
    // Half a sample of grace for rounding.
    let limit = seconds + 0.5 / rate
    var events: [Event] = []
    events.reserveCapacity(entries.count)
    for (i, entry) in entries.enumerated() {
      var event = Event(onset: Double(max(0, entry.position - 1)) / rate, label: String(entry.type))
      if entry.position == 0 {
        log.add(.annotation, "position of event \(i + 1) is 0; expected a number from 1; read as the first sample")
      } else if seconds > 0 && event.onset > limit {
        log.add(.annotation, "position of event \(i + 1) is \(entry.position), after the last sample at \(seconds) s")
      }
      if entry.channel > signals.count {
        log.add(.annotation, "channel of event \(i + 1) is \(entry.channel); expected 0…\(signals.count); read as all")
      } else if entry.channel > 0 {
        event.channel = channelOfSignal[entry.channel - 1]
      }
      if entry.type == Self.sampleType, let raw = entry.duration, (1...signals.count).contains(entry.channel) {
        let signal = signals[entry.channel - 1]
        let name = signal.label.isEmpty ? "Channel\(entry.channel)" : signal.label
        event.label = "\(name)=\(value(raw, of: signal))"
      } else if let duration = entry.duration {
        event.duration = Double(duration) / rate
        if seconds > 0 && event.onset <= limit && event.onset + Double(duration) / rate > limit {
          log.add(.annotation, "duration of event \(i + 1) is \(duration) samples, beyond the last sample at \(seconds) s")
        }
      }
      events.append(event)
    }
    return Event.sortedByOnset(events)
  }

  /// The value of a signal whose four stored bytes stand in place of a duration.
  private func value(_ raw: Int, of signal: GDFSignalHeader) -> Double {
    var bits = UInt64(raw)
    var value = 0.0
    var type = signal.type
    // Wider types keep what fits: the low four bytes.
    if type.byteCount > 4 { type = type.isInteger ? .integer(byteCount: 4, isSigned: true) : .float32 }
    let scale = signal.calibrationDefect == nil ? signal.scale(factor: 1) : .raw
    bits = bits.littleEndian
    withUnsafeBytes(of: &bits) { bytes in
      guard let base = bytes.baseAddress else { return }
      type.decode(from: base, stride: 8, count: 1, scale: scale, into: &value)
    }
    return value
  }
}
