import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts recordings into a raw dataset of EEG or intracranial EEG: first the data file, copied or written by a format's own writer, then
/// what stands beside it.
///
/// **Source:** BIDS specification 1.10, "Electroencephalography" and "Intracranial electroencephalography".
public struct BIDSWriter: Sendable {
  /// Where the recording goes.
  public let place: BIDSPlace
  /// What the recording does not state.
  public let description: BIDSDescription
  /// Whether a recording of the same entities may be replaced.
  public let isReplacing: Bool

  /// What was written beside a data file.
  public struct Report: Sendable, Hashable {
    /// The files, the data file first.
    public var files: [String]
    /// Events in the table of events.
    public var eventCount: Int
    /// What the dataset could not take: each a clause for people.
    public var losses: [String] = []
    /// What readers of the dataset should know: each a sentence without its point.
    public var notes: [String] = []
  }

  /// Makes a writer of one recording.
  public init(place: BIDSPlace, description: BIDSDescription, isReplacing: Bool = false) {
    self.place = place
    self.description = description
    self.isReplacing = isReplacing
  }

  /// The ending under which a recording's bytes may lie in a dataset as they are; nil for a format that must be converted first.
  public static func copiedExtension(of format: RecordingFormat) -> String? {
    if format.name.hasPrefix("EDF") { return ".edf" }
    return format.name.hasPrefix("BDF") ? ".bdf" : nil
  }

  /// Where the data file goes, once it is certain that nothing is in the way.
  ///
  /// - Parameters:
  ///   - channels: The recording's channels: they decide between `eeg` and `ieeg`.
  ///   - fileExtension: `.edf`, `.bdf`, `.vhdr`.
  /// - Throws: `wouldOverwrite`, `cannotCreate` where it is there in another format, `badData` for a recording without channels or a list that cannot be added to.
  public func dataPath(_ channels: [Channel], fileExtension: String) throws(RecordingError) -> String {
    guard !channels.isEmpty else {
      throw RecordingError(.badData, path: place.root, "the recording has no channel; expected at least one for a dataset of EEG")
    }
    try BIDSSharedFiles(place: place).check()
    let datatype = channels.bidsDatatype
    let path = place.path(datatype, suffix: datatype, fileExtension: fileExtension)
    let folder = Folder.parent(of: path)
    for name in Folder.names(folder) ?? [] {
      guard let other = BIDSName(name), let own = BIDSName(String(path.split(separator: "/").last ?? "")) else { continue }
      guard Set(other.entities) == Set(own.entities) else { continue }
      if !isReplacing {
        throw RecordingError(
          .wouldOverwrite, path: Folder.path(folder, name), "exists already; expected another subject, session, task or run")
      }
      if other.isRecording, other.fileExtension != fileExtension {
        throw RecordingError(
          .cannotCreate, path: Folder.path(folder, name), "is the same recording in another format; expected it to be removed first")
      }
    }
    return path
  }

  /// Copies a recording byte for byte.
  public static func copy(_ input: String, to target: WritingTarget) throws(RecordingError) {
    let source = try RandomAccessFile(path: input)
    try Folder.create(Folder.parent(of: target.path))
    let file = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs + [input])
    var done = 0
    while done < source.byteCount {
      let count = min(1 << 20, source.byteCount - done)
      try file.append(source.bytes(at: done, count: count))
      done += count
    }
    try file.commit()
  }

  /// Makes the folder of a file that is to be written.
  public static func makeFolder(of path: String) throws(RecordingError) { try Folder.create(Folder.parent(of: path)) }

  /// Writes everything that belongs to a data file which is in its place: channels, events, positions, lists.
  ///
  /// Channels are named as the data file itself names them.
  ///
  /// - Parameters:
  ///   - path: The data file.
  ///   - source: Its channels' kinds, positions and qualities, in its order; a format may not have kept them.
  ///   - events: For `_events.tsv`; without any there is none.
  ///   - timeline: That of the events, where the data file may count time in another way.
  ///   - start: When it began, for the list of recordings; nil where that must not be told.
  /// - Throws: `wouldOverwrite`, `cannotCreate`, `inputOutput`, `badData` for lists that are there and cannot be added to.
  public func writeSidecars(of path: String, source: [Channel], events: [Event], timeline: Timeline? = nil, start: RecordingDate?)
    throws(RecordingError) -> Report
  {
    var info = try Recording.open(path: path, options: OpeningOptions(appliesSidecars: false)).recording
    guard info.channels.count == source.count else {
      throw RecordingError(
        .badData, path: path, "the data file has \(info.channels.count) channels; expected the \(source.count) of its source")
    }
    for index in info.channels.indices {
      info.channels[index].kind = source[index].kind
      info.channels[index].position = source[index].position
      info.channels[index].quality = source[index].quality
    }
    let datatype = info.channels.bidsDatatype
    var report = Report(files: [path], eventCount: events.count)
    let stored = info.timeline(of: 0)
    let events = timeline.map { Self.aligned(events, from: $0, to: stored, report: &report) } ?? events
    let gaps = max(0, stored.segments.count - 1)
    if gaps > 0 {
      report.notes.append(
        "the recording has \(gaps) \(gaps == 1 ? "gap" : "gaps"): onsets of events count them, the column \"sample\" does not")
    }
    let rates = Set(info.channels.map(\.sampleRate))
    if rates.count > 1 {
      report.notes.append(
        "the channels run at \(rates.count) rates: each in channels.tsv, the column \"sample\" of events counts those of \(info.channels[0].name.escapedForDisplay)"
      )
    }
    func write(_ suffix: String, _ fileExtension: String, _ text: String) throws(RecordingError) {
      let target = place.path(datatype, suffix: suffix, fileExtension: fileExtension)
      try BIDSSharedFiles.write(text, to: target, replacing: isReplacing)
      report.files.append(target)
    }
    try write("channels", ".tsv", BIDSTables.channels(info.channels))
    try write(datatype, ".json", description.sidecar(info, datatype: datatype, task: place.task).prettyText + "\n")
    if events.isEmpty {
      // Of a recording that is replaced.
      for end in [".tsv", ".json"] where isReplacing { unlink(place.path(datatype, suffix: "events", fileExtension: end)) }
    } else {
      try write("events", ".tsv", EventsTable(timeline: stored).text(events))
      try write("events", ".json", BIDSTables.eventColumns(events).prettyText + "\n")
      if events.contains(where: { $0.channel != nil }) { report.losses.append("which channel an event concerns") }
    }
    report.files += try writePositions(info.channels, datatype: datatype)
    if BIDSTables.space(info.channels) == nil, info.channels.contains(where: { $0.position != nil }) {
      report.losses.append("positions in several units")
    }
    let shared = BIDSSharedFiles(place: place)
    try shared.list(path, start: start)
    try shared.writeDatasetFiles(description)
    return report
  }

  /// The session's electrodes and their coordinate system; the same again for each of its recordings.
  private func writePositions(_ channels: [Channel], datatype: String) throws(RecordingError) -> [String] {
    guard let unit = BIDSTables.space(channels), let table = BIDSTables.electrodes(channels, datatype: datatype) else { return [] }
    let space = BIDSTables.spaceLabel(unit, datatype: datatype)
    var files: [String] = []
    for (suffix, end, text) in [
      ("electrodes", ".tsv", table), ("coordsystem", ".json", BIDSTables.coordinateSystem(unit, datatype: datatype).prettyText + "\n"),
    ] {
      let path = place.sharedPath(datatype, space: space, suffix: suffix, fileExtension: end)
      files.append(path)
      if let old = try? RandomAccessFile(path: path), old.byteCount == text.utf8.count,
        let bytes = try? old.bytes(at: 0, count: old.byteCount), bytes == Array(text.utf8)
      {
        continue
      }
      try BIDSSharedFiles.write(text, to: path, replacing: isReplacing)
    }
    return files
  }
}
