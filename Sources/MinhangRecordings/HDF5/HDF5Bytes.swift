import MinhangCore

/// The bytes of an HDF5 file while its structure is looked up: every place is checked here, once.
///
/// Pages of the file stay in memory, so that a hundred thousand small objects cost no hundred thousand reads; what lies in the page that was looked
/// at last costs a comparison and a load. What is looked at is counted: a file whose parts refer to one another in circles or many times over ends at
/// a limit that no honest file comes near.
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

  /// Pages one after the other, and the number of the page that each slot holds; -1 for none.
  private let pages: UnsafeMutableRawPointer
  private let tags: UnsafeMutablePointer<Int>
  private let slotCount: Int
  /// The page that was looked at last: its bytes, where they lie in the file, and how many are there.
  private var window: UnsafeRawPointer
  private var windowStart = 0
  private var windowCount = 0
  private var stepsLeft: Int

  init(_ file: RandomAccessFile) {
    self.file = file
    // A small file needs few.
    slotCount = min(Self.mostPages, file.byteCount >> Self.pageShift + 1)
    pages = .allocate(byteCount: slotCount << Self.pageShift, alignment: 16)
    window = UnsafeRawPointer(pages)
    tags = .allocate(capacity: slotCount)
    tags.initialize(repeating: -1, count: slotCount)
    let steps = file.byteCount.multipliedReportingOverflow(by: 2)
    stepsLeft = steps.overflow ? .max / 2 : min(steps.partialValue, .max / 2) + 1_000_000
  }

  deinit {
    pages.deallocate()
    tags.deallocate()
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

  // MARK: - Numbers

  /// A little-endian whole number of 1 to 8 bytes.
  func number(at place: Int, count: Int, of what: String) throws(RecordingError) -> UInt64 {
    switch count {
    case 1: return UInt64(try load(UInt8.self, at: place, of: what))
    case 2: return UInt64(try load(UInt16.self, at: place, of: what))
    case 4: return UInt64(try load(UInt32.self, at: place, of: what))
    case 8: return try load(UInt64.self, at: place, of: what)
    default:
      try check(place, count, what)
      return try scattered(at: place, count: count)
    }
  }

  func u8(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try load(UInt8.self, at: place, of: what)) }
  func u16(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try load(UInt16.self, at: place, of: what)) }
  func u32(at place: Int, of what: String) throws(RecordingError) -> Int { Int(try load(UInt32.self, at: place, of: what)) }

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

  /// A number of the size of a type, which lies in the window mostly.
  @inline(__always)
  private func load<Number: FixedWidthInteger>(_: Number.Type, at place: Int, of what: String) throws(RecordingError) -> Number {
    if let start = inWindow(place, MemoryLayout<Number>.size), stepsLeft > 0 {
      stepsLeft -= 1
      return Number(littleEndian: start.loadUnaligned(as: Number.self))
    }
    return Number(truncatingIfNeeded: try numberElsewhere(at: place, count: MemoryLayout<Number>.size, of: what))
  }

  /// A number outside the window, which is moved there.
  private func numberElsewhere(at place: Int, count: Int, of what: String) throws(RecordingError) -> UInt64 {
    try check(place, count, what)
    return try scattered(at: place, count: count)
  }

  /// A number that was checked, and may lie on two pages.
  private func scattered(at place: Int, count: Int) throws(RecordingError) -> UInt64 {
    var value: UInt64 = 0
    let there = try look(at: place)
    if there.count >= count {
      for k in 0..<count { value |= UInt64(there[k]) << UInt64(8 * k) }
      return value
    }
    for k in 0..<count { value |= UInt64(try look(at: place + k)[0]) << UInt64(8 * k) }
    return value
  }

  // MARK: - Stretches

  /// A few bytes.
  func bytes(at place: Int, count: Int, of what: String) throws(RecordingError) -> [UInt8] {
    try check(place, count, what)
    try check(place, 0, what, steps: count)
    if count > Self.pageSize { return try file.bytes(at: place, count: count) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let there = try look(at: place + bytes.count)
      bytes += there.prefix(count - bytes.count)
    }
    return bytes
  }

  /// A text of at most some bytes, which a NUL may end.
  func text(at place: Int, count: Int, of what: String) throws(RecordingError) -> String {
    if let start = inWindow(place, count), stepsLeft > count {
      stepsLeft -= 1 + count
      let letters = UnsafeRawBufferPointer(start: start, count: count)
      return String(decoding: UnsafeRawBufferPointer(rebasing: letters.prefix { $0 != 0 }), as: UTF8.self)
    }
    return String(decoding: try bytes(at: place, count: count, of: what).prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Whether bytes equal a text.
  func has(_ text: StaticString, at place: Int, of what: String) throws(RecordingError) -> Bool {
    let count = text.utf8CodeUnitCount
    try check(place, count, what)
    var done = 0
    while done < count {
      let there = try look(at: place + done)
      let part = min(there.count, count - done)
      for k in 0..<part where there[k] != text.utf8Start[done + k] { return false }
      done += part
    }
    return true
  }

  // MARK: - Pages

  /// Where bytes lie in the window; nil where not all are there.
  @inline(__always)
  private func inWindow(_ place: Int, _ count: Int) -> UnsafeRawPointer? {
    // A place that cannot be is far from the window, even if the difference wraps.
    let offset = place &- windowStart
    return offset >= 0 && count >= 0 && offset <= windowCount &- count ? window + offset : nil
  }

  /// The bytes from a place that exists to the end of its page, at least one.
  ///
  /// They are valid until something else is looked at.
  private func look(at place: Int) throws(RecordingError) -> UnsafeRawBufferPointer {
    if inWindow(place, 1) == nil { try open(page: place >> Self.pageShift) }
    let offset = place - windowStart
    return UnsafeRawBufferPointer(start: window + offset, count: windowCount - offset)
  }

  /// Moves the window to a page, which is read where it is not in memory.
  private func open(page number: Int) throws(RecordingError) {
    let slot = number % slotCount
    let (start, first) = (pages + slot << Self.pageShift, number << Self.pageShift)
    let count = min(Self.pageSize, byteCount - first)
    if tags[slot] != number {
      // Nothing of it is there until all of it is.
      (tags[slot], windowCount) = (-1, 0)
      try file.read(into: UnsafeMutableRawBufferPointer(start: start, count: count), at: first)
      tags[slot] = number
    }
    (window, windowStart, windowCount) = (UnsafeRawPointer(start), first, count)
  }
}
