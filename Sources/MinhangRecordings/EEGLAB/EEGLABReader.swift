import MinhangCore

/// Reads data sets of EEGLAB: `.set`, with the samples within or in a `.fdt` beside it.
///
/// Read are MATLAB files of versions 5 to 7 and 7.3, both the structure `EEG` and the form with its fields as variables. Samples are read in pieces,
/// where they lie.
///
/// **Source:** EEGLAB, "The EEG structure"; The MathWorks, "MAT-File Format", level 5; The HDF Group, "HDF5 File Format Specification".
public struct EEGLABReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo

  private var samples: NPYReader

  /// Opens a file.
  ///
  /// See `Recording.open(path:)`.
  public init(path: String) throws(RecordingError) {
    let file = try RandomAccessFile(path: path)
    try self.init(file, head: FileHead(file), options: .none)
  }

  init(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    let path = file.path
    var log = WarningLog()
    log.checkSuffix(of: path, own: ["set", "mat"], content: "a MATLAB file")
    let content =
      try Self.isHDF5(head)
      ? MATFile(hierarchy: file, wanted: EEGLABFields.wanted) : MATFile(file, wanted: EEGLABFields.wanted)
    let fields = try EEGLABFields(content, path: path)
    let data: EEGLABSamples
    let rate: Double
    do throws(RecordingError) {
      rate = try Self.sampleRate(fields, path: path)
      data = try EEGLABSamples(fields, file: file, options: options, log: &log)
    } catch {
      // What is missing is missing because the file is damaged before it.
      if error.code == .badData, let defect = content.defect { throw RecordingError(.badData, path: path, "\(error.message); \(defect)") }
      throw error
    }
    for remark in content.remarks { log.add(.formatVariant, remark) }
    let channels = EEGLABChannels.channels(
      fields, count: data.matrix.channelCount, rate: rate, samples: data.available, options: options, log: &log)
    let times = EEGLABEvents(fields, samples: data, rate: rate, log: &log)
    let subject = (fields["subject"].text ?? "").trimmingSpaces
    let patient = String(subject.prefix(80).map { $0.isWhitespace ? "_" : $0 })
    let identity = RecordingIdentity(
      patientField: patient.isEmpty ? RecordingIdentity.anonymous.patientField : patient + " X X X",
      recordingField: RecordingIdentity.anonymous.recordingField)
    var info = RecordingInfo(
      format: RecordingFormat("EEGLAB"), path: path, byteCount: file.byteCount, start: nil, duration: times.spans.last?.end ?? 0,
      channels: channels, spans: times.spans, identity: identity, warnings: log.warnings, notes: log.notes)
    if data.matrix.source.path != path {
      info.companions = [data.matrix.source.path]
      info.byteCount += data.matrix.source.byteCount
    }
    recording = info
    samples = NPYReader(
      recording: recording, events: times.events, matrices: [data.matrix], sources: channels.indices.map { (matrix: 0, channel: $0) })
  }

  private static func sampleRate(_ fields: EEGLABFields, path: String) throws(RecordingError) -> Double {
    guard let rate = fields["srate"].number else {
      throw RecordingError(.badData, path: path, "field srate is missing; expected the sampling rate in Hz")
    }
    guard SamplingRate.isUsable(rate) else {
      throw RecordingError(.badData, path: path, "field srate is \(rate); expected \(SamplingRate.expected)")
    }
    return rate
  }

  /// The events, sorted by onset; times in seconds from the first sample, gaps counted.
  ///
  /// Types that are numbers are labels of digits; the `boundary` of a gap is an event too.
  public func events() throws(RecordingError) -> [Event] { try samples.events() }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try self.samples.read(samples, of: channels, into: &block)
  }
}
