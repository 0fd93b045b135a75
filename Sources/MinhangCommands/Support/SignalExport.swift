import ArgumentParser
import Foundation
import MinhangBCI

extension RecordingOutput {
  /// The format that a path's suffix names.
  init(output path: String) throws {
    guard let format = Self(path: path) else {
      let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
      throw CommandFailure(.usage, "\(path): the suffix is \(suffix.quotedForDisplay()); expected one of \(Self.suffixes)")
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
  /// The streams to which the channels belong.
  var streams: [RecordingStream]
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

  /// Writes the file and says what it could not hold.
  func write(to path: String) throws -> ExportSummary {
    let format = try RecordingOutput(output: path)
    var content = content
    if let stored = format.storedIntegers {
      content.channels = try fitted(stored)
    } else if isRangeFitted {
      // The steps of the source are not those of what was made of it.
      for k in content.channels.indices { (content.channels[k].calibration, content.channels[k].storedStep) = (nil, nil) }
    }
    let writer = try writer(format, of: content, to: WritingTarget(path: path, isReplacing: target.force, inputs: inputs))
    var check = SampleCheck()
    for group in groups {
      try group.pass { block in
        check.look(at: block, places: group.places)
        try writer.write(block, to: group.places)
      }
    }
    let report = try writer.finish()
    for loss in report.losses { console.warn("\(path): \(report.format) cannot hold \(loss)") }
    if report.clippedSamples > 0 {
      console.warn("\(path): \(report.clippedSamples) samples are beyond the physical range and were moved to its end")
    }
    if report.nonFiniteSamples > 0 {
      console.warn(
        "\(path): \(report.nonFiniteSamples) samples are not finite numbers, which \(report.format) cannot hold; stored as 0 or the end of the range"
      )
    } else {
      console.warn(each: check.lines(channels).map { "\(path): \($0)" })
    }
    if report.paddedSamples > 0 {
      console.warn("\(path): \(report.paddedSamples) samples repeat the last one to fill the last data record")
    }
    if !report.companions.isEmpty { console.note("beside \(path): \(report.companions.joined(separator: ", "))") }
    return ExportSummary(self, path: path, report: report)
  }

  /// Everything but the samples.
  var content: RecordingContent {
    RecordingContent(channels: channels, streams: streams, events: events, start: start, identity: identity, recordDuration: recordDuration)
  }

  private func writer(_ format: RecordingOutput, of content: RecordingContent, to target: WritingTarget) throws -> any RecordingWriter {
    do { return try format.writer(of: content, to: target) } catch {
      guard error.code == .notRepresentable else { throw error }
      let hint: String? =
        if content.channels.isEmpty {
          "the recording has no signals: an .edf file holds its events, and `minhang events` lists them as a table"
        } else if content.commonTimeline == nil {
          "choose the channels with --channels, or bring them to one rate with --resample"
        } else if format.storedIntegers != nil {
          "a file of floats holds any rate and range: .xdf, .csv, .npy"
        } else {
          nil
        }
      throw CommandFailure(.usage, error.description, hint: hint)
    }
  }

  /// The channels with a physical range that holds every finite sample: all of them, or those that have none of their own.
  private func fitted(_ stored: ClosedRange<Int>) throws -> [Channel] {
    var channels = channels
    let isWithoutRange = channels.map { isRangeFitted || $0.calibration == nil }
    guard isWithoutRange.contains(true) else { return channels }
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
    for place in channels.indices where isWithoutRange[place] {
      let range = ranges[place] ?? 0...0
      // A little more than the signal takes; a constant needs a width, and 0 at an end is kept exactly.
      let width = range.upperBound - range.lowerBound
      let margin = (width > 0 ? width : abs(range.upperBound)) * 1e-3
      var (low, high) = margin > 0 ? (range.lowerBound - margin, range.upperBound + margin) : (0, 1)
      channels[place].unit = channels[place].signalUnit
      // Eight characters hold no more digits: recordings in raw units reach volts.
      for larger in [PhysicalUnit.millivolt, .volt] where channels[place].unit.microvoltsPerUnit != nil {
        guard max(abs(low), abs(high)) >= 999_999 else { break }
        channels[place].unit = larger
        (low, high) = (low / 1000, high / 1000)
      }
      channels[place].calibration = Calibration(
        digitalMinimum: stored.lowerBound, digitalMaximum: stored.upperBound, physicalMinimum: low, physicalMaximum: high)
    }
    return channels
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

  init(_ export: SignalExport, path: String, report: WritingReport) {
    self.path = path
    format = report.format
    channels = export.channels.count
    samples = export.groups.map(\.timeline.sampleCount).max() ?? 0
    duration = export.streams.flatMap(\.spans).map(\.end).max() ?? 0
    segments = export.streams.map(\.spans.count).max() ?? 0
    events = export.events.count
    if report.largestQuantizationStep > 0 {
      figures = [
        ("largest_quantisation_step", .number(report.largestQuantizationStep)), ("clipped_samples", .integer(report.clippedSamples)),
        ("non_finite_samples", .integer(report.nonFiniteSamples)), ("padded_samples", .integer(report.paddedSamples)),
      ]
    }
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
