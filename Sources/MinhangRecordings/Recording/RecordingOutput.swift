import MinhangCore

/// A format in which recordings are written, named by a file's suffix.
public enum RecordingOutput: String, Sendable, Hashable, CaseIterable {
  /// EDF+, continuous or (where there are gaps) discontinuous.
  case edf
  /// BDF+, continuous or (where there are gaps) discontinuous.
  case bdf
  /// A table separated by commas.
  case csv
  /// A table separated by tabs.
  case tsv
  /// A NumPy array with a JSON sidecar.
  case npy
  /// XDF: a stream for each clock and rate, and one of events.
  case xdf
  /// BrainVision: a header with a data and a marker file beside it.
  case vhdr

  /// The format that a path's suffix names; nil for any other suffix.
  public init?(path: String) {
    let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    self.init(rawValue: suffix)
  }

  /// The suffixes as a person reads them: `.edf .bdf …`.
  public static var suffixes: String { allCases.map { ".\($0.rawValue)" }.joined(separator: " ") }

  /// The whole numbers that the format stores, where it stores whole numbers: a range must be fitted to the samples before it is written.
  public var storedIntegers: ClosedRange<Int>? {
    switch self {
    case .edf: EDFFamily.edf.digitalRange
    case .bdf: EDFFamily.bdf.digitalRange
    case .csv, .tsv, .npy, .xdf, .vhdr: nil
    }
  }

  /// Whether the format says how long the gaps of a recording are.
  public func holdsGaps(of content: RecordingContent) -> Bool {
    guard let stream = content.channels.first?.stream, content.streams[stream].spans.count > 1 else { return true }
    return switch self {
    case .edf: EDFWriter.holdsTime(of: content, family: .edf)
    case .bdf: EDFWriter.holdsTime(of: content, family: .bdf)
    case .vhdr: BrainVisionMarkerText.isDated(content.timeline(of: 0), start: content.start)
    case .csv, .tsv, .npy, .xdf: true
    }
  }

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - content: Everything but the samples.
  ///   - target: The file.
  /// - Throws: `notRepresentable` where the format cannot hold the channels, `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public func writer(of content: RecordingContent, to target: WritingTarget) throws(RecordingError) -> any RecordingWriter {
    try content.checkRates(for: target.path)
    return switch self {
    case .edf: try EDFWriter(target, family: .edf, content: content)
    case .bdf: try EDFWriter(target, family: .bdf, content: content)
    case .csv: try CSVWriter(target, content: content, delimiter: ",")
    case .tsv: try CSVWriter(target, content: content, delimiter: "\t")
    case .npy: try NPYWriter(target, content: content)
    case .xdf: try XDFWriter(target, content: content)
    case .vhdr: try BrainVisionWriter(target, content: content)
    }
  }
}

extension RecordingContent {
  /// Checks that what is written can be read again.
  ///
  /// - Throws: `notRepresentable` for a sampling rate that no reader takes.
  func checkRates(for path: String) throws(RecordingError) {
    for (place, channel) in channels.enumerated() where !SamplingRate.isUsable(channel.sampleRate) {
      throw RecordingError(
        .notRepresentable, path: path,
        "channel \(place + 1) \(channel.name.quotedForDisplay()) has \(channel.sampleRate) Hz; expected \(SamplingRate.expected)")
    }
  }

  /// The one timeline that a format for one rate needs.
  ///
  /// - Throws: `notRepresentable` for channels of several rates, lengths or clocks.
  func onlyTimeline(for path: String) throws(RecordingError) -> Timeline {
    if let timeline = commonTimeline { return timeline }
    guard !channels.isEmpty else { throw RecordingError(.notRepresentable, path: path, "there is no channel; expected at least one") }
    let rates = Set(channels.map(\.sampleRate)).sorted(by: >)
    let shown = rates.map { "\($0)" }.joined(separator: ", ")
    throw RecordingError(
      .notRepresentable, path: path,
      rates.count > 1
        ? "the channels run at \(shown) Hz; expected channels of one sampling rate"
        : "the channels belong to streams with different beginnings, lengths or gaps; expected channels of one stream")
  }
}
