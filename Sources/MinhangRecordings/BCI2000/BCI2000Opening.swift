import MinhangCore

/// The steps of opening a BCI2000 file: header, layout, channels, states, description.
struct BCI2000Opening {
  /// Above this size the states are looked at only for those who ask for events: they lie between the samples.
  static let largestSearched = 64 << 20

  var layout: BCI2000Layout
  var info: RecordingInfo
  /// The events; nil where the file is so large that they are looked for only when they are asked for.
  var events: [Event]?
  /// The search for them, not yet begun.
  var scan: BCI2000StateScan
  var scales: [SampleScale]

  init(file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    var log = WarningLog()
    let header = try BCI2000Header(file: file, head: head, log: &log)
    log.checkSuffix(of: head.path, own: ["dat"], content: "BCI2000")
    let parameters = header.parameters
    layout = BCI2000Layout(header, byteCount: file.byteCount, log: &log)
    let rate = try Self.sampleRate(parameters, options: options, path: file.path, log: &log)
    let states = layout.readable(header.states, log: &log)
    let block = parameters.text("SampleBlockSize").flatMap { BCI2000Parameters.quantity($0)?.value }.flatMap(Int.init(exactly:)) ?? 1
    scan = BCI2000StateScan(states, blockSize: max(1, block))
    if file.byteCount <= Self.largestSearched {
      var scan = scan
      events = try scan.run(file, layout: layout, sampleRate: rate, log: &log)
    } else if scan.isIdle {
      events = []
    }
    let hasSamples = layout.sampleCount > 0
    var channels: [Channel] = []
    scales = []
    if hasSamples {
      let described = BCI2000Channels(parameters, layout: layout, sampleRate: rate, log: &log)
      (channels, scales) = (described.channels, described.scales)
    } else {
      log.add(.emptyChannel, "the file holds no samples; its \(layout.channelCount) channels are left out")
    }
    let seconds = Double(layout.sampleCount) / rate
    info = RecordingInfo(
      format: RecordingFormat("BCI2000 \(header.first.versionText.quotedForDisplay(limit: 8).filter { $0 != "\"" })"), path: file.path,
      byteCount: file.byteCount, start: Self.start(parameters, log: &log), duration: seconds, channels: channels,
      spans: hasSamples ? [TimeSpan(start: 0, duration: seconds)] : [], identity: Self.identity(parameters), warnings: log.warnings,
      notes: log.notes)
  }

  private static func sampleRate(
    _ parameters: BCI2000Parameters, options: OpeningOptions, path: String, log: inout WarningLog
  ) throws(RecordingError) -> Double {
    let text = parameters.text("SamplingRate")
    if let text, let (value, unit) = BCI2000Parameters.quantity(text) {
      let factors: [String: Double] = ["": 1, "hz": 1, "khz": 1e3, "mhz": 1e6]
      if let factor = factors[unit.lowercased()], case let rate = value * factor, SamplingRate.isUsable(rate) {
        if rate > 1e6 || rate < 1e-4 { log.add(.sampleRate, "parameter SamplingRate is \(rate) Hz, which is hardly meant") }
        return rate
      }
    }
    let shown = text.map { "is \($0.quotedForDisplay())" } ?? "is missing"
    guard let rate = options.sampleRate, SamplingRate.isUsable(rate) else {
      throw RecordingError(
        .badData, path: path, "parameter SamplingRate \(shown); expected \(SamplingRate.expected)")
    }
    log.add(.sampleRate, "parameter SamplingRate \(shown); \(rate) Hz is taken as told")
    return rate
  }

  private static func start(_ parameters: BCI2000Parameters, log: inout WarningLog) -> RecordingDate? {
    guard let text = parameters.text("StorageTime") else { return nil }
    if let date = BCI2000Date.date(text) { return date }
    if BCI2000Date.isTimeOnly(text) {
      log.note(.startDate, "parameter StorageTime has a time of day and no date; the start is unknown")
      return nil
    }
    log.add(
      .startDate, "parameter StorageTime is no date; expected one such as \"Wed Aug 12 16:15:00 2009\"; the start is unknown")
    return nil
  }

  private static func identity(_ parameters: BCI2000Parameters) -> RecordingIdentity {
    var identity = RecordingIdentity.anonymous
    func field(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: "_") }
    if let name = parameters.text("SubjectName") { identity.patientField = "\(field(name)) X X X" }
    let session = parameters.text("SubjectSession").map { "S" + field($0) } ?? ""
    let run = parameters.text("SubjectRun").map { "R" + field($0) } ?? ""
    if !(session + run).isEmpty { identity.recordingField = "Startdate X \(session)\(run) X X" }
    return identity
  }
}
