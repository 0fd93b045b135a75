import MinhangCore

/// The bytes of an HDF5 file while its structure is looked up: every place is checked here, once.
///
/// Pages of the file stay in memory, so that a hundred thousand small objects cost no hundred thousand reads. What is looked at is counted: a file
/// whose parts refer to one another in circles or many times over ends at a limit that no honest file comes near.
///
/// **Source:** The HDF Group, "HDF5 File Format Specification", version 3.0.
final class HDF5Bytes {
  private static let pageShift = 14
  private static let pageSize = 1 << pageShift
  private static let mostPages = 256

  let file: RandomAccessFile
  /// Where the superblock lies: all addresses count from there.
  var base = 0
  /// Bytes of an address and of a length.
  var offsetSize = 8
  var lengthSize = 8

  private var pages: [UInt8] = []
  private var tags: [Int]
  private var stepsLeft: Int

  init(_ file: RandomAccessFile) {
    self.file = file
    // A small file needs few.
    tags = [Int](repeating: -1, count: min(Self.mostPages, file.byteCount >> Self.pageShift + 1))
    let steps = file.byteCount.multipliedReportingOverflow(by: 2)
    stepsLeft = steps.overflow ? .max / 2 : min(steps.partialValue, .max / 2) + 1_000_000
  }

  var byteCount: Int { file.byteCount }

  /// Whether the file refers to its own parts more often than it can.
  var isExhausted: Bool { stepsLeft < 0 }

  func damage(_ what: String, at place: Int, _ message: String) -> RecordingError {
    RecordingError(.badData, path: file.path, "HDF5 \(what) at byte \(place): \(message)")
  }

  func unsupported(_ what: String, at place: Int, _ message: String) -> RecordingError {
    RecordingError(.unsupported, path: file.path, "HDF5 \(what) at byte \(place): \(message)")
  }

  /// Checks that bytes exist, and counts them as looked at.
  ///
  /// - Parameter steps: What they cost.
  func check(_ place: Int, _ count: Int, _ what: String, steps: Int = 1) throws(RecordingError) {
    guard place >= 0, count >= 0, place <= byteCount - count else {
      throw damage(what, at: place, "expected \(count) bytes; the file ends at byte \(byteCount)")
    }
    stepsLeft -= steps
    if stepsLeft < 0 { throw damage(what, at: place, "the parts of the file refer to one another without end; expected each once") }
  }

  /// A little-endian whole number of 1 to 8 bytes.
  func number(at place: Int, count: Int, of what: String) throws(RecordingError) -> UInt64 {
    try check(place, count, what)
    let offset = place & (Self.pageSize - 1)
    if offset + count <= Self.pageSize {
      let start = try page(place >> Self.pageShift) + offset
      var value: UInt64 = 0
      for k in 0..<count { value |= UInt64(pages[start + k]) << UInt64(8 * k) }
      return value
    }
    var value: UInt64 = 0
    for k in 0..<count { value |= UInt64(try byte(place + k)) << UInt64(8 * k) }
    return value
  }

  func u8(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try number(at: place, count: 1, of: what)) }
  func u16(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try number(at: place, count: 2, of: what)) }
  func u32(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try number(at: place, count: 4, of: what)) }

  /// An address as a place in the file; nil where it is undefined.
  ///
  /// What lies there is not yet known to exist.
  func address(at place: Int, of what: String) throws(RecordingError) -> Int? {
    let stored = try number(at: place, count: offsetSize, of: what)
    if stored == .max >> UInt64(64 - 8 * offsetSize) { return nil }
    guard let offset = Int(exactly: stored), offset <= Int.max / 2 else {
      throw damage(what, at: place, "address is \(stored); the file has \(byteCount) bytes")
    }
    return base + offset
  }

  /// A length or a count.
  func length(at place: Int, of what: String) throws(RecordingError) -> Int {
    let stored = try number(at: place, count: lengthSize, of: what)
    guard let length = Int(exactly: stored) else { throw damage(what, at: place, "length is \(stored); the file has \(byteCount) bytes") }
    return length
  }

  /// A few bytes.
  func bytes(at place: Int, count: Int, of what: String) throws(RecordingError) -> [UInt8] {
    try check(place, count, what, steps: 1 + count)
    if count > Self.pageSize { return try file.bytes(at: place, count: count) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var next = place
    while next < place + count {
      let offset = next & (Self.pageSize - 1)
      let part = min(place + count - next, Self.pageSize - offset)
      let start = try page(next >> Self.pageShift) + offset
      bytes += pages[start..<start + part]
      next += part
    }
    return bytes
  }

  /// Whether bytes equal a text.
  func has(_ text: StaticString, at place: Int, of what: String) throws(RecordingError) -> Bool {
    let count = text.utf8CodeUnitCount
    try check(place, count, what)
    for k in 0..<count where try byte(place + k) != text.utf8Start[k] { return false }
    return true
  }

  private func byte(_ place: Int) throws(RecordingError) -> UInt8 {
    pages[try page(place >> Self.pageShift) + place & (Self.pageSize - 1)]
  }

  /// Where a page lies among those in memory.
  private func page(_ number: Int) throws(RecordingError) -> Int {
    let slot = number % tags.count
    let start = slot << Self.pageShift
    if tags[slot] == number { return start }
    if pages.isEmpty { pages = [UInt8](repeating: 0, count: tags.count << Self.pageShift) }
    let first = number << Self.pageShift
    let count = min(Self.pageSize, byteCount - first)
    tags[slot] = -1
    var failure: RecordingError?
    pages.withUnsafeMutableBytes { all in
      do throws(RecordingError) {
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: all[start..<start + count]), at: first)
      } catch { failure = error }
    }
    if let failure { throw failure }
    tags[slot] = number
    return start
  }
}
