import MinhangCore

/// The messages of an object header: what a group or a data set says about itself.
///
/// **Source:** HDF5 File Format Specification, section IV.A.1 (versions 1 and 2, continuation blocks).
struct HDF5ObjectHeader {
  /// Kinds of messages that are read.
  enum Kind {
    static let dataspace = 0x01
    static let linkInformation = 0x02
    static let datatype = 0x03
    static let oldFillValue = 0x04
    static let fillValue = 0x05
    static let link = 0x06
    static let externalFiles = 0x07
    static let layout = 0x08
    static let filters = 0x0B
    static let attribute = 0x0C
    static let continuation = 0x10
    static let symbolTable = 0x11
    static let attributeInformation = 0x15
  }

  struct Message {
    private let start: Int
    private let count: UInt16
    private let storedKind: UInt16
    private let flags: UInt8

    /// - Parameters: Numbers of 16 bits, and of 8 the flags; their data lie within the file.
    fileprivate init(kind: Int, flags: Int, start: Int, count: Int) {
      self.start = start
      self.count = UInt16(truncatingIfNeeded: count)
      storedKind = UInt16(truncatingIfNeeded: kind)
      self.flags = UInt8(truncatingIfNeeded: flags)
    }

    var kind: Int { Int(storedKind) }
    /// Within the file: checked.
    var data: Range<Int> { start..<start + Int(count) }
    /// Whether the data say where the message is, instead of being it.
    var isShared: Bool { flags & 2 != 0 }
  }

  private static let mostBlocks = 1024
  private static let mostMessages = 65_536

  /// Where the header lies.
  private(set) var place = 0
  private(set) var messages: [Message] = []
  private var blocks: [Range<Int>] = []

  /// A header that says nothing yet.
  init() {}

  init(_ file: HDF5File, at place: Int) throws(RecordingError) { try read(file, at: place) }

  /// Reads another header into the memory of this one: a file has hundreds of thousands of them.
  ///
  /// Where it throws, the messages before the damage are left.
  mutating func read(_ file: HDF5File, at place: Int) throws(RecordingError) {
    self.place = place
    messages.removeAll(keepingCapacity: true)
    blocks.removeAll(keepingCapacity: true)
    if try file.bytes.number(at: place, count: 4, of: "object header") == 0x5244_484F {
      try readVersion2(file)
    } else {
      try readVersion1(file)
    }
  }

  /// The first message of a kind.
  func first(_ kind: Int) -> Message? {
    for message in messages where message.kind == kind { return message }
    return nil
  }

  private mutating func readVersion1(_ file: HDF5File) throws(RecordingError) {
    let bytes = file.bytes
    let version = try bytes.u8(at: place, of: "object header")
    guard version == 1 else { throw bytes.damage("object header", at: place, "version is \(version); expected 1, or \"OHDR\"") }
    let stated = try bytes.u16(at: place + 2, of: "object header")
    let size = try bytes.u32(at: place + 8, of: "object header")
    try add(place + 16, size, bytes)
    var next = 0
    while next < blocks.count {
      let block = blocks[next]
      next += 1
      var start = block.lowerBound
      while block.upperBound - start >= 8, messages.count < stated {
        let head = try bytes.number(at: start, count: 8, of: "message")
        let (kind, count, flags) = (Int(head & 0xFFFF), Int(head >> 16 & 0xFFFF), Int(head >> 32 & 0xFF))
        try take(kind: kind, flags: flags, start: start + 8, count: count, end: block.upperBound, bytes)
        start += 8 + count
      }
    }
    if messages.count < stated {
      file.complain("HDF5 object header at byte \(place): \(messages.count) messages are there; it states \(stated)")
    }
  }

  private mutating func readVersion2(_ file: HDF5File) throws(RecordingError) {
    let bytes = file.bytes
    let version = try bytes.u8(at: place + 4, of: "object header")
    guard version == 2 else { throw bytes.damage("object header", at: place, "version is \(version); expected 2") }
    let flags = try bytes.u8(at: place + 5, of: "object header")
    let sizePlace = place + 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    let width = 1 << (flags & 3)
    let size = try bytes.number(at: sizePlace, count: width, of: "object header")
    guard let count = Int(exactly: size) else {
      throw bytes.damage("object header", at: place, "size is \(size); expected one that can be")
    }
    try add(sizePlace + width, count, bytes)
    try checkSum(file, from: place, to: blocks[0].upperBound)
    let headSize = flags & 4 != 0 ? 6 : 4
    var next = 0
    while next < blocks.count {
      var block = blocks[next]
      if next > 0 {
        guard block.count >= 8, try bytes.has("OCHK", at: block.lowerBound, of: "continuation") else {
          throw bytes.damage("continuation", at: block.lowerBound, "no \"OCHK\" is there; expected the rest of an object header")
        }
        try checkSum(file, from: block.lowerBound, to: block.upperBound - 4)
        block = block.lowerBound + 4..<block.upperBound - 4
      }
      next += 1
      var start = block.lowerBound
      while block.upperBound - start >= headSize {
        let head = try bytes.number(at: start, count: 4, of: "message")
        let (kind, count, flags) = (Int(head & 0xFF), Int(head >> 8 & 0xFFFF), Int(head >> 24))
        try take(kind: kind, flags: flags, start: start + headSize, count: count, end: block.upperBound, bytes)
        start += headSize + count
      }
    }
  }

  private mutating func take(
    kind: Int, flags: Int, start: Int, count: Int, end: Int, _ bytes: HDF5Bytes
  ) throws(RecordingError) {
    guard count <= end - start else {
      throw bytes.damage(
        "message", at: start, "size is \(count); expected at most the \(max(0, end - start)) bytes that are left of its header")
    }
    guard messages.count < Self.mostMessages else {
      throw bytes.damage("object header", at: place, "more than \(Self.mostMessages) messages")
    }
    messages.append(Message(kind: kind, flags: flags, start: start, count: count))
    guard kind == Kind.continuation else { return }
    guard count >= bytes.offsetSize + bytes.lengthSize, let address = try bytes.address(at: start, of: "continuation") else {
      throw bytes.damage("continuation", at: start, "\(count) bytes without an address; expected the place of more messages")
    }
    try add(address, try bytes.length(at: start + bytes.offsetSize, of: "continuation"), bytes)
  }

  /// Goes on with a block of messages; one that was read before would go on for ever.
  private mutating func add(_ start: Int, _ count: Int, _ bytes: HDF5Bytes) throws(RecordingError) {
    try bytes.check(start, count, "block of messages")
    guard blocks.count < Self.mostBlocks, !blocks.contains(where: { $0.lowerBound == start }) else {
      throw bytes.damage("block of messages", at: start, "it is met again in the object header at byte \(place); expected each once")
    }
    blocks.append(start..<start + count)
  }

  private func checkSum(_ file: HDF5File, from start: Int, to end: Int) throws(RecordingError) {
    let body = try file.bytes.bytes(at: start, count: end - start, of: "object header")
    if try file.bytes.u32(at: end, of: "object header") != Int(HDF5CheckSum.lookup(body)) {
      file.complain("HDF5 object header at byte \(place): check sum contradicts its bytes")
    }
  }
}
