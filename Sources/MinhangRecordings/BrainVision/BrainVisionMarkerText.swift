import MinhangCore

/// The text of a marker file: a `New Segment` for each unbroken stretch, with its date where the start is known, and a marker for each event.
struct BrainVisionMarkerText {
  private(set) var text: String
  private(set) var losses: [String] = []

  /// Whether every stretch can have a date: it says how long the gap before it is.
  static func isDated(_ timeline: Timeline, start: RecordingDate?) -> Bool {
    start.flatMap { start in timeline.segments.last.flatMap { start.advanced(by: $0.start) } } != nil
  }

  init(_ content: RecordingContent, timeline: Timeline, base: String) {
    var lines = [
      "Brain Vision Data Exchange Marker File, Version 1.0", "", "[Common Infos]", "Codepage=UTF-8", "DataFile=\(base).eeg", "",
      "[Marker Infos]",
      "; Mk<number>=<type>,<description>,<position, from 1>,<size in samples>,<channel, 0 for all>,<date>; commas are written as \"\\1\"",
    ]
    var number = 0
    func add(_ marker: String) {
      number += 1
      lines.append("Mk\(number)=\(marker)")
    }
    let rate = timeline.sampleRate
    // As a reader makes them of the dates: to a microsecond, or on the grid of samples.
    let micros = content.start.map { ($0.fraction * 1e6).rounded(.down) / 1e6 }
    let isDated = Self.isDated(timeline, start: content.start)
    var moved = 0.0
    var end = 0.0
    for segment in timeline.segments {
      var date = ""
      if isDated, let start = content.start, let micros, let moment = start.advanced(by: segment.start) {
        let readBack = BrainVisionTimes.onGrid(((segment.start + micros) * 1e6).rounded() / 1e6 - micros, rate: rate)
        moved = max(moved, abs(max(end, readBack) - segment.start))
        date = ",\(BrainVisionDate.text(moment))"
      } else {
        moved = max(moved, abs(end - segment.start))
      }
      end = segment.start + Double(segment.sampleCount) / rate
      add("New Segment,,\(segment.firstSample + 1),1,0\(date)")
    }
    if timeline.segments.isEmpty, let start = content.start { add("New Segment,,1,1,0,\(BrainVisionDate.text(start))") }
    if moved > 1e-9 {
      losses.append(
        isDated
          ? "the times of the segments closer than \(moved) s"
          : "the length of gaps without the date of the start, which is not known: \(timeline.segments.count - 1) breaks are marked")
    }
    if content.start.map({ abs($0.fraction * 1e6 - ($0.fraction * 1e6).rounded()) > 1e-3 }) ?? false {
      losses.append("the start closer than a microsecond")
    }
    var shifts = EventShifts()
    for event in content.events {
      let sample = shifts.sample(of: event, on: timeline)
      let size = shifts.size(of: event, rate: rate)
      let (type, description) = shifts.words(event.label)
      let channel = event.channel.map { content.channels.indices.contains($0) ? $0 + 1 : 0 } ?? 0
      add("\(type),\(description),\(sample + 1),\(size),\(channel)")
    }
    losses += shifts.losses
    text = lines.joined(separator: "\r\n") + "\r\n"
  }
}

/// What events lose on the grid of samples.
private struct EventShifts {
  private var moved = 0
  private var largest = 0.0
  private var early = 0
  private var resized = 0
  private var reworded = 0

  /// The sample nearest to an event.
  mutating func sample(of event: Event, on timeline: Timeline) -> Int {
    var sample = timeline.sample(atTime: event.onset)
    if sample == nil, let last = timeline.segments.last {
      // In a gap the first sample after it; behind the end the last segment goes on.
      let next = timeline.segments.first { $0.start >= event.onset }
      let behind = ((event.onset - last.start) * timeline.rate(in: last)).rounded()
      sample = next.map(\.firstSample) ?? (behind.magnitude < 1e15 ? last.firstSample + Int(behind) : timeline.sampleCount)
    }
    let place = max(0, sample ?? 0)
    let shift = abs(timeline.time(ofSample: place) - event.onset)
    if event.onset < -0.5 / timeline.sampleRate {
      early += 1
    } else if !(shift <= 1e-9) {
      moved += 1
      largest = max(largest, shift)
    }
    return place
  }

  /// Samples that an event lasts; 0 where it does not say.
  mutating func size(of event: Event, rate: Double) -> Int {
    guard let duration = event.duration else { return 0 }
    let samples = (duration * rate).rounded()
    guard samples >= 1, samples < 1e15 else {
      resized += 1
      return samples < 1e15 ? 1 : 0
    }
    if abs(samples / rate - duration) > 1e-9 { resized += 1 }
    return Int(samples)
  }

  /// Type and description: a label `type/description` is cut at its first slash; one without a slash has no type.
  mutating func words(_ label: String) -> (String, String) {
    var parts = label.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let isTyped = parts.count == 2 && !parts[0].isEmpty && parts[0] != "New Segment" && parts[0].trimmingSpaces == parts[0]
    if !isTyped { parts = ["", label] }
    let fields = parts.map(BrainVisionHeaderText.field)
    if fields.contains(where: \.isChanged) { reworded += 1 }
    return (fields[0].text, fields[1].text)
  }

  var losses: [String] {
    var losses: [String] = []
    if moved > 0 { losses.append("the times of \(moved) events between samples: off by up to \(largest) s") }
    if early > 0 { losses.append("the times of \(early) events before the first sample; they are at the first sample") }
    if resized > 0 { losses.append("the durations of \(resized) events closer than a sample") }
    if reworded > 0 { losses.append("the control characters in the labels of \(reworded) events") }
    return losses
  }
}
