import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One pass over the data: where states change, and how many values are no numbers.
///
/// A state that differs from the sample before and is not 0 begins an event `Name=value`, which lasts until it changes again. Some states give
/// none: `SourceTime` and `StimulusTime` are clocks, `Running` and `Recording` say that there are data at all; and what turns out on the way to
/// be a clock (it rises at nearly every block) or a signal (it changes at more than half of the samples) is named in a note.
struct BCI2000StateScan {
  static let mostEvents = 1_000_000
  private static let silent: Set<String> = ["SourceTime", "StimulusTime", "Running", "Recording"]
  private static let capacity = 1 << 20
  /// Changes after which a state is judged on the way.
  private static let judged = 4096

  private struct Change {
    var sample: Int
    var state: Int
    var value: UInt64
  }

  private struct Watch {
    var state: BCI2000State
    var last: UInt64 = 0
    var changes = 0
    var rises = 0
    var isSilent = false
  }

  private var watches: [Watch]
  private var changes: [Change] = []
  private var leftOut = 0
  private var nonFinite = 0
  private let blockSize: Int

  /// Makes a scan.
  ///
  /// - Parameter blockSize: Samples that the system handles together, at least 1: states of clocks change there.
  init(_ states: [BCI2000State], blockSize: Int) {
    self.blockSize = blockSize
    watches = states.filter { !Self.silent.contains($0.name) }.map { Watch(state: $0) }
  }

  /// Runs over all samples.
  mutating func run(_ file: RandomAccessFile, layout: BCI2000Layout, sampleRate: Double, log: inout WarningLog) throws(RecordingError)
    -> [Event]
  {
    let isFloat = layout.sampleType == .float32
    if !watches.isEmpty || isFloat {
      let frame = layout.frameBytes
      let atOnce = max(1, Self.capacity / frame)
      // Before the first sample every state is 0.
      var last = [UInt8](repeating: 0, count: layout.vectorBytes)
      var bytes = [UInt8](repeating: 0, count: min(atOnce, layout.sampleCount) * frame)
      var next = 0
      while next < layout.sampleCount {
        let count = min(atOnce, layout.sampleCount - next)
        try file.read(into: &bytes, count: count * frame, at: layout.headerBytes + next * frame)
        bytes.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          if isFloat { countNonFinite(base, count: count, layout: layout) }
          last.withUnsafeMutableBufferPointer { last in
            guard !watches.isEmpty, let previous = last.baseAddress else { return }
            for k in 0..<count {
              let vector = base + (k * frame + layout.valueBytes)
              guard memcmp(vector, previous, layout.vectorBytes) != 0 else { continue }
              compare(vector, sample: next + k)
              memcpy(previous, vector, layout.vectorBytes)
            }
          }
        }
        next += count
      }
    }
    return events(layout: layout, sampleRate: sampleRate, log: &log)
  }

  private mutating func compare(_ vector: UnsafePointer<UInt8>, sample: Int) {
    for k in watches.indices {
      let value = watches[k].state.value(vector)
      guard value != watches[k].last else { continue }
      watches[k].changes += 1
      if value > watches[k].last { watches[k].rises += 1 }
      watches[k].last = value
      guard !watches[k].isSilent else { continue }
      if watches[k].changes == Self.judged { watches[k].isSilent = isSilent(watches[k], samples: sample + 1) }
      if changes.count < 2 * Self.mostEvents {
        changes.append(Change(sample: sample, state: k, value: value))
      } else {
        leftOut += 1
      }
    }
  }

  /// Whether there is anything to look for.
  var isIdle: Bool { watches.isEmpty }

  /// Whether a state is a clock or a signal rather than events.
  private func isSilent(_ watch: Watch, samples: Int) -> Bool {
    guard watch.changes >= 100 else { return false }
    if watch.changes > samples / 2 { return true }
    // As often as blocks begin: a block that the header makes too long would make a clock of every counter.
    let blocks = samples / blockSize
    let isAtBlocks = watch.changes * 10 >= blocks * 9 && watch.changes * 10 <= blocks * 11 + 10
    return watch.state.width >= 8 && isAtBlocks && watch.rises * 10 >= watch.changes * 9
  }

  private mutating func countNonFinite(_ bytes: UnsafePointer<UInt8>, count: Int, layout: BCI2000Layout) {
    for k in 0..<count {
      let values = UnsafeRawPointer(bytes + k * layout.frameBytes)
      for channel in 0..<layout.channelCount {
        let bits = UInt32(littleEndian: values.loadUnaligned(fromByteOffset: 4 * channel, as: UInt32.self))
        if bits & 0x7F80_0000 == 0x7F80_0000 { nonFinite += 1 }
      }
    }
  }

  private mutating func events(layout: BCI2000Layout, sampleRate: Double, log: inout WarningLog) -> [Event] {
    struct Key: Hashable {
      var state: Int
      var value: UInt64
    }
    var silent: [String] = []
    for k in watches.indices {
      if !watches[k].isSilent { watches[k].isSilent = isSilent(watches[k], samples: layout.sampleCount) }
      if watches[k].isSilent { silent.append(watches[k].state.name) }
    }
    if !silent.isEmpty {
      let shown = silent.prefix(8).map { $0.quotedForDisplay() }.joined(separator: ", ") + (silent.count > 8 ? ", …" : "")
      log.note(.annotation, "\(silent.count) states change as a clock or a signal does and give no events: \(shown)")
    }
    var events: [Event] = []
    var open = [Int?](repeating: nil, count: watches.count)
    var labels: [Key: String] = [:]
    for change in changes where !watches[change.state].isSilent {
      let onset = Double(change.sample) / sampleRate
      if let event = open[change.state] { events[event].duration = onset - events[event].onset }
      open[change.state] = nil
      guard change.value != 0 else { continue }
      guard events.count < Self.mostEvents else {
        leftOut += 1
        continue
      }
      let key = Key(state: change.state, value: change.value)
      let label = labels[key] ?? "\(watches[change.state].state.name)=\(change.value)"
      if labels.count < 65_536 { labels[key] = label }
      open[change.state] = events.count
      events.append(Event(onset: onset, label: label))
    }
    let end = Double(layout.sampleCount) / sampleRate
    for case let event? in open { events[event].duration = end - events[event].onset }
    if leftOut > 0 { log.add(.annotationLimit, "\(leftOut) changes of states are left out; at most \(Self.mostEvents) events are read") }
    if nonFinite > 0 { log.add(.nonFinite, "\(nonFinite) values are not finite numbers") }
    changes = []
    return events
  }
}
