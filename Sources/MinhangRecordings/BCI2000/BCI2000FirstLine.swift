import MinhangCore

/// The first line of a BCI2000 file: `BCI2000V= 1.1 HeaderLen= 4711 SourceCh= 16 StatevectorLen= 12 DataFormat= float32`.
///
/// Version 1.0 has neither a version nor a data format; its samples are int16.
struct BCI2000FirstLine {
  /// More channels than any amplifier has.
  static let mostChannels = 65_536
  /// Bytes of a state vector that are read at most.
  static let longestVector = 65_536
  private static let keys: Set<String> = ["BCI2000V", "HeaderLen", "SourceCh", "StatevectorLen", "DataFormat"]

  /// The header's length as it is stated, bytes; nil where the field is no number.
  var headerBytes: Int?
  /// Byte at which the field stands.
  var headerBytesPlace: Int
  var channelCount: Int
  /// Bytes behind the values of each sample.
  var vectorBytes: Int
  var sampleType: GDFSampleType
  var versionText: String

  /// Whether a file that begins so is of the format: its first line has the three fields that every version has.
  static func recognises(_ head: FileHead) -> Bool {
    guard head.starts(with: "BCI2000V=") || head.starts(with: "HeaderLen=") else { return false }
    let line = String(decoding: head.bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    return line.contains("SourceCh=") && line.contains("StatevectorLen=")
  }

  init(_ head: FileHead, log: inout WarningLog) throws(RecordingError) {
    let path = head.path
    let fields = Self.fields(head.bytes)
    func whole(_ key: String, _ range: ClosedRange<Int>, _ expectation: String) throws(RecordingError) -> Int {
      guard let field = fields[key] else {
        throw RecordingError(.badData, path: path, "header field \"\(key)\" is not in the first line; expected \(expectation)")
      }
      guard let value = HeaderNumber.whole(field.text), range.contains(value) else {
        throw RecordingError(
          .badData, path: path,
          "header field \"\(key)\" at byte \(field.byte) is \(field.text.quotedForDisplay()); expected \(expectation)")
      }
      return value
    }
    channelCount = try whole("SourceCh", 1...Self.mostChannels, "a whole number 1…\(Self.mostChannels)")
    vectorBytes = try whole("StatevectorLen", 0...Self.longestVector, "a whole number 0…\(Self.longestVector)")
    headerBytes = fields["HeaderLen"].flatMap { HeaderNumber.whole($0.text) }
    headerBytesPlace = fields["HeaderLen"]?.byte ?? 0
    versionText = fields["BCI2000V"]?.text ?? "1.0"
    let types: [String: GDFSampleType] = [
      "int16": .integer(byteCount: 2, isSigned: true), "int32": .integer(byteCount: 4, isSigned: true), "float32": .float32,
    ]
    let format = fields["DataFormat"]
    guard let type = types[format?.text ?? "int16"] else {
      let field = format ?? (byte: 0, text: "")
      throw RecordingError(
        .badData, path: path,
        "header field \"DataFormat\" at byte \(field.byte) is \(field.text.quotedForDisplay()); expected int16, int32 or float32")
    }
    sampleType = type
    if !["1.0", "1.1"].contains(versionText) {
      log.add(.formatVariant, "header field \"BCI2000V\" is \(versionText.quotedForDisplay()); expected 1.0 or 1.1; read as 1.1")
    } else if format == nil && versionText != "1.0" {
      log.add(.formatVariant, "header field \"DataFormat\" is not in the first line of version \(versionText); read as int16")
    }
  }

  /// Bytes of the values of a sample.
  var valueBytes: Int { channelCount * sampleType.byteCount }
  /// Bytes of a sample with its state vector.
  var frameBytes: Int { valueBytes + vectorBytes }

  /// The fields by their names, each with the byte at which its value stands.
  private static func fields(_ bytes: [UInt8]) -> [String: (byte: Int, text: String)] {
    var fields: [String: (byte: Int, text: String)] = [:]
    var key: String?
    let line = bytes.prefix { $0 != 0x0A }
    for word in line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
      if let known = key {
        if fields[known] == nil { fields[known] = (word.startIndex, HeaderText.decoded(word)) }
        key = nil
      } else if let mark = word.firstIndex(of: 0x3D) {
        let name = String(decoding: word[..<mark], as: UTF8.self)
        guard keys.contains(name) else { continue }
        let rest = word[(mark + 1)...]
        if rest.isEmpty { key = name } else if fields[name] == nil { fields[name] = (rest.startIndex, HeaderText.decoded(rest)) }
      }
    }
    return fields
  }
}
