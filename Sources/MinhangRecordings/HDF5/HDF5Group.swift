import MinhangCore

/// The links of a group: names, and where the objects lie.
///
/// **Source:** HDF5 File Format Specification, sections III.A.1 (B-trees of version 1), III.B (symbol table nodes), III.D (local heaps),
/// IV.A.2.c and IV.A.2.g (link information, links).
struct HDF5Group {
  private static let mostLinks = 4_000_000
  private static let deepest = 32
  private static let longestName = 4096

  /// Names and places of object headers, as the group orders them.
  private(set) var links: [(name: String, place: Int)] = []
  private var visited: Set<Int> = []

  /// Reads the links of the group that a header describes; nil where it describes no group.
  ///
  /// - Parameter isWanted: Which links are kept; a name is damaged or foreign until it is asked for.
  init?(_ header: HDF5ObjectHeader, of file: HDF5File) throws(RecordingError) {
    let bytes = file.bytes
    if let message = header.first(HDF5ObjectHeader.Kind.symbolTable) {
      guard message.data.count >= 2 * bytes.offsetSize,
        let tree = try bytes.address(at: message.data.lowerBound, of: "symbol table"),
        let heap = try bytes.address(at: message.data.lowerBound + bytes.offsetSize, of: "symbol table")
      else { throw bytes.damage("symbol table", at: message.data.lowerBound, "it names no B-tree and heap; expected two addresses") }
      let names = try Self.heap(at: heap, bytes)
      try readTree(at: tree, level: nil, names: names, file)
      return
    }
    let information = header.first(HDF5ObjectHeader.Kind.linkInformation)
    guard information != nil || header.first(HDF5ObjectHeader.Kind.link) != nil else { return nil }
    for message in header.messages where message.kind == HDF5ObjectHeader.Kind.link {
      if let link = try Self.link(message.data, file) { links.append(link) }
    }
    if let information {
      let start = information.data.lowerBound
      let flags = try bytes.u8(at: start + 1, of: "link information")
      if try bytes.address(at: start + 2 + (flags & 1 != 0 ? 8 : 0), of: "link information") != nil {
        throw bytes.unsupported(
          "group", at: header.place, "its links lie in a fractal heap, which is not read; expected a file as MATLAB saves it (save -v7.3)")
      }
    }
  }

  /// Where the names of a heap lie.
  private static func heap(at place: Int, _ bytes: HDF5Bytes) throws(RecordingError) -> Range<Int> {
    guard try bytes.has("HEAP", at: place, of: "local heap") else {
      throw bytes.damage("local heap", at: place, "no \"HEAP\" is there; expected the names of a group")
    }
    let size = try bytes.length(at: place + 8, of: "local heap")
    guard let start = try bytes.address(at: place + 8 + 2 * bytes.lengthSize, of: "local heap") else {
      throw bytes.damage("local heap", at: place, "the address of its data is undefined")
    }
    guard start <= bytes.byteCount else {
      throw bytes.damage("local heap", at: place, "its data lie at byte \(start); the file ends at byte \(bytes.byteCount)")
    }
    // A heap that is cut still holds the first names.
    return start..<start + min(size, bytes.byteCount - start)
  }

  /// - Parameter level: What the node above demands; nil for the first.
  private mutating func readTree(at place: Int, level demanded: Int?, names: Range<Int>, _ file: HDF5File) throws(RecordingError) {
    let bytes = file.bytes
    guard try bytes.has("TREE", at: place, of: "B-tree") else {
      throw bytes.damage("B-tree", at: place, "no \"TREE\" is there; expected a node")
    }
    let kind = try bytes.u8(at: place + 4, of: "B-tree")
    let level = try bytes.u8(at: place + 5, of: "B-tree")
    let count = try bytes.u16(at: place + 6, of: "B-tree")
    guard kind == 0, level <= Self.deepest, demanded == nil || level == demanded else {
      throw bytes.damage("B-tree", at: place, "type and level are \(kind) and \(level); expected 0 and \(demanded ?? 0)")
    }
    guard visited.insert(place).inserted else { throw bytes.damage("B-tree", at: place, "the node is met again; expected each once") }
    let first = place + 8 + 2 * bytes.offsetSize + bytes.lengthSize
    for k in 0..<count {
      guard let child = try bytes.address(at: first + k * (bytes.offsetSize + bytes.lengthSize), of: "B-tree") else {
        throw bytes.damage("B-tree", at: place, "address \(k + 1) of \(count) is undefined")
      }
      // What is damaged below one branch leaves the others.
      do throws(RecordingError) {
        if level > 0 {
          try readTree(at: child, level: level - 1, names: names, file)
        } else {
          try readNode(at: child, names: names, file)
        }
      } catch {
        guard error.code == .badData, !bytes.isExhausted else { throw error }
        file.complain(error.message)
      }
    }
  }

  private mutating func readNode(at place: Int, names: Range<Int>, _ file: HDF5File) throws(RecordingError) {
    let bytes = file.bytes
    guard try bytes.has("SNOD", at: place, of: "symbol table node") else {
      throw bytes.damage("symbol table node", at: place, "no \"SNOD\" is there; expected links")
    }
    guard visited.insert(place).inserted else {
      throw bytes.damage("symbol table node", at: place, "the node is met again; expected each once")
    }
    let count = try bytes.u16(at: place + 6, of: "symbol table node")
    for k in 0..<count {
      let entry = place + 8 + k * (2 * bytes.offsetSize + 24)
      let offset = try bytes.number(at: entry, count: bytes.offsetSize, of: "link")
      guard let object = try bytes.address(at: entry + bytes.offsetSize, of: "link") else { continue }
      guard let start = Int(exactly: offset), start < names.count else {
        file.complain("HDF5 link at byte \(entry): its name lies at \(offset) of a heap of \(names.count) bytes")
        continue
      }
      let longest = min(Self.longestName, names.count - start)
      var letters: [UInt8] = []
      while letters.count < longest {
        let some = try bytes.bytes(
          at: names.lowerBound + start + letters.count, count: min(32, longest - letters.count), of: "name of a link")
        letters += some.prefix { $0 != 0 }
        if some.contains(0) { break }
      }
      guard links.count < Self.mostLinks else { throw bytes.damage("group", at: place, "more than \(Self.mostLinks) links") }
      links.append((String(decoding: letters, as: UTF8.self), object))
    }
  }

  /// A link of the new form; nil where it leads elsewhere than to an object of this file.
  private static func link(_ data: Range<Int>, _ file: HDF5File) throws(RecordingError) -> (name: String, place: Int)? {
    let bytes = file.bytes
    let (start, what) = (data.lowerBound, "link")
    let version = try bytes.u8(at: start, of: what)
    guard version == 1 else { throw bytes.damage(what, at: start, "version is \(version); expected 1") }
    let flags = try bytes.u8(at: start + 1, of: what)
    var next = start + 2
    if flags & 8 != 0 {
      guard try bytes.u8(at: next, of: what) == 0 else { return nil }
      next += 1
    }
    if flags & 4 != 0 { next += 8 }
    if flags & 16 != 0 { next += 1 }
    let width = 1 << (flags & 3)
    let length = try bytes.number(at: next, count: width, of: what)
    next += width
    guard length <= UInt64(longestName), next + Int(length) + bytes.offsetSize <= data.upperBound else {
      throw bytes.damage(what, at: start, "the name has \(length) bytes; expected at most \(longestName), within the message")
    }
    let name = String(decoding: try bytes.bytes(at: next, count: Int(length), of: what), as: UTF8.self)
    return try bytes.address(at: next + Int(length), of: what).map { (name, $0) }
  }
}
