import MinhangCore

/// The header file's statements about the data file, checked one by one.
struct BrainVisionHeader {
  /// How the numbers of a binary data file are stored.
  enum Coding: String {
    case int16 = "INT_16"
    case uint16 = "UINT_16"
    case int32 = "INT_32"
    case float32 = "IEEE_FLOAT_32"
    /// No format of a data file: how numbers of text are kept.
    case float64 = "text"

    /// How such a number lies in the file.
    var kind: StoredNumber.Kind {
      switch self {
      case .int16: .int16
      case .uint16: .uint16
      case .int32: .int32
      case .float32: .float32
      case .float64: .float64
      }
    }

    /// Bytes of a number.
    var byteCount: Int { kind.byteCount }

    /// The stored whole numbers; nil for floats.
    var digitalRange: ClosedRange<Int>? {
      switch self {
      case .int16: -32768...32767
      case .uint16: 0...65535
      case .int32: -2_147_483_648...2_147_483_647
      case .float32, .float64: nil
      }
    }
  }

  /// How text numbers are laid out.
  struct TextLayout {
    var decimalSymbol: UInt8 = 0x2E
    var skippedLines = 0
    var skippedColumns = 0
  }

  /// nil for a data file of text that is not unpacked yet.
  var coding: Coding?
  var textLayout = TextLayout()
  var isBigEndian = false
  /// Bytes of the data file before its first sample.
  var dataOffset = 0
  var isVectorized: Bool
  var channelCount: Int
  /// Hz.
  var sampleRate: Double
  /// Samples of a channel, where stated.
  var dataPoints: Int?
  /// Samples of a segment in segmented data.
  var segmentDataPoints: Int?
  var dataFile: String
  /// nil where the header has no such key.
  var markerFile: String?

  private static let common = "common infos"

  init(_ text: BrainVisionDocument, path: String, log: inout WarningLog) throws(RecordingError) {
    func bad(_ key: String, _ value: String?, _ expected: String) -> RecordingError {
      RecordingError(
        .badData, path: path,
        "header key \(key.quotedForDisplay()) is \(value.map { $0.quotedForDisplay() } ?? "missing"); expected \(expected)")
    }
    guard text.sections[Self.common] != nil else {
      throw RecordingError(.badData, path: path, "header section [Common Infos] is missing; expected the sections of a BrainVision header")
    }
    func value(_ key: String) -> String? { text.value(key, in: Self.common) }
    func count(_ key: String, in section: String, log: inout WarningLog) -> Int? {
      guard let value = text.value(key, in: section), !value.isEmpty else { return nil }
      let number = BrainVisionDocument.whole(Array(value.utf8)[...])
      if number == nil {
        log.add(.numberStyle, "header key \(key.quotedForDisplay()) is \(value.quotedForDisplay()); expected a whole number; ignored")
      }
      return number
    }

    guard let dataFile = value("DataFile"), !dataFile.isEmpty else { throw bad("DataFile", value("DataFile"), "a file name") }
    self.dataFile = dataFile
    markerFile = value("MarkerFile")
    if let type = value("DataType"), !type.isEmpty, type.uppercased() != "TIMEDOMAIN" {
      throw RecordingError(
        .unsupported, path: path, "header key \"DataType\" is \(type.quotedForDisplay()); expected TIMEDOMAIN: spectra are not recordings")
    }
    let orientation = value("DataOrientation")
    switch orientation?.uppercased() {
    case "MULTIPLEXED": isVectorized = false
    case "VECTORIZED": isVectorized = true
    default: throw bad("DataOrientation", orientation, "MULTIPLEXED or VECTORIZED")
    }
    let channels = value("NumberOfChannels")
    guard let channelCount = channels.flatMap({ BrainVisionDocument.whole(Array($0.utf8)[...]) }), (1...1_000_000).contains(channelCount)
    else {
      throw bad("NumberOfChannels", channels, "a whole number 1…1000000")
    }
    self.channelCount = channelCount
    let interval = value("SamplingInterval")
    guard let number = interval.flatMap({ HeaderNumber.decimal($0) }), SamplingRate.isUsable(1e6 / number.value) else {
      throw bad("SamplingInterval", interval, "microseconds above 0, of \(SamplingRate.expected)")
    }
    sampleRate = 1e6 / number.value
    if number.hasComma {
      log.add(
        .numberStyle, "header key \"SamplingInterval\" is \((interval ?? "").quotedForDisplay()), with a comma; taken as a decimal point")
    }
    if sampleRate > 1e6 { log.add(.sampleRate, "the sampling rate is \(sampleRate) Hz, which is hardly meant") }
    dataPoints = count("DataPoints", in: Self.common, log: &log)
    if let segmentation = value("SegmentationType")?.uppercased(), !["", "NOTSEGMENTED"].contains(segmentation) {
      segmentDataPoints = count("SegmentDataPoints", in: Self.common, log: &log)
    }

    let format = value("DataFormat")
    switch format?.uppercased() {
    case "BINARY":
      let name = text.value("BinaryFormat", in: "binary infos")
      guard let coding = name.flatMap({ Coding(rawValue: $0.uppercased()) }) else {
        throw bad("BinaryFormat", name, "INT_16, UINT_16, INT_32 or IEEE_FLOAT_32")
      }
      self.coding = coding
      let order = text.value("UseBigEndianOrder", in: "binary infos")
      switch order?.uppercased() {
      case nil, "", "NO", "FALSE", "0": break
      case "YES", "TRUE", "1": isBigEndian = true
      default: throw bad("UseBigEndianOrder", order, "YES or NO")
      }
      dataOffset = count("DataOffset", in: "binary infos", log: &log) ?? 0
      for key in ["SegmentHeaderSize", "TrailerSize", "ChannelOffset"] {
        guard let size = count(key, in: "binary infos", log: &log), size > 0 else { continue }
        throw RecordingError(
          .unsupported, path: path,
          "header key \(key.quotedForDisplay()) is \(size); expected 0: samples must lie without anything between them")
      }
    case "ASCII":
      coding = nil
      let symbol = text.value("DecimalSymbol", in: "ascii infos")
      switch symbol {
      case nil, "", ".": break
      case ",": textLayout.decimalSymbol = 0x2C
      default: throw bad("DecimalSymbol", symbol, "a point or a comma")
      }
      textLayout.skippedLines = count("SkipLines", in: "ascii infos", log: &log) ?? 0
      textLayout.skippedColumns = count("SkipColumns", in: "ascii infos", log: &log) ?? 0
    default: throw bad("DataFormat", format, "BINARY or ASCII")
    }
    for section in text.repeatedSections {
      log.add(.headerText, "header section \(section.quotedForDisplay()) appears more than once; its last values count")
    }
  }
}
