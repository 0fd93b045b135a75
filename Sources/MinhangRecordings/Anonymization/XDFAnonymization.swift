import MinhangCore

/// Anonymises XDF.
///
/// The file is written anew from what the reader understands. Of streams whose header can be read the chunks of samples stay byte for byte where
/// their samples fill them, and so do clock offsets and boundaries. Headers and footers are made of the fields that describe the samples: names,
/// host, source, session, dates and every other text are gone. Of streams of text those samples stay that are codes (`TriggerCode`), all where
/// annotations are kept. Every other chunk is left out and counted, wherever it lies.
struct XDFAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions

  /// A stream whose header can be read.
  private struct Stream {
    var header: XDFStreamHeader
    var document: XMLElement?
    /// The chunk of the header that counts.
    var place: Int
    /// From 1, in the order of the headers.
    var number: Int
    /// Samples of text that stay.
    var kept = 0
    /// Time of the last sample that was looked at, seconds.
    var lastStamp = 0.0
    var interval: Double { header.nominalRate.map { $0 > 0 ? 1 / $0 : 0 } ?? 0 }
  }

  private var streams: [UInt32: Stream] = [:]
  private var report = AnonymizationReport(format: "XDF")

  init(file: RandomAccessFile, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
    report.warnings = try XDFOpening(file: file).info.warnings
    // All headers first: samples may lie before the header of their stream.
    var log = WarningLog()
    var number = 0
    try Self.walk(file) { (chunk) throws(RecordingError) in
      guard let chunk, chunk.tag == 2, let id = chunk.stream, streams[id] == nil else { return }
      let document = try XDFChunkWalk.xml(chunk, of: file)
      guard let header = XDFStreamHeader(id: id, document, at: chunk.content.lowerBound, log: &log) else { return }
      number += 1
      streams[id] = Stream(header: header, document: document.root, place: chunk.range.lowerBound, number: number)
    }
  }

  /// Hands out the whole chunks in order; nil for a stretch that is none, with its bytes.
  private static func walk(
    _ file: RandomAccessFile, skipped: (Int) -> Void = { _ in }, _ body: (XDFChunkWalk.Chunk?) throws(RecordingError) -> Void
  ) throws(RecordingError) {
    var walk = XDFChunkWalk(file: file)
    var place = XDFChunkWalk.magicBytes
    while place < file.byteCount {
      if let chunk = try walk.chunk(at: place) {
        try body(chunk)
        place = chunk.range.upperBound
      } else {
        let next = try walk.resumption(after: place)
        skipped(next - place)
        place = next
      }
    }
  }

  mutating func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    try output.append("XDF:")
    var window = XDFWindow(file)
    var skipped = 0
    try Self.walk(file, skipped: { skipped += $0 }) { (chunk) throws(RecordingError) in
      guard let chunk, try copy(chunk, window: &window, to: output) else {
        report.cutBytes += chunk?.range.count ?? 0
        return
      }
    }
    report.cutBytes += skipped
    for field in ["file header", "hostname", "source_id", "session_id", "created_at", "uid", "desc"] { report.clear(field) }
    if report.cutAnnotations > 0 { report.clear("markers") }
    try output.commit()
    report.files = [target.path]
    return report
  }

  /// Writes what may stay of a chunk; false where it belongs to nothing that is understood.
  private mutating func copy(
    _ chunk: XDFChunkWalk.Chunk, window: inout XDFWindow, to output: AtomicFile
  ) throws(RecordingError) -> Bool {
    switch chunk.tag {
    case 1:
      try output.append(XDFChunkBytes.chunk(1, Array(fileHeader(try XDFChunkWalk.xml(chunk, of: file).root).utf8)))
      return true
    case 5:
      try output.append(chunk.range, of: file)
      return true
    default: break
    }
    guard let id = chunk.stream, let stream = streams[id] else { return false }
    let isCut = stream.header.format == .string && !options.keepsAnnotations
    switch chunk.tag {
    case 2:
      guard chunk.range.lowerBound == stream.place else { return false }
      try output.append(XDFChunkBytes.chunk(2, stream: id, Array(streamHeader(stream).utf8)))
    case 3 where isCut:
      guard let kept = try codes(chunk, id, window: &window) else { return false }
      if !kept.isEmpty { try output.append(XDFChunkBytes.chunk(3, stream: id, kept)) }
    case 3:
      guard try XDFChunkWalk.samples(of: chunk, stream.header, window: &window).isFilled else { return false }
      try output.append(chunk.range, of: file)
      report.sampleBytes += chunk.range.count
    case 4:
      // Numbers that are no times could be anything.
      try window.load(chunk.content.lowerBound, 16)
      guard [0, 8].allSatisfy({ abs(window.double(chunk.content.lowerBound + $0)) <= XDFTimes.largest }) else { return false }
      try output.append(chunk.range, of: file)
    case 6:
      let text = footer(try XDFChunkWalk.xml(chunk, of: file).root, sampleCount: isCut ? stream.kept : nil)
      try output.append(XDFChunkBytes.chunk(6, stream: id, Array(text.utf8)))
    default: return false
    }
    return true
  }

  // MARK: - Samples

  /// The content of a chunk of text with the samples only that are codes, each with its time; empty where none is.
  ///
  /// - Returns: nil where the chunk is none that can be read.
  private mutating func codes(
    _ chunk: XDFChunkWalk.Chunk, _ id: UInt32, window: inout XDFWindow
  ) throws(RecordingError) -> [UInt8]? {
    guard var stream = streams[id], try XDFChunkWalk.samples(of: chunk, stream.header, window: &window).isFilled else { return nil }
    let end = chunk.content.upperBound
    guard let (count, first) = try window.lengthPrefixed(chunk.content.lowerBound, limit: end) else { return nil }
    var place = first
    var kept: UInt32 = 0
    var samples: [UInt8] = []
    for _ in 0..<count {
      try window.load(place, 1)
      var stamp = stream.lastStamp + stream.interval
      if window.byte(place) == 8 {
        try window.load(place + 1, 8)
        let stated = window.double(place + 1)
        if abs(stated) <= XDFTimes.largest { stamp = stated }
        place += 8
      }
      place += 1
      stream.lastStamp = stamp
      var sample: [UInt8] = [8] + XDFChunkBytes.little(stamp)
      var isCode = true
      for _ in 0..<stream.header.channelCount {
        guard let (length, text) = try window.lengthPrefixed(place, limit: end) else { return nil }
        place = text + length
        guard isCode, length <= 32 else {
          isCode = false
          continue
        }
        try window.load(text, length)
        let bytes = window.slice(text, length)
        isCode = TriggerCode.isCode(String(decoding: bytes, as: UTF8.self))
        sample += [1, UInt8(length)] + bytes
      }
      if isCode {
        kept += 1
        samples += sample
      } else {
        report.cutAnnotations += 1
      }
    }
    stream.kept += Int(kept)
    streams[id] = stream
    return kept == 0 ? [] : [4] + XDFChunkBytes.little(kept) + samples
  }

  // MARK: - Headers

  private static let beginning = "<?xml version=\"1.0\"?><info>"

  private func fileHeader(_ info: XMLElement?) -> String {
    var date = ""
    if let days = options.shiftDays, let stated = info?.text(of: "datetime"), let moved = Self.moved(stated, by: days) {
      date = XDFChunkBytes.element("datetime", moved)
    }
    return Self.beginning + "<version>1.0</version>\(date)</info>"
  }

  private mutating func streamHeader(_ stream: Stream) -> String {
    func element(_ name: String, _ text: String) -> String { XDFChunkBytes.element(name, text) }
    func number(_ value: Double) -> String { Int(exactly: value).map { String($0) } ?? "\(value)" }
    let header = stream.header
    let type = TechnicalText.isType(header.type) ? header.type : ""
    if type != header.type { report.clear("type") }
    // Two streams may have channels of the same name: each needs a name of its own.
    let isNameKept = TechnicalText.isStreamName(header.name)
    if !isNameKept { report.clear("name") }
    var out = Self.beginning + element("name", isNameKept ? header.name : "\(type.isEmpty ? "Stream" : type)-\(stream.number)")
    out += element("type", type) + element("channel_count", String(header.channelCount))
    if let rate = header.nominalRate { out += element("nominal_srate", number(rate)) }
    out += element("channel_format", header.format.rawValue) + "<desc>"
    let described = stream.document?["desc"]?["channels"]?.all("channel") ?? []
    if !described.isEmpty { out += "<channels>" }
    for (text, source) in zip(header.channels, described).prefix(header.channelCount) {
      out += "<channel>" + element("label", text.label)
      if !TechnicalText.isUnit(text.unit) { report.clear("unit") }
      if !text.unit.isEmpty { out += element("unit", TechnicalText.isUnit(text.unit) ? text.unit : "unknown") }
      if !TechnicalText.isType(text.type) { report.clear("channel type") }
      if !text.type.isEmpty { out += element("type", TechnicalText.isType(text.type) ? text.type : "unknown") }
      if text.position != nil, let location = source["location"] {
        out += "<location>"
        for name in ["X", "Y", "Z"] {
          if let value = location.text(of: name).flatMap(HeaderNumber.decimal)?.value { out += element(name, number(value)) }
        }
        out += "</location>"
      }
      out += "</channel>"
    }
    if !described.isEmpty { out += "</channels>" }
    if header.canDropSamples { out += "<synchronization><can_drop_samples>true</can_drop_samples></synchronization>" }
    return out + "</desc></info>"
  }

  /// The end of a stream with the one number that the reader takes.
  ///
  /// - Parameter sampleCount: What is left of a stream of text; nil where the footer's own number holds.
  private func footer(_ info: XMLElement?, sampleCount: Int?) -> String {
    let stated = info?.text(of: "sample_count").flatMap(HeaderNumber.decimal).flatMap { Int(exactly: $0.value) }
    guard let stated, stated >= 0 else { return Self.beginning + "</info>" }
    return Self.beginning + XDFChunkBytes.element("sample_count", String(sampleCount ?? stated)) + "</info>"
  }

  /// A date as ISO 8601 states it, moved by days; nil for any other text.
  private static func moved(_ text: String, by days: Int) -> String? {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false).map { HeaderNumber.whole(String($0)) }
    let rest = text.dropFirst(10)
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], days.magnitude < 1_000_000,
      rest.utf8.count <= 32, rest.utf8.allSatisfy({ HeaderNumber.isDigit($0) || "T:.+-Z ".utf8.contains($0) }),
      let moved = RecordingDate(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)?.advanced(by: Double(days) * 86_400)
    else { return nil }
    return String(moved.iso8601.prefix(10)) + String(rest)
  }
}
