import MinhangBCI

/// One recording on its way into a dataset.
struct BIDSRecordingCopy {
  /// The formats that BIDS allows and that can be written, the most exact first.
  static let formats = ["vhdr", "bdf", "edf"].filter { RecordingOutput(rawValue: $0) != nil }

  /// A format by its name; nil where BIDS does not allow it or it cannot be written.
  static func format(_ name: String) -> RecordingOutput? { formats.contains(name) ? RecordingOutput(rawValue: name) : nil }

  private let input: String
  private let writer: BIDSWriter
  private let reader: any RecordingReader
  /// The channels that are taken.
  private let channels: [Channel]
  /// What is written anew; nil for a recording that is copied as it is.
  private let export: SignalExport?
  private let isAnonymized: Bool
  private let keepsAnnotations: Bool
  private let output: String

  /// Opens the recording and sees to it that its place is free.
  init(input: String, writer: BIDSWriter, command: BIDSCommand, console: Console) throws {
    reader = try OpenedRecording.reader(path: input, console: console)
    self.input = reader.recording.path
    self.writer = writer
    isAnonymized = command.anonymize
    keepsAnnotations = command.keepAnnotations
    let selection = command.selection
    let copied = BIDSWriter.copiedExtension(of: reader.recording.format)
    let isWhole = selection.channels == nil && selection.exclude == nil && selection.crop == nil && command.format == nil
    // Other readers number repeated labels in their own ways: no table of channels could name them.
    let labels = reader.recording.channels.map(\.label.trimmingSpaces)
    let isNamed = Set(labels).count == labels.count && !labels.contains("")
    if copied != nil, !isNamed, isWhole { console.note("\(input): labels are missing or repeat: written anew with names of their own") }
    if isWhole, isNamed, let copied {
      export = nil
      channels = reader.recording.channels
      output = try writer.dataPath(channels, fileExtension: copied)
    } else {
      var export = try SignalExport(copying: reader, selection: selection, target: command.target, console: console)
      if isAnonymized {
        export.identity = .anonymous
        export.start = nil
        if !keepsAnnotations { export.events = [] }
      }
      self.export = export
      channels = export.channels
      output = try writer.dataPath(channels, fileExtension: command.format.map { "." + $0 } ?? copied ?? "." + Self.formats[0])
    }
  }

  /// Writes the data file and what belongs beside it.
  func write(console: Console) throws -> Summary {
    let info = reader.recording
    var events = try export?.events ?? reader.events()
    let found = try export == nil ? events.count : reader.events().count
    var start = export == nil ? info.start : export?.start
    if let export {
      try BIDSWriter.makeFolder(of: output)
      _ = try export.write(to: output)
    } else if isAnonymized {
      try BIDSWriter.makeFolder(of: output)
      _ = try Anonymization.anonymize(
        path: input, to: WritingTarget(path: output, isReplacing: writer.isReplacing, inputs: [input]),
        options: AnonymizationOptions(keepsAnnotations: keepsAnnotations))
      if !keepsAnnotations { events = try Recording.open(path: output, options: OpeningOptions(appliesSidecars: false)).events() }
      start = nil
    } else {
      try BIDSWriter.copy(input, to: WritingTarget(path: output, isReplacing: writer.isReplacing))
      if info.identity.isAboutSomebody {
        console.warn("\(input): the copy says who was recorded, as the file does; --anonymize takes it out")
      }
    }
    if isAnonymized, events.count < found {
      console.note("\(input): \(found - events.count) of \(found) events were cut with their texts; --keep-annotations keeps them")
    }
    let report = try writer.writeSidecars(of: output, source: channels, events: events, start: start)
    for loss in report.losses { console.warn("\(output): a BIDS dataset cannot hold \(loss)") }
    return Summary(input: input, output: output, isCopy: export == nil && !isAnonymized, report: report)
  }

  /// What became of a recording.
  struct Summary {
    var input: String
    var output: String
    var isCopy: Bool
    var report: BIDSWriter.Report

    var json: JSONValue {
      [
        "input": .string(input), "output": .string(output), "copied": .bool(isCopy), "events": .integer(report.eventCount),
        "files": .strings(report.files),
      ]
    }

    var text: String {
      "\(output.escapedForDisplay)\t\(isCopy ? "copied" : "written")\t\(report.eventCount) events\t\(report.files.count) files"
    }
  }
}

extension RecordingIdentity {
  /// Whether the patient's field says anything.
  fileprivate var isAboutSomebody: Bool { patientField.split(separator: " ").contains { $0 != "X" } }
}
