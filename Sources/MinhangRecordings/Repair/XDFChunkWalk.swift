import MinhangCore

/// Walks over the chunks of an XDF file, whole ones only, and finds its way again behind damage.
///
/// **Source:** XDF 1.0, the chunk layer: `[NumLengthBytes][Length][Tag][StreamId, tags 2, 3, 4, 6][content]`; boundary chunks every ten seconds.
struct XDFChunkWalk {
  /// A whole chunk.
  struct Chunk: Hashable {
    /// Its bytes in the file, from the length on.
    var range: Range<Int>
    var tag: Int
    /// Stream that it belongs to, where its kind has one.
    var stream: UInt32?
    /// Its content, behind tag and stream.
    var content: Range<Int>
  }

  static let magicBytes = 4
  private static let knownTags = 1...6

  /// Contents beyond this are not looked into.
  static let inspectionLimit = 64 << 20

  let file: RandomAccessFile
  /// What samples and boundaries are looked for in; it stays where it is, so that damaged places beside each other are read once.
  private var window: XDFWindow
  /// Bytes of samples that were looked at and were not sound.
  var vainBytes = 0
  /// The headers that the reader takes: of each stream the first that can be read.
  private var headers: [UInt32: XDFStreamHeader] = [:]

  init(file: RandomAccessFile) {
    self.file = file
    window = XDFWindow(file)
  }

  /// The whole chunk at a place; nil where the bytes are none.
  mutating func chunk(at place: Int) throws(RecordingError) -> Chunk? {
    guard let chunk = try frame(at: place), try isSound(chunk) else { return nil }
    return chunk
  }

  /// Where chunks go on behind a place at which there is no whole one, as the reader does: where its length leads to another chunk or to the end of
  /// the file it alone is left out, else everything to the next boundary.
  mutating func resumption(after place: Int) throws(RecordingError) -> Int {
    if let chunk = try frame(at: place), Self.knownTags.contains(chunk.tag), try isFollowed(chunk) { return chunk.range.upperBound }
    return try boundaryChunk(from: place + 1) ?? file.byteCount
  }

  /// Whether the file ends behind a chunk, or one of a known kind begins there.
  private func isFollowed(_ chunk: Chunk) throws(RecordingError) -> Bool {
    if chunk.range.upperBound == file.byteCount { return true }
    guard let next = try frame(at: chunk.range.upperBound) else { return false }
    return Self.knownTags.contains(next.tag)
  }

  /// The XML of a chunk; no root where it is longer than what the reader looks at.
  static func xml(_ chunk: Chunk, of file: RandomAccessFile) throws(RecordingError) -> XMLDocument {
    guard chunk.content.count <= XMLParser.byteLimit else { return XMLDocument() }
    return XMLParser.parse(try file.bytes(at: chunk.content.lowerBound, count: chunk.content.count))
  }

  /// The frame of a chunk: lengths and tag only.
  private func frame(at place: Int) throws(RecordingError) -> Chunk? {
    let head = try file.bytes(at: place, count: min(15, file.byteCount - place))
    guard let width = head.first.map(Int.init), [1, 4, 8].contains(width), head.count >= 1 + width + 2 else { return nil }
    var length: UInt64 = 0
    for k in 0..<width { length |= UInt64(head[1 + k]) << UInt64(8 * k) }
    let start = place + 1 + width
    guard let count = Int(exactly: length), count >= 2, count <= file.byteCount - start else { return nil }
    let tag = Int(head[1 + width]) | Int(head[2 + width]) << 8
    let end = start + count
    guard [2, 3, 4, 6].contains(tag) else { return Chunk(range: place..<end, tag: tag, content: (start + 2)..<end) }
    guard count >= 6, head.count >= 1 + width + 6 else { return nil }
    var stream: UInt32 = 0
    for k in 0..<4 { stream |= UInt32(head[3 + width + k]) << UInt32(8 * k) }
    return Chunk(range: place..<end, tag: tag, stream: stream, content: (start + 6)..<end)
  }

  /// Whether the content is what the tag promises.
  private mutating func isSound(_ chunk: Chunk) throws(RecordingError) -> Bool {
    switch chunk.tag {
    case 1, 2, 6:
      // What surrounds the element is of no matter, as to the reader. One that is not closed may have been cut by a wrong length.
      let document = try Self.xml(chunk, of: file)
      guard document.root != nil else { return false }
      if document.byteCount == nil { guard try isFollowed(chunk) else { return false } }
      if chunk.tag == 2, let id = chunk.stream, headers[id] == nil {
        var log = WarningLog()
        headers[id] = XDFStreamHeader(id: id, document, at: chunk.content.lowerBound, log: &log)
      }
      return true
    case 3: return try areSamplesSound(chunk)
    case 4: return chunk.content.count == 16
    case 5:
      guard chunk.content.count == 16 else { return false }
      return try file.bytes(at: chunk.content.lowerBound, count: 16) == XDFWindow.boundary
    default:
      // A kind from the future has no content to check: no boundary may lie in it, and what follows it must be a chunk, or the end.
      guard try window.nextBoundary(from: chunk.content.lowerBound, before: chunk.content.upperBound) == nil else { return false }
      return chunk.range.upperBound == file.byteCount ? true : try frame(at: chunk.range.upperBound) != nil
    }
  }

  /// Whether the samples fill the chunk exactly.
  private mutating func areSamplesSound(_ chunk: Chunk) throws(RecordingError) -> Bool {
    let end = chunk.content.upperBound
    guard chunk.content.count >= 2 else { return false }
    guard let header = chunk.stream.flatMap({ headers[$0] }), chunk.content.count <= Self.inspectionLimit else { return true }
    // Where much was looked at in vain, a chunk that reaches over a boundary is not looked at: the time stays linear in the file.
    if vainBytes > Self.inspectionLimit, let mark = try window.nextBoundary(from: chunk.content.lowerBound, before: end), mark + 16 <= end {
      return false
    }
    let (isFilled, lookedAt) = try Self.samples(of: chunk, header, window: &window)
    if !isFilled { vainBytes += lookedAt }
    return isFilled
  }

  /// Looks through the samples that a chunk states.
  ///
  /// - Returns: Whether they fill it to its last byte, so that nothing else can be in it, and how many of its bytes were looked at.
  static func samples(
    of chunk: Chunk, _ header: XDFStreamHeader, window: inout XDFWindow
  ) throws(RecordingError) -> (isFilled: Bool, lookedAt: Int) {
    let end = chunk.content.upperBound
    guard let (count, first) = try window.lengthPrefixed(chunk.content.lowerBound, limit: end) else { return (false, 0) }
    let bytes = header.channelCount * header.format.byteCount
    var place = first
    for _ in 0..<count {
      guard place < end else { return (false, place - first) }
      try window.load(place, 1)
      let mark = Int(window.byte(place))
      guard mark == 0 || mark == 8, bytes <= end - place - 1 - mark else { return (false, place - first) }
      place += 1 + mark + bytes
      guard header.format == .string else { continue }
      for _ in 0..<header.channelCount {
        guard let (length, text) = try window.lengthPrefixed(place, limit: end), length <= end - text else { return (false, place - first) }
        place = text + length
      }
    }
    return (place == end, place - first)
  }

  /// The first boundary chunk that begins at or behind a place; nil where there is none.
  private mutating func boundaryChunk(from place: Int) throws(RecordingError) -> Int? {
    var next = place
    while let found = try window.nextBoundary(from: next, before: file.byteCount) {
      for width in [1, 4, 8] where found - 3 - width >= place {
        let start = found - 3 - width
        if let chunk = try frame(at: start), chunk.tag == 5, chunk.content == found..<(found + 16) { return start }
      }
      next = found + 1
    }
    return nil
  }
}
