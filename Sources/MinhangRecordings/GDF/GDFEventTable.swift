import MinhangCore

/// The event table behind the data of a GDF file.
///
/// A byte of mode; then (version 1) the rate in 24 bits and the count in 32, or (version 2) the count in 24 and the rate as a 32-bit float;
/// then all positions, all types; in modes 3 and 7 all channels and all durations; in modes 5 and 7 all time stamps.
struct GDFEventTable {
  static let headerBytes = 8
  /// Events that are read at most.
  static let limit = 4_000_000

  var byte: Int
  var mode: Int
  /// The count that is stated.
  var stated: Int
  /// Hz; 0 where the table leaves it to the signals.
  var rate: Double
  /// Bytes behind the head of the table.
  var rest: Int

  /// Reads the head of a table; nil where fewer than eight bytes are left.
  init?(file: RandomAccessFile, at byte: Int, isOld: Bool) throws(RecordingError) {
    guard byte >= 0, file.byteCount - byte >= Self.headerBytes else { return nil }
    let head = LittleEndianBytes(try file.bytes(at: byte, count: Self.headerBytes))
    self.byte = byte
    mode = head.byte(0)
    stated = isOld ? head.u32(4) : head.u24(1)
    rate = isOld ? Double(head.u24(1)) : head.f32(4)
    rest = file.byteCount - byte - Self.headerBytes
  }

  var hasKnownMode: Bool { [1, 3, 5, 7].contains(mode) }
  /// Bytes of an event as the mode has it.
  var entryBytes: Int { 6 + (mode & 2 != 0 ? 6 : 0) + (mode & 4 != 0 ? 8 : 0) }
  /// Whether the table is one and ends where the file does.
  var isExact: Bool { hasKnownMode && stated * entryBytes == rest }
  /// Whether it is so good that the place of a table may be judged by it.
  var isConvincing: Bool { isExact && stated > 0 && rate.isFinite && rate >= 0 }

  /// One event as it is stored.
  struct Entry {
    var position: Int
    var type: Int
    var channel: Int
    var duration: Int?
  }

  /// Reads the events; what does not fit is told.
  func entries(file: RandomAccessFile, log: inout WarningLog) throws(RecordingError) -> [Entry] {
    var count = stated
    var hasChannels = mode & 2 != 0
    if !isExact {
      let sizes = [entryBytes, 12, 6, 20, 14]
      if let size = sizes.first(where: { count * $0 == rest && count > 0 }) {
        hasChannels = size == 12 || size == 20
        log.add(
          .annotation, "event table at byte \(byte) has the mode \(mode); read as its length of \(rest) bytes for \(count) events shows")
      } else if !hasKnownMode {
        log.add(.annotation, "event table at byte \(byte) has the mode \(mode); expected 1, 3, 5 or 7; its events are not read")
        return []
      } else if count * entryBytes < rest {
        log.add(.annotation, "event table at byte \(byte) of \(count) events is followed by \(rest - count * entryBytes) bytes")
      } else if rest % entryBytes == 0 {
        log.add(.annotation, "event table at byte \(byte) states \(count) events, the file holds \(rest / entryBytes), which are read")
        count = rest / entryBytes
      } else if rest >= 6 * count {
        log.add(.annotation, "event table at byte \(byte) is cut: channels and durations of its \(count) events are lost")
        hasChannels = false
      } else {
        log.add(.annotation, "event table at byte \(byte) is cut after \(rest) bytes of \(count) events, which are lost")
        return []
      }
    }
    let kept = min(count, Self.limit)
    if kept < count { log.add(.annotationLimit, "event table holds \(count) events; the first \(kept) are read") }
    let first = byte + Self.headerBytes
    let positions = LittleEndianBytes(try file.bytes(at: first, count: 4 * kept))
    let types = LittleEndianBytes(try file.bytes(at: first + 4 * count, count: 2 * kept))
    let channels = hasChannels ? LittleEndianBytes(try file.bytes(at: first + 6 * count, count: 2 * kept)) : nil
    let durations = hasChannels ? LittleEndianBytes(try file.bytes(at: first + 8 * count, count: 4 * kept)) : nil
    return (0..<kept).map { i in
      Entry(position: positions.u32(4 * i), type: types.u16(2 * i), channel: channels?.u16(2 * i) ?? 0, duration: durations?.u32(4 * i))
    }
  }
}
