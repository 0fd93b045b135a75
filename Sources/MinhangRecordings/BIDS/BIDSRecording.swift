import MinhangCore

/// A recording in a BIDS dataset: the file, completed and checked by the files beside it.
///
/// `channels.tsv` gives names, kinds, units where the file states none, and the quality of channels; `events.tsv` takes the place of the file's own
/// events; `electrodes.tsv` gives positions. Where a sidecar contradicts what the file knows for certain (rates, units), the file is believed
/// and `recording.warnings` says so. What was taken from where stands in `recording.notes`.
///
/// **Source:** BIDS specification 1.10, "Electroencephalography", "Intracranial electroencephalography", "Task events".
public struct BIDSRecording: RecordingReader {
  /// What the recording holds, sidecars applied.
  public private(set) var recording: RecordingInfo
  /// The file's name: its entities say who, when and what.
  public let name: BIDSName
  private var base: any RecordingReader
  /// The events of `events.tsv`; nil where there is none that can be used.
  private let tableEvents: [Event]?
  /// For each channel what its samples are multiplied with: 1 but where a sidecar names the unit.
  private let scales: [Double]
  private let isScaled: Bool

  /// Completes a recording.
  ///
  /// - Returns: The reader itself where its file's name is not one of BIDS, or nothing lies beside it.
  static func completed(_ reader: any RecordingReader) throws(RecordingError) -> any RecordingReader {
    // A recording of several streams or none is nothing that BIDS describes; one whose name says nothing costs nothing.
    guard let search = BIDSSidecarSearch(path: reader.recording.path) else { return reader }
    return try BIDSRecording(reader, search: search)
  }

  private init(_ reader: any RecordingReader, search: BIDSSidecarSearch) throws(RecordingError) {
    base = reader
    name = search.name
    var info = reader.recording
    var log = WarningLog()
    var scales = [Double](repeating: 1, count: info.channels.count)
    if let table = search.table("channels", log: &log) {
      BIDSChannelsTable(table, log: &log).apply(to: &info.channels, scales: &scales, log: &log)
    }
    BIDSPositions(search, log: &log)?.apply(to: &info.channels, log: &log)
    Self.checkRate(search, info.channels, log: &log)
    tableEvents = try search.table("events", log: &log).flatMap { table throws(RecordingError) in
      BIDSEventsTable.events(table, duration: info.duration, ownCount: try reader.events().count, log: &log)
    }
    self.scales = scales
    isScaled = scales.contains { $0 != 1 }
    let kinds = [("channels", ".tsv"), ("events", ".tsv"), ("electrodes", ".tsv"), ("coordsystem", ".json"), (search.name.suffix, ".json")]
    info.companions += kinds.flatMap { kind in search.files(kind.0, kind.1, free: ["space"]).map(\.path) }
    info.warnings += log.warnings
    info.notes += log.notes
    recording = info
  }

  /// The rate that the sidecar states, beside those of the file.
  private static func checkRate(_ search: BIDSSidecarSearch, _ channels: [Channel], log: inout WarningLog) {
    let stated = search.json(search.name.suffix, log: &log).lazy.compactMap { file in
      file.object["SamplingFrequency"].map { (file.path, $0) }
    }.first
    guard let (path, value) = stated else { return }
    let shown = BIDSTable.shownName(path)
    guard let rate = value.numberValue, rate > 0 else {
      log.add(.sidecar, "\(shown): SamplingFrequency is \(value.text.quotedForDisplay()); expected a number above 0; not used")
      return
    }
    let rates = Set(channels.map(\.sampleRate)).sorted(by: >)
    guard !rates.isEmpty, !rates.contains(where: { abs($0 - rate) <= 1e-3 * rate }) else { return }
    let held = rates.prefix(4).map { DelimitedText.number($0) }.joined(separator: ", ")
    log.add(
      .sampleRate, "\(shown): SamplingFrequency is \(DelimitedText.number(rate)) Hz but the file has \(held) Hz; the file is believed")
  }

  /// Bytes that the search for the file's own events goes through; 0 where there is an `events.tsv`.
  public var bytesReadForEvents: Int { tableEvents == nil ? base.bytesReadForEvents : 0 }

  /// The events of `events.tsv`, or those of the file where there is none.
  public func events() throws(RecordingError) -> [Event] {
    if let tableEvents { return tableEvents }
    return try base.events()
  }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader.read(_:of:into:)`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try base.read(samples, of: channels, into: &block)
    guard isScaled else { return }
    for (row, channel) in channels.enumerated() where scales[channel] != 1 {
      for sample in 0..<block.sampleCount { block[channel: row, sample: sample] *= scales[channel] }
    }
  }
}
