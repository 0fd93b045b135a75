import ArgumentParser
import Foundation
import MinhangBCI

/// The format of an output file, by its suffix.
enum SignalFormat: String, CaseIterable {
  case edf, bdf, csv, tsv, npy

  /// The format that a path's suffix names.
  init(path: String) throws {
    let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    guard let format = Self(rawValue: suffix) else {
      let known = Self.allCases.map { ".\($0.rawValue)" }.joined(separator: " ")
      throw CommandFailure(.usage, "\(path): the suffix is \(suffix.quotedForDisplay()); expected one of \(known)")
    }
    self = format
  }
}

/// Writes signals to a new file, whatever its format: what `filter`, `convert` and `simulate` have in common.
struct SignalExport {
  /// Hands out the whole signal, block by block, from its first sample; called again where the format needs a second look.
  typealias Pass = (_ body: (inout SignalBlock) throws -> Void) throws -> Void

  /// Channels of one rate, and their samples.
  struct Group {
    /// Places of the group's channels among all channels written.
    var places: [Int]
    /// The group's own timeline.
    var timeline: Timeline
    var pass: Pass
  }

  /// The channels to write: `sampleCount` and, where stored numbers are wanted as they are, the calibration.
  var channels: [Channel]
  var groups: [Group]
  var spans: [TimeSpan]
  var events: [Event]
  var start: RecordingDate?
  var identity = RecordingIdentity.anonymous
  var inputs: [String] = []
  /// Seconds of a data record to keep where possible: that of the recording copied.
  var recordDuration: Double?
  /// Whether the physical range is fitted to the signal; else the channels' calibrations hold.
  var isRangeFitted: Bool
  var target: OutputOptions
  var console: Console

  /// Writes the file.
  func write(to path: String) throws -> ExportSummary {
    let format = try SignalFormat(path: path)
    switch format {
    case .edf, .bdf: return try writeEDF(path, family: format == .edf ? .edf : .bdf)
    case .csv, .tsv: return try writeTable(path, separator: format == .csv ? "," : "\t")
    case .npy: return try writeNumPy(path)
    }
  }

  // MARK: - EDF and BDF

  private func writeEDF(_ path: String, family: EDFFamily) throws -> ExportSummary {
    let writer = try EDFWriter(
      path: path, replacing: target.force, inputs: inputs, family: family, channels: isRangeFitted ? try fitted(family) : channels,
      spans: spans, events: events, start: start, identity: identity, recordDuration: recordDuration)
    for group in groups { try group.pass { try writer.write($0, to: group.places) } }
    try writer.finish()
    var summary = ExportSummary(self, path: path, format: family == .edf ? "EDF+" : "BDF+")
    let clipped = writer.clippedSamples.reduce(0, +)
    let nonFinite = writer.nonFiniteSamples.reduce(0, +)
    let padded = writer.paddedSamples.reduce(0, +)
    if clipped > 0 { console.warn("\(path): \(clipped) samples are beyond the physical range and were moved to its end") }
    if nonFinite > 0 {
      console.warn(
        "\(path): \(nonFinite) samples are not finite numbers, which \(summary.format) cannot hold; stored as 0 or the end of the range")
    }
    if padded > 0 { console.warn("\(path): \(padded) samples repeat the last one to fill the last data record") }
    if writer.droppedEvents > 0 {
      console.warn("\(path): \(writer.droppedEvents) events without a text cannot be held by \(summary.format)")
    }
    summary.figures = [
      ("largest_quantisation_step", .number(writer.quantizationSteps.max() ?? 0)), ("clipped_samples", .integer(clipped)),
      ("non_finite_samples", .integer(nonFinite)), ("padded_samples", .integer(padded)),
    ]
    return summary
  }

  /// The channels with a physical range that holds every finite sample.
  private func fitted(_ family: EDFFamily) throws -> [Channel] {
    var channels = channels
    var ranges = [ClosedRange<Double>?](repeating: nil, count: channels.count)
    for group in groups {
      try group.pass { block in
        for (row, place) in group.places.enumerated() {
          var (low, high) = (ranges[place]?.lowerBound ?? .infinity, ranges[place]?.upperBound ?? -.infinity)
          for value in block.channel(row) where value.isFinite {
            low = min(low, value)
            high = max(high, value)
          }
          if low <= high { ranges[place] = low...high }
        }
      }
    }
    for place in channels.indices {
      let range = ranges[place] ?? 0...0
      // A constant still needs a range, and a range needs a width that its eight characters can show.
      let margin = max((range.upperBound - range.lowerBound) * 1e-3, abs(range.upperBound) * 1e-3, 1e-3)
      channels[place].unit = channels[place].signalUnit
      channels[place].calibration = Calibration(
        digitalMinimum: family.digitalRange.lowerBound, digitalMaximum: family.digitalRange.upperBound,
        physicalMinimum: range.lowerBound - margin, physicalMaximum: range.upperBound + margin)
    }
    return channels
  }

  // MARK: - Tables and arrays

  /// The one timeline of a format that holds one rate.
  private func onlyTimeline(_ path: String) throws -> Timeline {
    guard let first = groups.first?.timeline, groups.allSatisfy({ $0.timeline == first }) else {
      let rates = groups.map { JSONValue.decimal($0.timeline.sampleRate) }.joined(separator: ", ")
      throw CommandFailure(
        .usage, "\(path): the channels run at \(rates) Hz, and this format holds one rate",
        hint: "choose the channels with --channels, or bring them to one rate with --resample")
    }
    return first
  }

  private func writeTable(_ path: String, separator: Character) throws -> ExportSummary {
    let timeline = try onlyTimeline(path)
    // A row holds every channel: they must come together.
    guard groups.count == 1, let group = groups.first else {
      throw CommandFailure(.usage, "\(path): channels that had different rates cannot go to one table; expected an array (.npy) or EDF")
    }
    let writer = try CSVWriter(
      path: path, replacing: target.force, inputs: inputs, channels: channels, timeline: timeline, delimiter: separator)
    try group.pass { try writer.write($0) }
    try writer.finish()
    if !events.isEmpty {
      console.warn("\(path): \(events.count) events cannot be held by a table of samples; `minhang events` writes them as TSV")
    }
    return ExportSummary(self, path: path, format: separator == "," ? "CSV" : "TSV")
  }

  private func writeNumPy(_ path: String) throws -> ExportSummary {
    let timeline = try onlyTimeline(path)
    let sidecar = try AtomicFile(path: path + ".json", replacing: target.force, inputs: inputs)
    let writer = try NPYWriter(
      path: path, replacing: target.force, inputs: inputs, channelCount: channels.count, sampleCount: timeline.sampleCount)
    for group in groups { try group.pass { try writer.write($0, to: group.places) } }
    try writer.finish()
    let description: JSONValue = [
      "array": .string(String(path.split(separator: "/").last ?? "")),
      "shape": .array([.integer(channels.count), .integer(timeline.sampleCount)]),
      "sampling_rate": .number(timeline.sampleRate), "start": .optional(start?.iso8601),
      "channels": .array(
        channels.map { ["name": .string($0.name), "kind": .string($0.kind.rawValue), "unit": .string($0.signalUnit.symbol)] }),
      "segments": .array(
        timeline.segments.map {
          ["first_sample": .integer($0.firstSample), "samples": .integer($0.sampleCount), "start": .number($0.start)]
        }),
      "events": .array(events.map { ["onset": .number($0.onset), "duration": .optional($0.duration), "label": .string($0.label)] }),
    ]
    try sidecar.append(description.prettyText + "\n")
    try sidecar.commit()
    console.note("rates, channels, segments and events are in \(path).json")
    return ExportSummary(self, path: path, format: "NPY")
  }
}

/// What was written.
struct ExportSummary {
  var path: String
  var format: String
  var channels: Int
  var samples: Int
  var duration: Double
  var segments: Int
  var events: Int
  var figures: [(name: String, value: JSONValue)] = []

  init(_ export: SignalExport, path: String, format: String) {
    self.path = path
    self.format = format
    channels = export.channels.count
    samples = export.groups.map(\.timeline.sampleCount).max() ?? 0
    duration = export.spans.last?.end ?? 0
    segments = export.spans.count
    events = export.events.count
  }

  private var members: [JSONValue.Member] {
    [
      .init("output", .string(path)), .init("format", .string(format)), .init("channels", .integer(channels)),
      .init("samples", .integer(samples)),
      .init("duration", .number(duration)), .init("segments", .integer(segments)), .init("events", .integer(events)),
    ] + figures.map { .init($0.name, $0.value) }
  }

  var json: JSONValue { .object(members) }

  /// A line a figure, for people.
  var text: String {
    let width = members.map(\.key.count).max() ?? 0
    return members.map { member in
      let value = if case .string(let text) = member.value { text.escapedForDisplay } else { member.value.text }
      return member.key + String(repeating: " ", count: width - member.key.count) + "  " + value
    }.joined(separator: "\n")
  }
}
