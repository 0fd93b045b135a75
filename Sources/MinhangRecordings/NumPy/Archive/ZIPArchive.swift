import MinhangCore

/// The entries of a ZIP archive: stored or deflated, every place and size checked against the file.
///
/// **Source:** PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
struct ZIPArchive {
  static let magic: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let mostEntries = 4096
  /// The most bytes that entries may inflate to, one and all together: they lie in memory.
  static let largestInflated = 256 << 20

  struct Entry {
    var name: String
    var method: Int
    var check: UInt32
    var storedCount: Int
    var byteCount: Int
    var offset: Int
    /// Whether its bytes come from inflation, and lie in memory.
    var isDeflated: Bool { method == 8 }
  }

  private let file: RandomAccessFile
  private(set) var entries: [Entry] = []

  /// Reads the directory.
  init(_ file: RandomAccessFile) throws(RecordingError) {
    self.file = file
    let tail = try file.bytes(at: max(0, file.byteCount - 65_557), count: min(file.byteCount, 65_557))
    func damaged(_ message: String) -> RecordingError { RecordingError(.badData, path: file.path, message) }
    guard tail.count >= 22,
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        Self.number(tail, $0, 4) == 0x0605_4B50 && Self.number(tail, $0 + 20, 2) <= tail.count - 22 - $0
      })
    else { throw damaged("the archive has no end record; expected a whole ZIP archive (is it cut?)") }
    let (count, size, start) = (Self.number(tail, end + 10, 2), Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4))
    let endPlace = file.byteCount - tail.count + end
    guard count <= Self.mostEntries, start <= endPlace, size <= endPlace - start else {
      throw damaged("the archive's directory of \(count) entries at byte \(start) with \(size) bytes does not fit the file")
    }
    let directory = try file.bytes(at: start, count: size)
    var place = 0
    for index in 0..<count {
      guard place + 46 <= size, Self.number(directory, place, 4) == 0x0201_4B50 else {
        throw damaged("entry \(index + 1) of the archive's directory is damaged")
      }
      let lengths = [28, 30, 32].map { Self.number(directory, place + $0, 2) }
      guard place + 46 + lengths.reduce(0, +) <= size else { throw damaged("entry \(index + 1) of the archive's directory is damaged") }
      let name = String(decoding: directory[(place + 46)..<(place + 46 + lengths[0])], as: UTF8.self)
      let isEncrypted = Self.number(directory, place + 8, 2) & 1 == 1
      entries.append(
        Entry(
          name: name, method: isEncrypted ? -1 : Self.number(directory, place + 10, 2),
          check: UInt32(Self.number(directory, place + 16, 4)),
          storedCount: Self.number(directory, place + 20, 4), byteCount: Self.number(directory, place + 24, 4),
          offset: Self.number(directory, place + 42, 4)))
      place += 46 + lengths.reduce(0, +)
    }
  }

  /// Where the stored bytes of an entry begin; they lie within the file.
  private func start(of entry: Entry) throws(RecordingError) -> Int {
    guard entry.offset <= file.byteCount - 30 else { throw bad(entry, "begins at byte \(entry.offset), beyond the file") }
    let header = try file.bytes(at: entry.offset, count: 30)
    let start = entry.offset + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
    guard Self.number(header, 0, 4) == 0x0403_4B50, start <= file.byteCount, entry.storedCount <= file.byteCount - start else {
      throw bad(entry, "does not lie where the archive's directory says")
    }
    return start
  }

  private func bad(_ entry: Entry, _ message: String) -> RecordingError {
    RecordingError(.badData, path: file.path, "entry \(entry.name.quotedForDisplay()) \(message)")
  }

  /// The first bytes of an entry, not checked: to see what it is before all of it is read.
  func head(_ entry: Entry, count: Int) throws(RecordingError) -> ArraySource {
    guard entry.isDeflated else { return try source(entry, isChecked: false) }
    // What inflates to nothing takes no more room than what does not.
    let stored = try file.bytes(at: try start(of: entry), count: min(entry.storedCount, 2 * count))
    var inflation = Inflation(bytes: stored, size: min(count, entry.byteCount))
    _ = inflation.run()
    return ArraySource(inflation.output, path: file.path)
  }

  /// The bytes of an entry, checked against its checksum.
  func source(_ entry: Entry, isChecked: Bool = true) throws(RecordingError) -> ArraySource {
    let name = "entry \(entry.name.quotedForDisplay())"
    let start = try start(of: entry)
    switch entry.method {
    case 0:
      guard entry.storedCount == entry.byteCount else { throw bad(entry, "is stored with two sizes; expected one") }
      if isChecked, try check(start: start, count: entry.byteCount) != entry.check { throw bad(entry, "does not match its checksum") }
      return ArraySource(file, start: start, byteCount: entry.byteCount)
    case 8:
      guard entry.byteCount <= Self.largestInflated else {
        throw RecordingError(
          .unsupported, path: file.path,
          "\(name) inflates to \(entry.byteCount) bytes; expected at most \(Self.largestInflated), or entries that are not compressed (numpy.savez)"
        )
      }
      let stored = try file.bytes(at: start, count: entry.storedCount)
      guard let bytes = Inflation.inflated(stored, size: entry.byteCount), CyclicCheck.value(of: bytes, from: 0) == entry.check else {
        throw bad(entry, "is damaged: it does not inflate to the bytes that its checksum promises")
      }
      return ArraySource(bytes, path: file.path)
    default:
      throw RecordingError(
        .unsupported, path: file.path,
        "\(name) is \(entry.method < 0 ? "encrypted" : "packed by method \(entry.method)"); expected stored or deflated")
    }
  }

  private func check(start: Int, count: Int) throws(RecordingError) -> UInt32 {
    var check: UInt32 = 0
    var done = 0
    while done < count {
      let piece = min(1 << 20, count - done)
      check = CyclicCheck.value(of: try file.bytes(at: start + done, count: piece), from: check)
      done += piece
    }
    return check
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int {
    Int(LittleEndianBytes(bytes).unsigned(at: place, count: width))
  }
}
