import MinhangCore

// Goals: the plainest container there is, which `unzip -l` and NumPy open: a ZIP whose entries are stored, not compressed. Written the same
// for the same content (no times, no names of machines); read with every offset, size and checksum checked.
// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).

/// A ZIP archive of entries that are stored as they are.
struct StoredArchive: Hashable {
  struct Entry: Hashable {
    let name: String
    let content: [UInt8]
  }

  var entries: [Entry] = []

  /// The most bytes that an archive may have.
  static let largestSize = 256 << 20
  private static let mostEntries = 4096

  init() {}

  /// The archive as bytes.
  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let offset = file.count
      // Version 2.0; flag 11: names in UTF-8; method 0: stored; the earliest date a ZIP can hold, 1980-01-01 00:00.
      var common: [UInt8] = []
      for (number, width) in [(20, 2), (0x0800, 2), (0, 2), (0, 2), (0x0021, 2)] { common.append(littleEndian: number, width: width) }
      common.append(littleEndian: CyclicRedundancyCheck.value(of: entry.content), width: 4)
      for number in [entry.content.count, entry.content.count] { common.append(littleEndian: number, width: 4) }
      for number in [name.count, 0] { common.append(littleEndian: number, width: 2) }
      file.append(littleEndian: 0x0403_4B50, width: 4)
      file += common + name + entry.content
      directory.append(littleEndian: 0x0201_4B50, width: 4)
      directory.append(littleEndian: 0x0314, width: 2)  // made by version 2.0 on Unix, so that the mode below counts
      directory += common
      for number in [0, 0, 0] { directory.append(littleEndian: number, width: 2) }  // no comment, disk 0, no internal attributes
      directory.append(littleEndian: 0o100644 << 16, width: 4)
      directory.append(littleEndian: offset, width: 4)
      directory += name
    }
    let start = file.count
    file += directory
    file.append(littleEndian: 0x0605_4B50, width: 4)
    for number in [0, 0, entries.count, entries.count] { file.append(littleEndian: number, width: 2) }
    for number in [directory.count, start] { file.append(littleEndian: number, width: 4) }
    file.append(littleEndian: 0, width: 2)
    return file
  }

  /// Reads an archive.
  ///
  /// - Throws: `DecodingError` `.invalidModel` where anything is not as it should be: the message names the entry.
  init(bytes: [UInt8]) throws(DecodingError) {
    let reader = ByteReader(bytes: bytes)
    let end = try Self.endRecord(reader)
    guard let count = reader.number(at: end + 10, width: 2), let size = reader.number(at: end + 12, width: 4),
      let start = reader.number(at: end + 16, width: 4), count <= Self.mostEntries, start <= end, size == end - start
    else { throw Self.damaged("its end record does not fit the file") }
    var place = start
    var seen: Set<String> = []
    for index in 0..<count {
      guard let entry = Self.entry(reader, at: &place, limit: end) else {
        throw Self.damaged("entry \(index + 1) of its directory is damaged")
      }
      guard seen.insert(entry.name).inserted else { throw Self.damaged("entry \(entry.name.quotedForDisplay()) comes twice") }
      entries.append(Entry(name: entry.name, content: try Self.content(reader, of: entry)))
    }
    guard place == end else { throw Self.damaged("its directory is longer than its entries") }
  }

  /// The content of a name.
  subscript(name: String) -> [UInt8]? { entries.first { $0.name == name }?.content }

  private static func damaged(_ problem: String) -> DecodingError {
    DecodingError(.invalidModel, "the file is no whole model: \(problem)")
  }

  /// Place of the end record.
  ///
  /// We write no comment, so it is the last 22 bytes; a comment added later is stepped over.
  private static func endRecord(_ reader: ByteReader) throws(DecodingError) -> Int {
    guard reader.number(at: 0, width: 4) == 0x0403_4B50 else {
      throw DecodingError(.invalidModel, "the file is no model: it does not begin as a ZIP archive does")
    }
    let last = reader.bytes.count - 22
    for place in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where reader.number(at: place, width: 4) == 0x0605_4B50 && reader.number(at: place + 20, width: 2) == last - place {
      return place
    }
    throw damaged("it has no end record (cut short?)")
  }

  private struct DirectoryEntry {
    let name: String
    let offset: Int
    let size: Int
    let check: Int
    let isStored: Bool
  }

  private static func entry(_ reader: ByteReader, at place: inout Int, limit: Int) -> DirectoryEntry? {
    guard reader.number(at: place, width: 4) == 0x0201_4B50, place + 46 <= limit,
      let flags = reader.number(at: place + 8, width: 2), let method = reader.number(at: place + 10, width: 2),
      let check = reader.number(at: place + 16, width: 4), let stored = reader.number(at: place + 20, width: 4),
      let size = reader.number(at: place + 24, width: 4), let nameLength = reader.number(at: place + 28, width: 2),
      let extra = reader.number(at: place + 30, width: 2), let comment = reader.number(at: place + 32, width: 2),
      let offset = reader.number(at: place + 42, width: 4), place + 46 + nameLength + extra + comment <= limit,
      let name = reader.slice(at: place + 46, count: nameLength), let text = String(validating: name, as: UTF8.self)
    else { return nil }
    place += 46 + nameLength + extra + comment
    return DirectoryEntry(name: text, offset: offset, size: size, check: check, isStored: method == 0 && flags & 1 == 0 && stored == size)
  }

  private static func content(_ reader: ByteReader, of entry: DirectoryEntry) throws(DecodingError) -> [UInt8] {
    let name = entry.name.quotedForDisplay()
    guard entry.isStored else { throw damaged("entry \(name) is compressed or encrypted; expected stored entries") }
    guard reader.number(at: entry.offset, width: 4) == 0x0403_4B50, let nameLength = reader.number(at: entry.offset + 26, width: 2),
      let extra = reader.number(at: entry.offset + 28, width: 2), let own = reader.slice(at: entry.offset + 30, count: nameLength),
      own.elementsEqual(entry.name.utf8), let content = reader.slice(at: entry.offset + 30 + nameLength + extra, count: entry.size)
    else { throw damaged("entry \(name) does not lie where the directory says") }
    guard Int(CyclicRedundancyCheck.value(of: content)) == entry.check else { throw damaged("entry \(name) does not match its checksum") }
    return Array(content)
  }
}

/// The 32-bit cyclic redundancy check of ZIP (polynomial 0xEDB88320, reflected).
enum CyclicRedundancyCheck {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The check of bytes.
  static func value(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { (value, byte) in (value >> 8) ^ table[Int((value ^ UInt32(byte)) & 0xFF)] }
  }
}
