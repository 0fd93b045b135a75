import MinhangCore

/// Looks through a file chunk by chunk and gathers what the streams hold; samples are indexed, not kept.
///
/// Chunks are `[length of length][length][tag][stream]content`. Where one is damaged, reading goes on at the next chunk if its place is certain,
/// else behind the next boundary chunk. Everything skipped is counted.
struct XDFScan {
  var window: XDFWindow
  var log = WarningLog()
  var streams: [XDFStreamScan] = []
  /// The place of a stream's number in `streams`.
  var places: [UInt32: Int] = [:]
  /// Streams that cannot be read: their chunks are skipped without further words.
  var leftOut: Set<UInt32> = []
  /// Chunks of samples that came before the header of their stream.
  var pending: [UInt32: [(start: Int, end: Int)]] = [:]
  var pendingCount = 0
  var orphanChunks: [UInt32: Int] = [:]
  var unknownTags: [UInt16: Int] = [:]
  /// Chunks that made sense.
  var goodChunks = 0
  var hasFileHeader = false
  /// When the recorder was started, as the file header states it.
  var start: RecordingDate?
  /// Chunks that may still be read against their stated length: a file of nothing but such would take long.
  var retries = 64
  /// How far a file is searched whose beginning holds no sound chunk: the headers of its streams, without which no sample can be read, lie there.
  private static let hopelessBytes = 64 << 20
  /// Bytes of sample chunks that were read and did not end where they should.
  var vainBytes = 0
  /// Beyond it no chunk of samples is read over a boundary: else each of many damaged ones could be read to the end of the file.
  static let mostVainBytes = 64 << 20
  /// The latest search for a boundary: from `from` on the first is at `found`; where none was found, none begins before `end`.
  private var boundarySearch: (from: Int, end: Int, found: Int?)?

  init(_ file: RandomAccessFile) { window = XDFWindow(file) }

  var fileEnd: Int { window.fileEnd }

  mutating func run() throws(RecordingError) {
    var place = 4
    while place < fileEnd {
      if let next = try readChunk(at: place) {
        place = next
      } else {
        place = try resume(after: place)
      }
    }
  }

  /// The place of the first boundary chunk's content from a place on.
  ///
  /// No byte is searched twice as long as places go forward, however many chunks ask.
  mutating func boundary(from place: Int) throws(RecordingError) -> Int? {
    var (from, unsearched) = (place, place)
    if let known = boundarySearch, known.from <= place {
      if let found = known.found {
        if place <= found { return found }
      } else if known.end > place {
        (from, unsearched) = (known.from, known.end)
      }
    }
    let end = goodChunks > 0 ? fileEnd : min(fileEnd, place + Self.hopelessBytes)
    let found = unsearched < end ? try window.nextBoundary(from: unsearched, before: end) : nil
    boundarySearch = (from, max(unsearched, end - (XDFWindow.boundary.count - 1)), found)
    return found
  }

  /// Goes on behind the next boundary chunk, or to the end.
  private mutating func resume(after place: Int) throws(RecordingError) -> Int {
    if let found = try boundary(from: place) {
      let next = found + XDFWindow.boundary.count
      log.add(.chunk, "\(next - place) bytes at byte \(place) are no whole chunk; skipped to the next boundary chunk")
      return next
    }
    let end = fileEnd
    log.add(.chunk, "\(end - place) bytes at byte \(place), the end of the file, are no whole chunk; skipped")
    return end
  }

  /// The beginning of a chunk.
  struct Head {
    var tag: UInt16
    /// Behind the tag.
    var content: Int
    /// Behind the chunk; nil where the length is not possible.
    var end: Int?
  }

  /// The beginning of the chunk at a place; nil where there can be none.
  mutating func head(at place: Int) throws(RecordingError) -> Head? {
    guard fileEnd - place >= 4 else { return nil }
    try window.load(place, 1)
    let width = Int(window.byte(place))
    guard width == 1 || width == 4 || width == 8, fileEnd - place >= 1 + width + 2 else { return nil }
    try window.load(place, 3 + width)
    let tag = UInt16(window.number(place + 1 + width, bytes: 2))
    let content = place + 3 + width
    let least = Self.isOfStream(tag) ? 6 : 2
    let length = Int(exactly: window.number(place + 1, bytes: width)) ?? -1
    let end = length >= least ? (content - 2).addingReportingOverflow(length) : (0, true)
    return Head(tag: tag, content: content, end: end.1 ? nil : end.0)
  }

  static func isOfStream(_ tag: UInt16) -> Bool { tag == 2 || tag == 3 || tag == 4 || tag == 6 }

  /// Whether a whole chunk of a known kind begins at a place, or the file ends there.
  mutating func isPlausible(_ place: Int) throws(RecordingError) -> Bool {
    guard place < fileEnd else { return place == fileEnd }
    guard let head = try head(at: place), (1...6).contains(head.tag), let end = head.end else { return false }
    return end <= fileEnd
  }

  /// Reads the chunk at a place.
  ///
  /// - Returns: Where to go on; nil where that is not known.
  private mutating func readChunk(at place: Int) throws(RecordingError) -> Int? {
    guard let head = try head(at: place) else { return nil }
    let content = head.content
    guard Self.isOfStream(head.tag) else { return try readOther(head, at: place) }
    guard fileEnd - content >= 4 else { return nil }
    try window.load(content, 4)
    let id = UInt32(truncatingIfNeeded: window.number(content, bytes: 4))
    let body = content + 4
    switch head.tag {
    case 2: return try readHeader(id, at: body, end: head.end)
    case 3: return try readSampleChunk(id, chunk: place, at: body, end: head.end)
    case 4:
      guard let end = head.end, end <= fileEnd else { return nil }
      return try readClockOffset(id, at: body, end: end)
    default:
      guard let end = head.end, end <= fileEnd else { return nil }
      return try readFooter(id, at: body, end: end)
    }
  }

  private mutating func readOther(_ head: Head, at place: Int) throws(RecordingError) -> Int? {
    guard let end = head.end, end <= fileEnd else { return nil }
    let length = end - head.content
    switch head.tag {
    case 1:
      goodChunks += 1
      hasFileHeader = true
      let document = try xml(at: head.content, length: length)
      if let defect = document.defect { log.add(.streamHeader, "file header at byte \(place): \(defect)") }
      start = document.root?.text(of: "datetime").flatMap(Self.wallClock) ?? start
      if let version = document.root?.text(of: "version"), version != "1.0" {
        log.add(.formatVariant, "file header at byte \(place): field \"version\" is \(version.quotedForDisplay()); expected \"1.0\"")
      }
    case 5:
      goodChunks += 1
      let size = XDFWindow.boundary.count
      if length == size { try window.load(head.content, size) }
      if length != size || !window.slice(head.content, size).elementsEqual(XDFWindow.boundary) {
        log.add(.chunk, "boundary chunk at byte \(place) does not hold the 16 bytes of a boundary")
      }
    default:
      // Legal, but where damage is about, a boundary within it shows that the length is not to be trusted.
      unknownTags[head.tag, default: 0] += 1
      if let mark = try boundary(from: place), mark + XDFWindow.boundary.count <= end {
        log.add(.chunk, "chunk at byte \(place) is of the unknown kind \(head.tag) and holds a boundary chunk; skipped as far as that")
        return mark + XDFWindow.boundary.count
      }
    }
    return end
  }

  /// A date as recorders write it, `2021-11-25T15:13:51-0700`: the time at the place of the recording, without its zone.
  static func wallClock(_ text: String) -> RecordingDate? {
    guard let mark = text.firstIndex(of: "T") else { return nil }
    let clock = text[mark...].prefix { $0 != "Z" && $0 != "+" && $0 != "-" }
    return RecordingDate(iso8601: String(text[..<mark]) + String(clock))
  }

  /// The XML of a header.
  func xml(at start: Int, length: Int) throws(RecordingError) -> XMLDocument {
    guard length <= XMLParser.byteLimit else {
      return XMLDocument(defect: "XML text of \(length) bytes; expected at most \(XMLParser.byteLimit)")
    }
    let bytes = try window.file.bytes(at: start, count: max(0, length))
    var document = XMLParser.parse(bytes)
    if document.defect == nil && String(validating: bytes, as: UTF8.self) == nil { document.defect = "XML text is not UTF-8; repaired" }
    return document
  }
}
