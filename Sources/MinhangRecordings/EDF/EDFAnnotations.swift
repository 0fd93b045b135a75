import MinhangCore

/// The annotations of a file and the times of its records, gathered from the annotation signals.
///
/// Bytes arrive record by record in pieces of any size; a list is kept together over pieces, never over records. Memory is bounded: by one
/// list's length, by the number of events, by the length of all their texts.
struct EDFAnnotations {
  /// A list longer than this is damage.
  static let longestList = 1 << 20
  /// More events than this are not read.
  static let mostEvents = 1_000_000
  /// More bytes of text than this are not read.
  static let mostText = 64 << 20

  /// Events, times in seconds from the header's start, in the order of the file.
  private(set) var events: [(onset: Double, exact: ExactDecimal?, duration: Double?, label: String)] = []
  private var textBytes = 0
  private var leftOut = 0
  private var pending: [UInt8] = []
  private var isTooLong = false
  private var record = 0
  private var isTimekeeper = false
  private var isFirstList = true
  private var openEnd: (record: Int, events: Range<Int>)?
  /// When the record that is being read starts; nil where it does not say.
  private(set) var recordTime: (value: Double, exact: ExactDecimal?)?

  /// Starts the annotation bytes of one signal in one record.
  ///
  /// - Parameters:
  ///   - record: The record, from 0.
  ///   - isTimekeeper: Whether this is the first annotation signal, which tells the record's time.
  mutating func begin(record: Int, isTimekeeper: Bool) {
    self.record = record
    self.isTimekeeper = isTimekeeper
    isFirstList = true
    if isTimekeeper { recordTime = nil }
  }

  /// Takes the next bytes.
  mutating func feed(_ bytes: ArraySlice<UInt8>, log: inout WarningLog) {
    var first = bytes.startIndex
    while first < bytes.endIndex {
      if bytes[first] == 0 {
        if !pending.isEmpty || isTooLong { finishList(log: &log) }
        first += 1
        continue
      }
      var end = first + 1
      while end < bytes.endIndex && bytes[end] != 0 { end += 1 }
      if pending.count + end - first > Self.longestList { isTooLong = true } else { pending.append(contentsOf: bytes[first..<end]) }
      first = end
    }
  }

  /// Ends the bytes of this signal in this record.
  mutating func end(log: inout WarningLog) { finishList(log: &log) }

  private mutating func finishList(log: inout WarningLog) {
    defer {
      pending.removeAll(keepingCapacity: true)
      isTooLong = false
    }
    guard !pending.isEmpty || isTooLong else { return }
    defer { isFirstList = false }
    if events.count >= Self.mostEvents && !(isTimekeeper && isFirstList) {
      // Full: a flood of annotations must not take minutes.
      leftOut += 1
      return
    }
    guard !isTooLong else {
      log.add(.annotation, "an annotation in data record \(record + 1) is longer than \(Self.longestList) bytes; left out")
      return
    }
    // An onset has a sign: a block of millions of lists without one is passed over quickly.
    guard pending.first == 0x2B || pending.first == 0x2D else { return refuseOnset(log: &log) }
    do throws(TimeStampedAnnotationList.Failure) {
      take(try TimeStampedAnnotationList(pending[...]), log: &log)
    } catch {
      refuse(error, log: &log)
    }
  }

  private mutating func refuse(_ failure: TimeStampedAnnotationList.Failure, log: inout WarningLog) {
    switch failure {
    case .badOnset: refuseOnset(log: &log)
    case .noText: log.add(.annotation, "annotation in data record \(record + 1) has no text; left out")
    }
  }

  private mutating func refuseOnset(log: inout WarningLog) {
    if isFirstList, let open = openEnd, open.record == record - 1 {
      // The end of a list that ran over from the record before: neither part is an annotation.
      events.removeSubrange(open.events)
      log.add(.annotation, "an annotation of data record \(record) runs over into record \(record + 1), which is not allowed; left out")
      openEnd = nil
      return
    }
    var text: String { HeaderText.decoded(pending.prefix { $0 != 0x14 && $0 != 0x15 }).quotedForDisplay() }
    log.add(.annotation, "annotation in data record \(record + 1) has the onset \(text); expected a sign and seconds, left out")
  }

  private mutating func take(_ list: TimeStampedAnnotationList, log: inout WarningLog) {
    for defect in list.defects { report(defect, log: &log) }
    let firstEvent = events.count
    var texts = list.texts[...]
    let isTime = texts.first?.isEmpty == true
    if isTimekeeper && recordTime == nil && isTime {
      if !isFirstList { log.add(.recordTime, "the time of data record \(record + 1) is not its first annotation; taken all the same") }
      recordTime = (list.onset, list.exactOnset)
      texts = texts.dropFirst()
    } else if isTime && isFirstList {
      // Some writers repeat the record's time in every annotation signal.
      texts = texts.dropFirst()
    }
    for text in texts {
      guard !text.isEmpty else {
        log.add(.annotation, "annotation in data record \(record + 1) at \(list.onset) s has an empty text; left out")
        continue
      }
      guard events.count < Self.mostEvents, textBytes + text.utf8.count <= Self.mostText else {
        leftOut += 1
        continue
      }
      textBytes += text.utf8.count
      events.append((list.onset, list.exactOnset, list.duration, text))
    }
    openEnd = list.defects.contains(.unterminated) && firstEvent < events.count ? (record, firstEvent..<events.count) : nil
  }

  private func report(_ defect: TimeStampedAnnotationList.Defect, log: inout WarningLog) {
    let place = "annotation in data record \(record + 1)"
    switch defect {
    case .badDuration(let text):
      log.add(.annotation, "\(place) has the duration \(text.quotedForDisplay()); expected seconds, kept without a duration")
    case .commaInOnset(let text):
      log.add(.annotation, "\(place) has the onset \(text.quotedForDisplay()); the comma is taken as a decimal point")
    case .incompleteOnset(let text):
      log.add(.annotation, "\(place) has the onset \(text.quotedForDisplay()); expected digits on both sides of the point")
    case .unterminated:
      log.add(.annotation, "\(place) does not end with byte 20; taken as it is")
    case .invalidText:
      log.add(.annotationText, "\(place) has a text that is not UTF-8; bytes that are not are replaced")
    case .controlCharacters:
      log.add(.annotationText, "\(place) has control characters in its text")
    }
  }

  /// Tells of events that were not kept.
  func report(log: inout WarningLog) {
    guard leftOut > 0 else { return }
    log.add(.annotationLimit, "\(leftOut) annotations are left out; at most \(Self.mostEvents) of \(Self.mostText >> 20) MiB are read")
  }

  /// The events in order of time, counted from an origin.
  ///
  /// The difference of two decimal texts is taken without rounding where possible, so that 1.25 − 0.25 is 1.
  func sortedEvents(origin: (value: Double, exact: ExactDecimal?)) -> [Event] {
    let shifted = events.map { event in
      let exact = event.exact.flatMap { onset in origin.exact.flatMap { onset.minus($0) } }
      return Event(onset: exact?.value ?? (event.onset - origin.value), duration: event.duration, label: event.label)
    }
    return Event.sortedByOnset(shifted)
  }
}

extension Event {
  /// Events in order of onset; equal onsets keep their order.
  static func sortedByOnset(_ events: [Event]) -> [Event] {
    let isSorted = zip(events, events.dropFirst()).allSatisfy { $0.onset <= $1.onset }
    if isSorted { return events }
    return events.indices.sorted { (events[$0].onset, $0) < (events[$1].onset, $1) }.map { events[$0] }
  }
}
