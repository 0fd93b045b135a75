import MinhangCore

/// The events of a data set, and how its samples hang on time.
///
/// Latencies count samples from 1, with fractions, over all epochs one after the other. A `boundary` says where samples were cut out of continuous
/// data, and how many: a gap.
struct EEGLABEvents {
  var events: [Event] = []
  var spans: [TimeSpan] = []

  private struct Mark {
    /// Samples from the first.
    var position: Double
    var duration: Double?
    var label: String
    var isBoundary: Bool
  }

  init(_ fields: EEGLABFields, samples: EEGLABSamples, rate: Double, log: inout WarningLog) {
    let marks = Self.marks(fields, log: &log)
    let firsts: [(sample: Int, start: Double)]
    if samples.epochCount > 1 {
      firsts = Self.epochs(samples, rate: rate)
      log.note(.gap, "the recording is cut into \(samples.epochCount) epochs of \(samples.epochLength) samples, each a segment of its own")
    } else {
      firsts = Self.cuts(marks, samples: samples.available, rate: rate, log: &log)
    }
    for (place, first) in firsts.enumerated() {
      let end = place + 1 < firsts.count ? firsts[place + 1].sample : samples.available
      spans.append(TimeSpan(start: first.start, duration: Double(end - first.sample) / rate))
    }
    var beyond = 0
    events.reserveCapacity(marks.count)
    for mark in marks {
      if mark.position > Double(samples.available) + 0.5 { beyond += 1 }
      // The mark of a gap belongs to the stretch that ends there.
      let position = mark.isBoundary ? mark.position.nextDown : mark.position
      var (low, high) = (0, firsts.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if Double(firsts[middle].sample) <= position { low = middle } else { high = middle }
      }
      let first = firsts.isEmpty ? (sample: 0, start: 0.0) : firsts[low]
      let onset =
        first.start == Double(first.sample) / rate ? mark.position / rate : first.start + (mark.position - Double(first.sample)) / rate
      events.append(Event(onset: onset, duration: mark.duration.map { $0 / rate }, label: mark.label))
    }
    if beyond > 0 { log.add(.annotation, "\(beyond) events lie behind the last sample") }
    events = Event.sortedByOnset(events)
  }

  /// A number as a label: whole numbers without a fraction.
  static func label(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

  private static func marks(_ fields: EEGLABFields, log: inout WarningLog) -> [Mark] {
    let list = fields.list("event")
    var marks: [Mark] = []
    marks.reserveCapacity(list.count)
    var numbers = 0
    var boundaries99: [Int] = []
    for (place, (event, index)) in list.enumerated() {
      guard let latency = event["latency", of: index].number, latency.isFinite, abs(latency) < 0x1p53 else {
        log.add(.annotation, "event \(place + 1) has no usable latency; it is left out")
        continue
      }
      let label: String
      switch event["type", of: index] {
      case .text(let text): label = text.trimmingSpaces
      case .number(let number):
        label = Self.label(number)
        numbers += 1
        if number == -99 { boundaries99.append(marks.count) }
      case .cells(let cells): label = cells.first.flatMap { $0.text ?? $0.number.map(Self.label) } ?? ""
      default: label = ""
      }
      if label.isEmpty { log.add(.annotation, "event \(place + 1) has no type") }
      // No other letters become these: what is longer is something else.
      let isBoundary = label.utf8.count == 8 && label.lowercased() == "boundary"
      var duration = event["duration", of: index].number
      if let stated = duration, !(stated >= 0 && stated < 0x1p53) {
        // A gap of unknown length has no number there.
        if !stated.isNaN { log.add(.annotation, "event \(place + 1) has the duration \(stated) samples; taken as unknown") }
        duration = nil
      }
      marks.append(Mark(position: latency - 1, duration: duration, label: label, isBoundary: isBoundary))
    }
    // Where all types are numbers EEGLAB marks a cut with −99 (`option_boundary99`).
    if !boundaries99.isEmpty, numbers == marks.count {
      for place in boundaries99 { marks[place].isBoundary = true }
      log.note(.gap, "\(boundaries99.count) events of the type -99 are boundaries: all types of events are numbers")
    }
    return marks
  }

  private static func epochs(_ samples: EEGLABSamples, rate: Double) -> [(sample: Int, start: Double)] {
    stride(from: 0, to: samples.available, by: max(1, samples.epochLength)).map { ($0, Double($0) / rate) }
  }

  /// The first samples of the stretches between gaps.
  private static func cuts(_ marks: [Mark], samples: Int, rate: Double, log: inout WarningLog) -> [(sample: Int, start: Double)] {
    guard samples > 0 else { return [] }
    var firsts: [(sample: Int, start: Double)] = [(0, 0)]
    var missing = 0.0
    var unknown = 0
    for mark in marks.filter(\.isBoundary).sorted(by: { $0.position < $1.position }) {
      // What was cut from the beginning or the end leaves no gap.
      guard let cut = Int(exactly: mark.position.rounded(.up)), cut > 0, cut < samples else { continue }
      if let duration = mark.duration { missing += duration } else { unknown += 1 }
      let start = (Double(cut) + missing) / rate
      if firsts[firsts.count - 1].sample == cut { firsts[firsts.count - 1].start = start } else { firsts.append((cut, start)) }
    }
    if firsts.count > 1 { log.note(.gap, "the recording has \(firsts.count) stretches with breaks between them") }
    if unknown > 0 { log.note(.gap, "\(unknown) breaks do not say how long they are; no time is counted for them") }
    return firsts
  }
}
