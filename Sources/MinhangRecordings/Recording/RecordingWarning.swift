/// Something in a file that is wrong or was repaired, of which the reader of the result must know.
public struct RecordingWarning: Sendable, Hashable, CustomStringConvertible {
  /// The kind of defect.
  public struct Code: Sendable, Hashable {
    /// A word for the kind, as it may stand in a report.
    public let name: String

    init(_ name: String) { self.name = name }

    /// The length of the header that the header states is not its length.
    public static let headerLength = Code("header-length")
    /// The number of data records is wrong or missing.
    public static let recordCount = Code("record-count")
    /// The file ends within a data record.
    public static let cutRecord = Code("cut-record")
    /// Text of the header is not ASCII, or has control characters.
    public static let headerText = Code("header-text")
    /// The field that names the variant of the format is not what it should be.
    public static let formatVariant = Code("format-variant")
    /// A number is written in an unusual way, yet its meaning is clear.
    public static let numberStyle = Code("number-style")
    /// The date or time of the start is not usable or contradicts itself.
    public static let startDate = Code("start-date")
    /// A channel has no usable calibration and keeps its stored numbers.
    public static let calibration = Code("calibration")
    /// A channel's unit is not stated.
    public static let unit = Code("unit")
    /// A channel's range is usable but strange.
    public static let range = Code("range")
    /// A label is empty or not unique.
    public static let label = Code("label")
    /// A channel holds no samples and is left out.
    public static let emptyChannel = Code("empty-channel")
    /// A sampling rate is outside anything plausible.
    public static let sampleRate = Code("sample-rate")
    /// An annotation breaks the grammar.
    public static let annotation = Code("annotation")
    /// An annotation's text is not valid UTF-8 or holds control characters.
    public static let annotationText = Code("annotation-text")
    /// There are more annotations than are read.
    public static let annotationLimit = Code("annotation-limit")
    /// A data record does not say when it starts.
    public static let recordTime = Code("record-time")
    /// The recording has gaps.
    public static let gap = Code("gap")
    /// A data record starts before the one before it ends.
    public static let overlap = Code("overlap")
    /// Record times and sampling rate drift apart.
    public static let drift = Code("drift")
    /// A status channel reports trouble of the amplifier.
    public static let status = Code("status")
    /// A file that belongs to the recording is unusable or contradicts it.
    public static let sidecar = Code("sidecar")
    /// Samples are not finite numbers.
    public static let nonFinite = Code("non-finite")
    /// More warnings of a kind than are listed.
    public static let more = Code("more")
  }

  /// The kind of defect.
  public let code: Code
  /// What is wrong and what was done about it; one line, safe to show.
  public let message: String

  /// Makes a warning.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}

/// Warnings as they arise, at most a few of each kind: a file of a million bad annotations gives a handful of lines and a count.
struct WarningLog {
  private static let limit = 5
  private(set) var kept: [RecordingWarning] = []
  private(set) var notes: [RecordingWarning] = []
  private var counts: [RecordingWarning.Code: Int] = [:]
  private var order: [RecordingWarning.Code] = []

  mutating func add(_ code: RecordingWarning.Code, _ message: @autoclosure () -> String) {
    let count = (counts[code] ?? 0) + 1
    if count == 1 { order.append(code) }
    counts[code] = count
    if count <= Self.limit { kept.append(RecordingWarning(code, message())) }
  }

  /// Keeps something that is legal, yet good to know.
  mutating func note(_ code: RecordingWarning.Code, _ message: String) { notes.append(RecordingWarning(code, message)) }

  /// All warnings, with one line for each kind of which there were more.
  var warnings: [RecordingWarning] {
    var all = kept
    for code in order {
      let hidden = (counts[code] ?? 0) - Self.limit
      if hidden > 0 { all.append(RecordingWarning(.more, "\(hidden) more warnings of the kind \(code.name)")) }
    }
    return all
  }
}
