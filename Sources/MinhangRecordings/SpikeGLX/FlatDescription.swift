import MinhangCore

/// A flat binary with a JSON description beside it, `FILE.bin.json` or `FILE.json`.
///
/// ```json
/// {"sampling_rate": 30000, "channels": ["A1", "A2"], "dtype": "int16", "gain_uv": 0.25, "offset": 0, "byte_order": "little"}
/// ```
/// - `sampling_rate`: Hz.
/// - `channels`: their names, or their number. Frames hold one number of each, side by side.
/// - `dtype`: `int16`, `uint16`, `int32`, `float32` or `float64`.
/// - `gain_uv`: µV in a stored step, for all channels; or `gains`, a list with one for each. Without either the stored numbers are kept, without
///   a unit (`--input-unit` states one).
/// - `offset`: bytes before the first frame; 0 where it is missing.
/// - `byte_order`: `little` (also where it is missing) or `big`.
enum FlatDescription {
  private static let largest = 16 << 20

  /// The descriptions that a file may have, in the order in which they are looked for.
  private static func paths(beside path: String) -> [String] {
    var paths = [path + ".json"]
    let name = path.split(separator: "/").last ?? ""
    if let point = name.lastIndex(of: "."), point != name.startIndex {
      paths.append(String(path.dropLast(name.distance(from: point, to: name.endIndex))) + ".json")
    }
    return paths.filter { $0 != path }
  }

  /// The description of a file: a JSON object with a `dtype`, a `sampling_rate` and `channels`.
  static func find(beside path: String) -> (path: String, json: JSONValue)? {
    for path in paths(beside: path) {
      guard let file = try? RandomAccessFile(path: path), file.byteCount <= largest,
        let bytes = try? file.bytes(at: 0, count: file.byteCount), let json = JSONReader.value(bytes), json["dtype"] != nil,
        json["sampling_rate"] != nil, json["channels"] != nil
      else { continue }
      return (path, json)
    }
    return nil
  }

  static func open(_ file: RandomAccessFile, options: OpeningOptions) throws(RecordingError) -> FlatReader {
    guard let (path, json) = find(beside: file.path) else {
      throw RecordingError(.badData, path: file.path, "the file has no description beside it; expected FILE.json")
    }
    func wrong(_ key: String, _ expectation: String) -> RecordingError {
      let value = json[key]?.text.quotedForDisplay() ?? "missing"
      return RecordingError(.badData, path: path, "member \"\(key)\" is \(value); expected \(expectation)")
    }
    var log = WarningLog()
    guard let rate = json["sampling_rate"]?.numberValue, SamplingRate.isUsable(rate) else {
      throw wrong("sampling_rate", SamplingRate.expected)
    }
    let labels: [String]
    if let count = json["channels"]?.integerValue, (1...65_536).contains(count) {
      labels = (1...count).map { "ch\($0)" }
    } else if let names = json["channels"]?.arrayValue, (1...65_536).contains(names.count), names.allSatisfy({ $0.stringValue != nil }) {
      labels = names.compactMap(\.stringValue)
    } else {
      throw wrong("channels", "a number of channels 1\u{2026}65536, or a list of names")
    }
    guard let kind = json["dtype"]?.stringValue.flatMap(StoredNumber.Kind.init) else {
      throw wrong("dtype", "int16, uint16, int32, float32 or float64")
    }
    let order = json["byte_order"] ?? .string("little")
    guard let order = order.stringValue, ["little", "big"].contains(order) else { throw wrong("byte_order", "little or big") }
    let offset = json["offset"] ?? .integer(0)
    guard let offset = offset.integerValue, offset >= 0, offset <= file.byteCount else {
      throw wrong("offset", "a number of bytes 0\u{2026}\(file.byteCount), the size of the binary")
    }
    var gains: [Double]?
    if json["gains"] != nil {
      let list = json["gains"]?.arrayValue?.compactMap(\.numberValue)
      guard let list, list.count == labels.count, list.allSatisfy({ $0 != 0 && $0.isFinite }) else {
        throw wrong("gains", "a list of \(labels.count) numbers other than 0, \u{B5}V in a step")
      }
      gains = list
    } else if json["gain_uv"] != nil {
      guard let gain = json["gain_uv"]?.numberValue, gain != 0 else { throw wrong("gain_uv", "a number other than 0, \u{B5}V in a step") }
      gains = labels.map { _ in gain }
    }
    if gains == nil, options.unit == nil {
      log.note(.unit, "the description states no gain; the stored numbers are kept as they are (--input-unit says their unit)")
    }
    let unit: PhysicalUnit = gains != nil ? .microvolt : options.unit ?? .none
    let frame = kind.byteCount * labels.count
    let count = (file.byteCount - offset) / frame
    if !(file.byteCount - offset).isMultiple(of: frame) {
      log.add(.cutRecord, "the binary ends within a frame of \(frame) bytes; \(count) whole frames are read")
    }
    if count == 0 { log.add(.emptyChannel, "the binary holds no whole frame of \(frame) bytes") }
    var names = UniqueNames()
    var channels: [Channel] = []
    for (k, label) in labels.enumerated() {
      let cleaned = ChannelName.cleaned(label)
      let name = names.unique(cleaned.isEmpty ? "ch\(k + 1)" : cleaned)
      if name.isChanged {
        log.add(.label, "channel \(k + 1) has the name \(label.quotedForDisplay()) of another; it is named \(name.name)")
      }
      channels.append(
        Channel(
          index: k, name: name.name, label: label, kind: ChannelKind(label: label, unit: unit), unit: unit, sampleRate: rate,
          sampleCount: count, calibration: calibration(kind, gain: gains?[k] ?? 1)))
    }
    let number = StoredNumber(kind: kind, isBigEndian: order == "big")
    let sources = labels.indices.map { k in
      FrameLayout.Source(place: k * kind.byteCount, number: number, gain: gains?[k] ?? unit.microvoltsPerUnit ?? 1)
    }
    let runs = count > 0 ? [FrameLayout.Run(firstSample: 0, sampleCount: count, byte: offset, stride: frame)] : []
    let duration = Double(count) / rate
    var info = RecordingInfo(
      format: RecordingFormat("flat binary"), path: file.path, byteCount: file.byteCount,
      start: json["start"]?.stringValue.flatMap(RecordingDate.init(iso8601:)), duration: duration, channels: channels,
      spans: count > 0 ? [TimeSpan(start: 0, duration: duration)] : [], warnings: log.warnings, notes: log.notes)
    info.companions = [path]
    return FlatReader(info, file: file, layout: FrameLayout(frameBytes: frame, runs: runs, sources: sources))
  }

  private static func calibration(_ kind: StoredNumber.Kind, gain: Double) -> Calibration? {
    let range: ClosedRange<Int>
    switch kind {
    case .int16: range = -32_768...32_767
    case .uint16: range = 0...65_535
    case .int32: range = -2_147_483_648...2_147_483_647
    case .float32, .float64: return nil
    }
    return Calibration(
      digitalMinimum: range.lowerBound, digitalMaximum: range.upperBound, physicalMinimum: Double(range.lowerBound) * gain,
      physicalMaximum: Double(range.upperBound) * gain)
  }
}

extension Recording.Entry {
  /// A flat binary that a JSON object beside it describes.
  static let flatBinary = Self(
    name: "flat binary", recognises: { FlatDescription.find(beside: $0.path) != nil },
    open: { file, _, options throws(RecordingError) in try FlatDescription.open(file, options: options) })
}
