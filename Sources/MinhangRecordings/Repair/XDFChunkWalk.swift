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

  /// Contents beyond this are not looked into.
  static let inspectionLimit = 64 << 20

  let file: RandomAccessFile
  /// What samples and boundaries are looked for in; it stays where it is, so that damaged places beside each other are read once.
  private var window: XDFWindow
  /// Bytes of samples that were looked at and were not sound.
  var vainBytes = 0
  /// Number of channels and bytes of a value (0 for text) of each stream, as its header says.
  private var formats: [UInt32: (channels: Int, width: Int)] = [:]

  init(file: RandomAccessFile) {
    self.file = file
    window = XDFWindow(file)
  }

  /// The whole chunk at a place; nil where the bytes are none.
  mutating func chunk(at place: Int) throws(RecordingError) -> Chunk? {
    guard let chunk = try frame(at: place), try isSound(chunk) else { return nil }
    if chunk.tag == 2, let stream = chunk.stream { formats[stream] = try format(chunk) }
    return chunk
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
      let begin = try file.bytes(at: chunk.content.lowerBound, count: min(64, chunk.content.count))
      let text = begin.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
      guard text.first == 0x3C else { return false }
      let tail = try file.bytes(at: max(chunk.content.lowerBound, chunk.content.upperBound - 64), count: min(64, chunk.content.count))
      return tail.last { ![0x20, 0x09, 0x0A, 0x0D, 0].contains($0) } == 0x3E
    case 3: return try areSamplesSound(chunk)
    case 4: return chunk.content.count == 16
    case 5:
      guard chunk.content.count == 16 else { return false }
      return try file.bytes(at: chunk.content.lowerBound, count: 16) == XDFWindow.boundary
    default:
      // A kind from the future has no content to check: what follows it must be a chunk, or the end.
      return chunk.range.upperBound == file.byteCount ? true : try frame(at: chunk.range.upperBound) != nil
    }
  }

  /// Whether the samples fill the chunk exactly.
  private mutating func areSamplesSound(_ chunk: Chunk) throws(RecordingError) -> Bool {
    let end = chunk.content.upperBound
    guard chunk.content.count >= 2 else { return false }
    guard let format = chunk.stream.flatMap({ formats[$0] }), chunk.content.count <= Self.inspectionLimit else { return true }
    // Where much was looked at in vain, a chunk that reaches over a boundary is not looked at: the time stays linear in the file.
    if vainBytes > Self.inspectionLimit, let mark = try window.nextBoundary(from: chunk.content.lowerBound, before: end), mark + 16 <= end {
      return false
    }
    guard let (count, first) = try window.lengthPrefixed(chunk.content.lowerBound, limit: end) else { return false }
    var place = first
    var isSound = false
    defer { if !isSound { vainBytes += place - first } }
    for _ in 0..<count {
      guard place < end else { return false }
      try window.load(place, 1)
      let mark = window.byte(place)
      guard mark == 0 || mark == 8 else { return false }
      place += 1 + Int(mark)
      if format.width > 0 {
        guard end - place >= format.channels * format.width else { return false }
        place += format.channels * format.width
      } else {
        for _ in 0..<format.channels {
          guard let (length, text) = try window.lengthPrefixed(place, limit: end), length <= end - text else { return false }
          place = text + length
        }
      }
    }
    isSound = place == end
    return isSound
  }

  /// What a stream's header says of its samples; nil where it cannot be read.
  private func format(_ chunk: Chunk) throws(RecordingError) -> (channels: Int, width: Int)? {
    let text = String(decoding: try file.bytes(at: chunk.content.lowerBound, count: min(chunk.content.count, 65_536)), as: UTF8.self)
    let widths = ["int8": 1, "int16": 2, "int32": 4, "int64": 8, "float32": 4, "double64": 8, "string": 0]
    guard let channels = Self.element("channel_count", of: text).flatMap(HeaderNumber.whole), (0...1_000_000).contains(channels),
      let width = Self.element("channel_format", of: text).flatMap({ widths[$0] })
    else { return nil }
    return (channels, width)
  }

  private static func element(_ name: String, of text: String) -> String? {
    guard let open = text.firstRange(of: "<\(name)>"), let close = text[open.upperBound...].firstRange(of: "</\(name)>") else { return nil }
    return String(text[open.upperBound..<close.lowerBound]).trimmingSpaces
  }

  /// The first boundary chunk that begins at or behind a place; nil where there is none.
  mutating func boundaryChunk(from place: Int) throws(RecordingError) -> Int? {
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
