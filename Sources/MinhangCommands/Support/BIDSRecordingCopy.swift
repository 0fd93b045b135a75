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
  private let options: AnonymizationOptions
  private let output: String
  /// Events of what is written anew, before any is cut.
  private var found = 0

  /// Opens the recording and sees to it that its place is free.
  init(input: String, writer: BIDSWriter, command: BIDSCommand, console: Console) throws {
    reader = try OpenedRecording.reader(path: input, console: console)
    self.input = reader.recording.path
    self.writer = writer
    isAnonymized = command.anonymize
    options = AnonymizationOptions(shiftDays: command.shiftDays, keepsAnnotations: command.keepAnnotations)
    let selection = command.selection
    let copied = BIDSWriter.copiedExtension(of: reader.recording.format)
    let isWhole = selection.channels == nil && selection.exclude == nil && selection.crop == nil && command.format == nil
    // Other readers number repeated labels in their own ways: no table of channels could name them.
    let labels = reader.recording.channels.map(\.label.trimmingSpaces)
    let isNamed = Set(labels).count == labels.count && !labels.contains("")
    if copied != nil, !isNamed, isWhole { console.note("\(input): labels are missing or repeat: written anew with names of their own") }
    if isWhole, isNamed, let copied {
      export = nil
      let all = reader.recording.channels
      channels = isAnonymized ? Anonymization.reviewed(all, of: reader.recording.streams) : all
      output = try writer.dataPath(channels, fileExtension: copied)
    } else {
      var export = try SignalExport(copying: reader, selection: selection, target: command.target, console: console)
      if isAnonymized {
        export.identity = .anonymous
        export.start = try Self.moved(export.start, by: options.shiftDays, path: self.input)
        export.channels = Anonymization.reviewed(export.channels, of: reader.recording.streams)
        found = export.events.count
        if !options.keepsAnnotations { export.events = TriggerCode.kept(export.events) }
      }
      self.export = export
      channels = export.channels
      let (usual, why) = export.usualFormat
      if command.format == nil, copied == nil, let why {
        console.note("\(self.input): \(why): written as \(usual.uppercased()), which holds them")
      }
      output = try writer.dataPath(channels, fileExtension: command.format.map { "." + $0 } ?? copied ?? "." + usual)
    }
  }

  /// The start, moved as anonymising wants it; nil where it is cut.
  private static func moved(_ start: RecordingDate?, by days: Int?, path: String) throws -> RecordingDate? {
    guard let start, let days else { return nil }
    guard let moved = start.advanced(by: Double(days) * 86_400) else {
      throw RecordingError(.badRequest, path: path, "start cannot be moved by \(days) days; expected a date of the calendar")
    }
    return moved
  }

  /// Writes the data file and what belongs beside it, or nothing.
  func write(console: Console) throws -> Summary { try writer.wholly(output) { try writeAll(console: console) } }

  private func writeAll(console: Console) throws -> Summary {
    let info = reader.recording
    var events = try export?.events ?? reader.events()
    let found = export == nil ? events.count : found
    var start = export == nil ? info.start : export?.start
    if var export {
      // What tables beside the data hold is not lost where the data cannot hold it.
      for k in export.channels.indices {
        export.channels[k].quality = nil
        if !output.hasSuffix(".vhdr") || export.channels[k].position?.unit != .headRadius { export.channels[k].position = nil }
      }
      try BIDSWriter.makeFolder(of: output)
      _ = try export.write(to: output)
    } else if isAnonymized {
      try BIDSWriter.makeFolder(of: output)
      let made = try Anonymization.anonymize(
        path: input, to: WritingTarget(path: output, isReplacing: writer.isReplacing, inputs: reader.recording.files),
        options: options)
      console.warn(each: made.warnings.filter { !info.warnings.contains($0) }.map { "\(input): \($0.message)" })
      if made.cutBytes > 0 { console.warn("\(input): \(made.cutBytes) bytes that belong to no whole part of the recording were left out") }
      if !options.keepsAnnotations { events = try Recording.open(path: output, options: OpeningOptions(appliesSidecars: false)).events() }
      start = try Self.moved(start, by: options.shiftDays, path: input)
    } else {
      try BIDSWriter.copy(input, to: WritingTarget(path: output, isReplacing: writer.isReplacing))
      if info.identity.isAboutSomebody {
        console.warn("\(input): the copy says who was recorded, as the file does; --anonymize takes it out")
      }
    }
    let cut = isAnonymized ? max(0, found - events.count) : 0
    if cut > 0 { console.warn("\(input): \(cut) of \(found) events were cut, for they are no codes; --keep-annotations keeps them") }
    let report = try writer.writeSidecars(of: output, source: channels, events: events, timeline: export?.mainTimeline, start: start)
    if isAnonymized, let start, start.year > 1925 {
      console.note("\(output): acq_time is in the year \(start.year); BIDS wants dates that were moved to be of 1925 or before")
    }
    for note in report.notes { console.note("\(output): \(note)") }
    for loss in report.losses { console.warn("\(output): a BIDS dataset cannot hold \(loss)") }
    return Summary(input: input, output: output, isCopy: export == nil && !isAnonymized, cutEvents: cut, report: report)
  }

  /// What became of a recording.
  struct Summary {
    var input: String
    var output: String
    var isCopy: Bool
    /// Events that anonymising cut.
    var cutEvents: Int
    var report: BIDSWriter.Report

    var json: JSONValue {
      [
        "input": .string(input), "output": .string(output), "copied": .bool(isCopy), "events": .integer(report.eventCount),
        "cut_events": .integer(cutEvents), "files": .strings(report.files),
      ]
    }

    var text: String {
      "\(output.escapedForDisplay)\t\(isCopy ? "copied" : "written")\t\(report.eventCount) events\t\(report.files.count) files"
    }
  }
}

extension SignalExport {
  /// The timeline of the channels with most samples.
  fileprivate var mainTimeline: Timeline? {
    // Of channels at several rates each time is its own sample: nothing could be aligned with all of them.
    groups.count == 1 ? groups[0].timeline : nil
  }

  /// The most exact format that holds the channels and their gaps, and why it is not the most exact of all.
  fileprivate var usualFormat: (name: String, why: String?) {
    let first = BIDSRecordingCopy.formats[0]
    let isMixed = Set(channels.map(\.sampleRate)).count > 1 && Set(channels.map(\.stream)).count == 1
    let others = BIDSRecordingCopy.formats.dropFirst()
    if isMixed, let name = others.first { return (name, "the channels run at several rates") }
    let content = content
    func holdsGaps(_ name: String) -> Bool { RecordingOutput(rawValue: name)?.holdsGaps(of: content) ?? false }
    guard !holdsGaps(first), let name = others.first(where: holdsGaps) else { return (first, nil) }
    return (name, "there are gaps, and without a date of the start BrainVision cannot say how long they are")
  }
}

extension RecordingIdentity {
  /// Whether the patient's field says anything.
  fileprivate var isAboutSomebody: Bool { patientField.split(separator: " ").contains { $0 != "X" } }
}
