import MinhangCore

/// The chunks of a data set: where each lies.
///
/// **Source:** HDF5 File Format Specification, sections III.A.1 (B-trees of version 1, node type 1) and VII.C (fixed arrays).
struct HDF5ChunkTable {
  struct Entry: Sendable {
    /// Number of the chunk, the fastest dimension counted first.
    var number: Int
    var place: Int
    var byteCount: Int
    /// Filters that were left out.
    var skipped: UInt32
  }

  private static let deepest = 32

  /// By number, each once.
  private(set) var entries: [Entry] = []
  /// Chunks in each dimension.
  let counts: [Int]
  /// All chunks that the data set has.
  let total: Int

  private let sizes: [Int]
  private let chunkByteCount: Int
  private let filters: HDF5Filters
  private var visited: Set<Int> = []
  private var storedByteCount = 0

  init(
    _ chunks: HDF5Layout.Chunks, space: HDF5Dataspace, elementSize: Int, filters: HDF5Filters, of file: HDF5File
  ) throws(RecordingError) {
    sizes = chunks.sizes
    counts = zip(space.sizes, chunks.sizes).map { ($0 + $1 - 1) / $1 }
    // No more than elements, which can be counted.
    total = counts.reduce(1, *)
    chunkByteCount = chunks.sizes.reduce(elementSize, *)
    self.filters = filters
    guard total > 0 else { return }
    switch chunks.index {
    case .tree(let root): if let root { try readTree(at: root, level: nil, file) }
    case .single(let place, let count, let skipped):
      if let place, total == 1 { add(0, place, count ?? chunkByteCount, skipped, file) }
    case .implicit(let place):
      // What lies beyond the file is not there: no more are counted than fit it.
      if let place, place < file.bytes.byteCount {
        let there = min(total, (file.bytes.byteCount - place) / chunkByteCount)
        try file.bytes.check(place, 0, "chunks", steps: there)
        for k in 0..<there { add(k, place + k * chunkByteCount, chunkByteCount, 0, file) }
      }
    case .fixedArray(let place): if let place { try readFixedArray(at: place, file) }
    }
    if !zip(entries, entries.dropFirst()).allSatisfy({ $0.number < $1.number }) {
      entries.sort { $0.number < $1.number }
      var kept: [Entry] = []
      for entry in entries where kept.last?.number != entry.number { kept.append(entry) }
      if kept.count < entries.count {
        file.complain("HDF5 chunks: \(entries.count - kept.count) are there twice; the first of each is read")
      }
      entries = kept
    }
  }

  private mutating func add(_ number: Int, _ place: Int, _ byteCount: Int, _ skipped: UInt32, _ file: HDF5File) {
    func complain(_ message: String) { file.complain("HDF5 chunk \(number + 1) at byte \(place): \(message)") }
    guard place >= 0, byteCount >= 0, place <= file.bytes.byteCount, byteCount <= file.bytes.byteCount - place else {
      return complain("it has \(byteCount) bytes; the file ends at byte \(file.bytes.byteCount)")
    }
    guard filters.filters.isEmpty ? byteCount == chunkByteCount : filters.largest(of: byteCount) >= chunkByteCount else {
      return complain("\(byteCount) bytes are stored; they cannot become the \(chunkByteCount) of a chunk")
    }
    // Chunks that share their bytes would make a small file large.
    storedByteCount += byteCount
    guard storedByteCount <= file.bytes.byteCount else { return complain("the chunks have more bytes than the file; it is not read") }
    entries.append(Entry(number: number, place: place, byteCount: byteCount, skipped: skipped))
  }

  private mutating func readTree(at place: Int, level demanded: Int?, _ file: HDF5File) throws(RecordingError) {
    let (bytes, what) = (file.bytes, "B-tree")
    guard try bytes.has("TREE", at: place, of: what) else {
      throw bytes.damage(what, at: place, "no \"TREE\" is there; expected a node that finds chunks")
    }
    let kind = try bytes.u8(at: place + 4, of: what)
    let level = try bytes.u8(at: place + 5, of: what)
    let count = try bytes.u16(at: place + 6, of: what)
    guard kind == 1, level <= Self.deepest, demanded == nil || level == demanded else {
      throw bytes.damage(what, at: place, "type and level are \(kind) and \(level); expected 1 and \(demanded ?? 0)")
    }
    guard visited.insert(place).inserted else { throw bytes.damage(what, at: place, "the node is met again; expected each once") }
    let keySize = 8 + 8 * (sizes.count + 1)
    for k in 0..<count {
      let key = place + 8 + 2 * bytes.offsetSize + k * (keySize + bytes.offsetSize)
      // What is damaged below one branch leaves the others.
      do throws(RecordingError) {
        guard let child = try bytes.address(at: key + keySize, of: what) else {
          throw bytes.damage(what, at: key + keySize, "the address of a chunk is undefined")
        }
        if level > 0 { try readTree(at: child, level: level - 1, file) } else { try readLeaf(key, child, file) }
      } catch {
        guard error.code == .badData, !bytes.isExhausted else { throw error }
        file.complain(error.message)
      }
    }
  }

  private mutating func readLeaf(_ key: Int, _ child: Int, _ file: HDF5File) throws(RecordingError) {
    let (bytes, what) = (file.bytes, "chunk")
    var number = 0
    for (k, size) in sizes.enumerated() {
      let offset = try bytes.number(at: key + 8 + 8 * k, count: 8, of: what)
      guard offset % UInt64(size) == 0, offset / UInt64(size) < UInt64(counts[k]) else {
        throw bytes.damage(
          what, at: key, "it begins at \(offset) of dimension \(k + 1); expected a multiple of \(size) within the data set")
      }
      number = number * counts[k] + Int(offset / UInt64(size))
    }
    let count = try bytes.u32(at: key, of: what)
    add(number, child, count, UInt32(try bytes.u32(at: key + 4, of: what)), file)
  }

  private mutating func readFixedArray(at place: Int, _ file: HDF5File) throws(RecordingError) {
    let (bytes, what) = (file.bytes, "fixed array")
    guard try bytes.has("FAHD", at: place, of: what) else {
      throw bytes.damage(what, at: place, "no \"FAHD\" is there; expected a table of chunks")
    }
    let entrySize = try bytes.u8(at: place + 6, of: what)
    let pageBits = try bytes.u8(at: place + 7, of: what)
    let count = try bytes.length(at: place + 8, of: what)
    guard let block = try bytes.address(at: place + 8 + bytes.lengthSize, of: what) else { return }
    let isFiltered = !filters.filters.isEmpty
    let widthOfCount = entrySize - bytes.offsetSize - 4
    guard isFiltered ? (1...8).contains(widthOfCount) : entrySize == bytes.offsetSize, pageBits < 32 else {
      throw bytes.damage(what, at: place, "entries have \(entrySize) bytes; expected an address, or address, size and filters")
    }
    guard try bytes.has("FADB", at: block, of: what) else {
      throw bytes.damage(what, at: block, "no \"FADB\" is there; expected the entries of a table")
    }
    let first = block + 6 + bytes.offsetSize
    let pageLength = 1 << pageBits
    let there = min(count, total)
    // All entries lie in the file, those beyond the data set too: the sums below stay below its size.
    guard count <= bytes.byteCount / entrySize else {
      throw bytes.damage(what, at: place, "\(count) entries; the file has \(bytes.byteCount) bytes")
    }
    // A table of more than a page begins with a bit for each page, a check sum follows it and each page.
    let pages = (count + pageLength - 1) / pageLength
    let isPaged = count > pageLength
    let pagesStart = isPaged ? first + (pages + 7) / 8 + 4 : first
    for k in 0..<there {
      let page = isPaged ? k / pageLength : 0
      if isPaged, try bytes.u8(at: first + page / 8, of: what) >> (7 - page % 8) & 1 == 0 { continue }
      let entry = pagesStart + k * entrySize + 4 * page
      guard let chunk = try bytes.address(at: entry, of: what) else { continue }
      if isFiltered {
        let size = try bytes.number(at: entry + bytes.offsetSize, count: widthOfCount, of: what)
        let skipped = UInt32(try bytes.u32(at: entry + bytes.offsetSize + widthOfCount, of: what))
        add(k, chunk, Int(exactly: size) ?? .max, skipped, file)
      } else {
        add(k, chunk, chunkByteCount, 0, file)
      }
    }
  }
}
