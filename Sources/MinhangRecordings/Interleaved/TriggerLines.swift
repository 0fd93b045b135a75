import MinhangCore

/// The lines of a digital word that is sampled with the signals.
///
/// A line that goes up is an event, which lasts until it goes down again; what is up at the first sample of a recording or after a gap is no
/// change. A line that is up when its segment ends has no duration.
struct TriggerLines {
  /// At most so many events are kept; a last one tells where the rest begins.
  static let mostEvents = 1_000_000

  private(set) var events: [Event] = []
  private let name: String
  private let channel: Int
  private var word: UInt16?
  /// For each line the event that has not ended.
  private var begun = [Int?](repeating: nil, count: 16)
  private var isFull = false

  init(name: String, channel: Int) {
    self.name = name
    self.channel = channel
  }

  /// Takes the next word.
  mutating func feed(_ now: UInt16, time: () -> Double) {
    guard let before = word, now != before else {
      word = now
      return
    }
    word = now
    let onset = time()
    var changes = before ^ now
    while changes != 0 {
      let line = changes.trailingZeroBitCount
      changes &= changes - 1
      if now & 1 << UInt16(line) == 0 {
        if let index = begun[line] { events[index].duration = onset - events[index].onset }
        begun[line] = nil
      } else if events.count < Self.mostEvents {
        begun[line] = events.count
        events.append(Event(onset: onset, label: "\(name).\(line)", channel: channel))
      } else if !isFull {
        isFull = true
        events.append(Event(onset: onset, label: "\(name): more changes are left out from here on", channel: channel))
      }
    }
  }

  /// Begins a new segment.
  mutating func gap() {
    word = nil
    begun = [Int?](repeating: nil, count: 16)
  }
}
