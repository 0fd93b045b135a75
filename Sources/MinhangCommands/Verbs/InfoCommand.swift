import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang info`: what a recording holds.
///
/// Samples are read only of small files that store them as real numbers, to count those that are not finite.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show what a recording holds.",
    discussion: """
      minhang info run.edf
      minhang info --json run.edf | jq '.channels[].name'
      minhang info dataset --entities task=rest

      Events that a file lists are counted always. Those of digital words between the samples need a pass over the whole file: they are counted
      in files of up to 64 MiB, and with --events in any; else "events" is null.

      For the folder of a BIDS dataset: the recordings that it holds, none of them opened. The samples are not read, but for files of up to
      16 MiB that store real numbers: samples that are not finite are counted.
      """)

  @Argument(help: "The recording, or the folder of a dataset.")
  var file: String
  @Flag(help: "Print the patient's and the recording's identification too.")
  var showIdentity = false
  @Flag(inversion: .prefixedNo, help: "Hash the bytes of each of its files (SHA-256); by default recordings of up to 1 GiB.")
  var hash: Bool?
  @Flag(inversion: .prefixedNo, help: "Count the events of digital words between the samples; by default in files of up to 64 MiB.")
  var events: Bool?
  @OptionGroup var report: ReportOptions

  /// Above this size a hash takes seconds, and is made only when asked for.
  private static let largestHashedByDefault = 1 << 30
  /// Above this size a search for events between the samples takes longer than a glance should.
  private static let largestSearchedByDefault = 64 << 20

  /// Up to this size the samples are looked at.
  private static let largestChecked = 1 << 24

  func run() throws {
    let console = Console(report)
    if BIDSDataset.isFolder(file) {
      print(try DatasetListing(path: file, entities: console.entities, console: console).text(json: report.json), terminator: "")
      return try console.finish()
    }
    let reader = try OpenedRecording.reader(path: file, console: console)
    var info = reader.recording
    if !info.warnings.contains(where: { $0.code == .nonFinite }) {
      var check = SampleCheck()
      try check.look(at: reader, byteLimit: Self.largestChecked)
      for line in check.lines(info.channels) {
        console.warn("\(file): \(line)")
        info.warnings.append(RecordingWarning(.nonFinite, line))
      }
    }
    let events = try self.events ?? (reader.bytesReadForEvents <= Self.largestSearchedByDefault) ? reader.eventCounts() : nil
    if events == nil, self.events == nil {
      console.note("\(file): its digital events are not counted, for they lie between the samples; --events reads the file for them")
    }
    let isHashed = hash ?? (info.byteCount <= Self.largestHashedByDefault)
    let digests = try info.files.map { isHashed ? try ContentDigest.sha256(ofFile: $0) : nil }
    let json = Self.json(info, events: events, digests: digests, showIdentity: showIdentity)
    print(
      report.json ? json.text : Console.outputIsTerminal ? Self.summary(info, events: events, showIdentity: showIdentity) : json.prettyText)
    try console.finish()
  }

  private static func json(_ info: RecordingInfo, events: [String: Int]?, digests: [String?], showIdentity: Bool) -> JSONValue {
    let channels = info.channels.map { channel -> JSONValue in
      let calibration = channel.calibration
      return [
        "index": .integer(channel.index), "name": .string(channel.name), "label": .string(channel.label),
        "kind": .string(channel.kind.rawValue),
        "unit": .string(channel.unit.symbol), "sampling_rate": .number(channel.sampleRate), "samples": .integer(channel.sampleCount),
        "digital_min": calibration.map { .integer($0.digitalMinimum) } ?? .null,
        "digital_max": calibration.map { .integer($0.digitalMaximum) } ?? .null, "physical_min": .optional(calibration?.physicalMinimum),
        "physical_max": .optional(calibration?.physicalMaximum), "prefilter": .string(channel.prefilter),
        "quality": .optional(channel.quality?.rawValue),
      ]
    }
    let counts = events.map(sorted)
    var members: [JSONValue.Member] = [
      .init("format", .string(info.format.name)), .init("path", .string(info.path)), .init("bytes", .integer(info.byteCount)),
      .init("sha256", .optional(digests[0])), .init("start", .optional(info.start?.iso8601)), .init("duration", .number(info.duration)),
      .init("segments", .array(info.spans.map { ["start": .number($0.start), "duration": .number($0.duration)] })),
      .init("channels", .array(channels)), .init("events", counts.map { .object($0.map { .init($0.label, .integer($0.count)) }) } ?? .null),
      .init("warnings", .strings(info.warnings.map(\.message))), .init("notes", .strings(info.notes.map(\.message))),
    ]
    if info.streams.count > 1 || info.streams.contains(where: { $0.measuredRate != nil }) {
      members.append(.init("streams", .array(info.streams.map(stream))))
    }
    if !info.companions.isEmpty {
      let companions = zip(info.companions, digests.dropFirst()).map { ["path": .string($0), "sha256": .optional($1)] as JSONValue }
      members.append(.init("companions", .array(companions)))
    }
    if showIdentity {
      members.append(.init("identity", .object(info.identity.fields.map { .init($0.name, .string($0.value)) })))
    }
    return .object(members)
  }

  /// A stream of a recording that has several, or one whose clock was measured.
  private static func stream(_ stream: RecordingStream) -> JSONValue {
    [
      "name": .string(stream.name), "nominal_rate": .optional(stream.nominalRate), "measured_rate": .optional(stream.measuredRate),
      "segments": .array(
        stream.spans.map {
          [
            "start": .number($0.start), "duration": .number($0.duration), "samples": $0.sampleCount.map { .integer($0) } ?? .null,
          ]
        }),
    ]
  }

  private static func sorted(_ counts: [String: Int]) -> [(label: String, count: Int)] {
    counts.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// The same for people.
  private static func summary(_ info: RecordingInfo, events: [String: Int]?, showIdentity: Bool) -> String {
    var lines = ["\(info.path.escapedForDisplay): \(info.format.name), \(info.byteCount) bytes"]
    lines.append("start     \(info.start?.iso8601 ?? "unknown")")
    lines.append("duration  \(JSONValue.decimal(info.duration)) s in \(info.spans.count) segment\(info.spans.count == 1 ? "" : "s")")
    for span in info.spans where info.spans.count > 1 {
      lines.append("          from \(JSONValue.decimal(span.start)) s for \(JSONValue.decimal(span.duration)) s")
    }
    for stream in info.streams where info.streams.count > 1 || stream.measuredRate != nil {
      let rates = [
        stream.nominalRate.map { "\(JSONValue.decimal($0)) Hz" }, stream.measuredRate.map { "measured \(JSONValue.decimal($0)) Hz" },
      ]
      let parts = stream.spans.count == 1 ? "1 segment" : "\(stream.spans.count) segments"
      lines.append("stream    \(stream.name.escapedForDisplay): \((rates.compactMap { $0 } + [parts]).joined(separator: ", "))")
    }
    let counts = sorted(events ?? [:]).prefix(12).map { "\($0.label.escapedForDisplay) × \($0.count)" }
    lines.append("events    \(events == nil ? "not counted" : counts.isEmpty ? "none" : counts.joined(separator: ", "))")
    if showIdentity {
      for field in info.identity.fields { lines.append("\(field.name.escapedForDisplay)  \(field.value.escapedForDisplay)") }
    }
    var table = Table(columns: ["index", "name", "kind", "unit", "Hz", "samples", "minimum", "maximum", "prefilter"])
    for channel in info.channels {
      table.rows.append([
        .integer(channel.index), .text(channel.name), .text(channel.kind.rawValue), .text(channel.unit.symbol), .number(channel.sampleRate),
        .integer(channel.sampleCount), channel.calibration.map { .number($0.physicalMinimum) } ?? .missing,
        channel.calibration.map { .number($0.physicalMaximum) } ?? .missing, .text(channel.prefilter),
      ])
    }
    return (lines + ["", table.aligned.trimmingSpaces]).joined(separator: "\n")
  }
}

extension RecordingIdentity {
  /// What the file says of the patient and the recording, under the names that `--show-identity` prints.
  fileprivate var fields: [(name: String, value: String)] {
    [("patient", patientField), ("recording", recordingField)]
  }
}
