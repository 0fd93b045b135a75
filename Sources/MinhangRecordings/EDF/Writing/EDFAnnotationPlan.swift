import MinhangCore

/// Which events go into which record, and how many bytes the annotation signal needs.
///
/// An event is put into the record in which it begins, or into a later one where that is full: EDF+ allows any. So a burst of events does
/// not make every record large.
struct EDFAnnotationPlan {
  /// Bytes of annotations in each record, a multiple of the bytes of a sample.
  let byteCount: Int
  /// Events that cannot be written: without a text.
  let droppedEvents: Int
  /// Events in whose texts control characters became spaces.
  let rewordedEvents: Int
  private let lists: [[UInt8]]
  /// For each record the first of its lists; one more for the end.
  private let firstList: [Int]

  /// - Parameters:
  ///   - events: Times in seconds from the first sample.
  ///   - origin: Nanoseconds from the header's start to the first sample.
  ///   - starts: Start of each record, nanoseconds from the header's start.
  ///   - recordNanoseconds: Duration of a record; 0 where there are only annotations.
  init(
    events: [Event], origin: Int, starts: [Int], recordNanoseconds: Int, bytesPerSample: Int, path: String
  ) throws(RecordingError) {
    var lists: [(onset: Int, bytes: [UInt8])] = []
    var (dropped, reworded) = (0, 0)
    for event in Event.sortedByOnset(events) {
      guard let onset = Int(exactly: (event.onset * 1e9).rounded()), abs(onset) < 8_000_000_000_000_000_000 else {
        throw RecordingError(
          .notRepresentable, path: path, "an event \(event.label.quotedForDisplay()) at \(event.onset) s is beyond what can be written")
      }
      guard let bytes = Self.list(event, onset: Self.exact(event.onset, origin: origin) ?? Self.decimal(onset + origin)) else {
        dropped += 1
        continue
      }
      lists.append((onset + origin, bytes))
      if event.label.unicodeScalars.contains(where: Self.isMark) { reworded += 1 }
    }
    let times = starts.map { Self.timekeeper($0).count }
    let longestTime = times.max() ?? 0
    let longest = lists.map(\.bytes.count).max() ?? 0
    var size = max(longestTime + longest, bytesPerSample)
    var placed = Self.place(lists, starts: starts, times: times, recordNanoseconds: recordNanoseconds, size: size)
    while placed == nil {
      size += size / 4 + 8
      placed = Self.place(lists, starts: starts, times: times, recordNanoseconds: recordNanoseconds, size: size)
    }
    byteCount = (size + bytesPerSample - 1) / bytesPerSample * bytesPerSample
    droppedEvents = dropped
    rewordedEvents = reworded
    self.lists = lists.map(\.bytes)
    firstList = placed ?? []
  }

  /// The annotation bytes of a record, filled up with NULs.
  func bytes(ofRecord record: Int, start: Int) -> [UInt8] {
    var bytes = Self.timekeeper(start)
    for list in lists[firstList[record]..<firstList[record + 1]] { bytes += list }
    return bytes + [UInt8](repeating: 0, count: byteCount - bytes.count)
  }

  /// Gives each list a record, in order; nil if the last record is not enough.
  private static func place(
    _ lists: [(onset: Int, bytes: [UInt8])], starts: [Int], times: [Int], recordNanoseconds: Int, size: Int
  ) -> [Int]? {
    var first: [Int] = []
    first.reserveCapacity(starts.count + 1)
    var next = 0
    for record in starts.indices {
      first.append(next)
      var room = size - times[record]
      // An event in a gap belongs to the record before it.
      let isLast = record + 1 == starts.count || recordNanoseconds == 0
      let end = isLast ? Int.max : max(starts[record + 1], starts[record] + recordNanoseconds)
      while next < lists.count, lists[next].onset < end, lists[next].bytes.count <= room {
        room -= lists[next].bytes.count
        next += 1
      }
    }
    first.append(next)
    return next == lists.count ? first : nil
  }

  private static func timekeeper(_ start: Int) -> [UInt8] { Array("\(start < 0 ? "" : "+")\(decimal(start).text)\u{14}\u{14}\0".utf8) }

  /// What the grammar uses as marks, and control characters that it does not allow: they become spaces.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar) }

  private static func list(_ event: Event, onset: ExactDecimal) -> [UInt8]? {
    let text = String(String.UnicodeScalarView(event.label.unicodeScalars.map { isMark($0) ? " " : $0 }))
    guard !text.trimmingSpaces.isEmpty else { return nil }
    var list = (onset.mantissa < 0 ? "" : "+") + onset.text
    if let duration = event.duration, duration >= 0, let nanoseconds = Int(exactly: (duration * 1e9).rounded()) {
      list += "\u{15}" + (ExactDecimal("\(duration)") ?? decimal(nanoseconds)).text
    }
    return Array((list + "\u{14}" + text + "\u{14}\0").utf8)
  }

  private static func decimal(_ nanoseconds: Int) -> ExactDecimal { ExactDecimal(mantissa: nanoseconds, scale: 9) }

  /// A time as its shortest decimal, later by the origin; nil where that has too many digits.
  private static func exact(_ onset: Double, origin: Int) -> ExactDecimal? { ExactDecimal("\(onset)")?.plus(decimal(origin)) }
}
