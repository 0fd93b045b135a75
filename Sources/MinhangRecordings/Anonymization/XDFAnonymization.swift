import MinhangCore

/// Anonymises XDF.
///
/// Samples, clock offsets and boundaries of numeric streams stay byte for byte. Headers and footers are written anew from the elements that describe
/// the samples: host name, source, session, dates, identifiers and every other text are gone. Streams of text (markers) lose their samples unless
/// annotations are kept. Unknown and damaged chunks are left out.
struct XDFAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions

  /// Largest header that is read.
  private static let headerLimit = 16 << 20

  init(file: RandomAccessFile, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
  }

  func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    var report = AnonymizationReport(format: "XDF")
    var walk = XDFChunkWalk(file: file)
    var textStreams: Set<UInt32> = []
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append("XDF:")
    var place = XDFChunkWalk.magicBytes
    while place < file.byteCount {
      guard let chunk = try walk.chunk(at: place) else {
        let next = try walk.boundaryChunk(from: place + 1) ?? file.byteCount
        report.cutBytes += next - place
        place = next
        continue
      }
      place = chunk.range.upperBound
      let isText = chunk.stream.map { textStreams.contains($0) } ?? false
      switch chunk.tag {
      case 1: try append(fileHeader(try text(chunk)), tag: 1, stream: nil, to: output)
      case 2:
        let source = try text(chunk)
        if XDFElement.text("channel_format", in: source) == "string", let stream = chunk.stream { textStreams.insert(stream) }
        try append(streamHeader(source), tag: 2, stream: chunk.stream, to: output)
      case 3 where isText && !options.keepsAnnotations:
        report.cutAnnotations += 1
      case 3, 4, 5:
        try output.append(chunk.range, of: file)
        if chunk.tag == 3 { report.sampleBytes += chunk.range.count }
      case 6: try append(footer(try text(chunk), isCut: isText && !options.keepsAnnotations), tag: 6, stream: chunk.stream, to: output)
      default: report.cutBytes += chunk.range.count
      }
    }
    for field in ["file header", "hostname", "source_id", "session_id", "created_at", "uid", "desc"] { report.clear(field) }
    if report.cutAnnotations > 0 { report.clear("markers") }
    try output.commit()
    report.files = [target.path]
    return report
  }

  private func text(_ chunk: XDFChunkWalk.Chunk) throws(RecordingError) -> String {
    guard chunk.content.count <= Self.headerLimit else {
      throw RecordingError(
        .badData, path: file.path,
        "header chunk at byte \(chunk.range.lowerBound) is \(chunk.content.count) bytes; expected at most \(Self.headerLimit)")
    }
    return String(decoding: try file.bytes(at: chunk.content.lowerBound, count: chunk.content.count), as: UTF8.self)
  }

  private func append(_ text: String, tag: UInt8, stream: UInt32?, to output: AtomicFile) throws(RecordingError) {
    var bytes: [UInt8] = [tag, 0]
    if let stream { for k in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: stream >> UInt32(8 * k))) } }
    bytes += Array(text.utf8)
    var length: [UInt8] = [4]
    for k in 0..<4 { length.append(UInt8(truncatingIfNeeded: bytes.count >> (8 * k))) }
    try output.append(length + bytes)
  }

  private static let beginning = "<?xml version=\"1.0\"?><info>"

  private func fileHeader(_ source: String) -> String {
    var date = ""
    if let days = options.shiftDays, let stated = XDFElement.text("datetime", in: source), let moved = XDFElement.moved(stated, by: days) {
      date = "<datetime>\(moved)</datetime>"
    }
    return Self.beginning + "<version>1.0</version>\(date)</info>"
  }

  private func streamHeader(_ source: String) -> String {
    // Before the description, which may hold elements of the same names.
    let own = source.firstRange(of: "<desc").map { String(source[..<$0.lowerBound]) } ?? source
    var out = Self.beginning
    for name in ["name", "type"] { out += "<\(name)>\(XDFElement.text(name, in: own) ?? "")</\(name)>" }
    for name in ["channel_count", "nominal_srate", "channel_format"] {
      if let text = XDFElement.text(name, in: own), XDFElement.isPlain(text) { out += "<\(name)>\(text)</\(name)>" }
    }
    out += "<desc>"
    let description = source.firstRange(of: "<desc>").map { source[$0.upperBound...] } ?? ""
    if let list = XDFElement.content("channels", in: description) {
      out += "<channels>"
      for channel in XDFElement.all("channel", in: list) {
        out += "<channel>"
        for name in ["label", "unit", "type"] {
          if let text = XDFElement.text(name, in: String(channel)) { out += "<\(name)>\(text)</\(name)>" }
        }
        out += "</channel>"
      }
      out += "</channels>"
    }
    if let synchronization = XDFElement.content("synchronization", in: description),
      let text = XDFElement.text("can_drop_samples", in: String(synchronization)), XDFElement.isPlain(text)
    {
      out += "<synchronization><can_drop_samples>\(text)</can_drop_samples></synchronization>"
    }
    return out + "</desc></info>"
  }

  private func footer(_ source: String, isCut: Bool) -> String {
    var out = Self.beginning
    for name in ["first_timestamp", "last_timestamp", "sample_count"] {
      guard let text = XDFElement.text(name, in: source), XDFElement.isPlain(text) else { continue }
      out += "<\(name)>\(isCut ? "0" : text)</\(name)>"
    }
    return out + "</info>"
  }
}

/// Finds elements by name in the XML of headers, without a parser: the text between two tags, escapes left as they are.
enum XDFElement {
  /// The content of the first element of a name; nil where there is none.
  static func content(_ name: String, in source: some StringProtocol) -> Substring? {
    let source = Substring(source)
    guard let open = source.firstRange(of: "<\(name)>"), let close = source[open.upperBound...].firstRange(of: "</\(name)>") else {
      return nil
    }
    return source[open.upperBound..<close.lowerBound]
  }

  /// The text of the first element of a name; nil where there is none or where it holds elements.
  static func text(_ name: String, in source: String) -> String? {
    guard let content = content(name, in: source), !content.contains("<") else { return nil }
    return String(content).trimmingSpaces
  }

  /// The contents of all elements of a name.
  static func all(_ name: String, in source: Substring) -> [Substring] {
    var rest = source
    var found: [Substring] = []
    while let content = content(name, in: rest) {
      found.append(content)
      rest = rest[content.endIndex...]
    }
    return found
  }

  /// Whether a text is a number or one word of a format, which can name nobody.
  static func isPlain(_ text: String) -> Bool {
    ["true", "false", "int8", "int16", "int32", "int64", "float32", "double64", "string"].contains(text)
      || HeaderNumber.decimal(text) != nil
  }

  /// A date as ISO 8601 states it, moved by days; nil for any other text.
  static func moved(_ text: String, by days: Int) -> String? {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false).map { HeaderNumber.whole(String($0)) }
    let rest = text.dropFirst(10)
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], days.magnitude < 1_000_000,
      rest.utf8.allSatisfy({ HeaderNumber.isDigit($0) || "T:.+-Z ".utf8.contains($0) }),
      let moved = RecordingDate(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)?.advanced(by: Double(days) * 86_400)
    else { return nil }
    return String(moved.iso8601.prefix(10)) + String(rest)
  }
}
