import MinhangCore

/// A data set: what its elements are, and where they lie.
struct HDF5Dataset {
  /// Where the elements are that exist: fewer than all where the file is cut.
  private enum Storage {
    /// Together in the file; nowhere, if they were never stored.
    case together(Range<Int>)
    case chunks(HDF5ChunkedData, byteCount: Int, chunkByteCount: Int)
  }

  let type: HDF5Datatype
  let space: HDF5Dataspace
  private let storage: Storage

  /// Bytes of the elements that exist.
  var byteCount: Int {
    switch storage {
    case .together(let range): range.count
    case .chunks(_, let byteCount, _): byteCount
    }
  }

  /// Where the elements lie together in the file; nil where they lie in chunks.
  var place: Int? { if case .together(let range) = storage { range.lowerBound } else { nil } }

  /// Bytes of a chunk; 0 where there are none.
  var chunkByteCount: Int { if case .chunks(_, _, let count) = storage { count } else { 0 } }

  /// The bytes of the elements, slowest dimension first.
  func source(in file: HDF5File) -> ArraySource {
    switch storage {
    case .together(let range): ArraySource(file.bytes.file, start: range.lowerBound, byteCount: range.count)
    case .chunks(let data, let byteCount, _): ArraySource(data, byteCount: byteCount, path: file.path)
    }
  }

  /// The first bytes of a small data set; fewer where fewer exist.
  func first(_ count: Int, of file: HDF5File) throws(RecordingError) -> [UInt8] {
    let count = min(count, byteCount)
    if let place { return try file.bytes.bytes(at: place, count: count, of: "data") }
    try file.bytes.check(0, 0, "data", steps: count + chunkByteCount / 8)
    return try source(in: file).bytes(at: 0, count: count)
  }

  /// Reads what a header says of a data set; nil where it describes none.
  init?(_ header: HDF5ObjectHeader, of file: HDF5File) throws(RecordingError) {
    typealias Kind = HDF5ObjectHeader.Kind
    let bytes = file.bytes
    guard let spaceMessage = header.first(Kind.dataspace), let typeMessage = header.first(Kind.datatype),
      let layoutMessage = header.first(Kind.layout)
    else { return nil }
    guard !spaceMessage.isShared, !typeMessage.isShared, !layoutMessage.isShared else {
      let place = (spaceMessage.isShared ? spaceMessage : typeMessage.isShared ? typeMessage : layoutMessage).data.lowerBound
      throw bytes.unsupported("message", at: place, "it is shared with other objects; expected one of its own")
    }
    type = try HDF5Datatype(typeMessage.data, bytes)
    space = try HDF5Dataspace(spaceMessage.data, bytes)
    let size = space.count.multipliedReportingOverflow(by: type.byteCount)
    guard !size.overflow, size.partialValue < Int.max / 16 else {
      throw bytes.damage("data set", at: header.place, "\(space.count) elements of \(type.byteCount) bytes; expected what can be counted")
    }
    let wanted = size.partialValue
    guard header.first(Kind.externalFiles) == nil else {
      throw bytes.unsupported("data set", at: header.place, "its data lie in other files; expected them in this one")
    }
    let layout = try HDF5Layout(layoutMessage.data, elementSize: type.byteCount, rank: space.rank, bytes)
    switch layout {
    case .compact(let data): storage = .together(data.prefix(wanted))
    case .contiguous(let start, let count):
      guard let start else {
        storage = .together(0..<0)
        if wanted > 0 { file.complain("HDF5 data set at byte \(header.place): its \(wanted) bytes were never stored") }
        return
      }
      guard start <= bytes.byteCount else {
        throw bytes.damage("data set", at: header.place, "its data lie at byte \(start); the file ends at byte \(bytes.byteCount)")
      }
      storage = .together(start..<start + min(wanted, count, bytes.byteCount - start))
    case .chunked(let chunks):
      storage = try Self.chunked(chunks, type, space, header, file)
      return
    }
    if byteCount < wanted { file.complain("HDF5 data set at byte \(header.place): \(byteCount) of its \(wanted) bytes are there") }
  }

  private static func chunked(
    _ chunks: HDF5Layout.Chunks, _ type: HDF5Datatype, _ space: HDF5Dataspace, _ header: HDF5ObjectHeader, _ file: HDF5File
  ) throws(RecordingError) -> Storage {
    let (bytes, size) = (file.bytes, type.byteCount)
    let filters = try header.first(HDF5ObjectHeader.Kind.filters).map { message throws(RecordingError) in
      try HDF5Filters(message.data, byteCount: size, bytes)
    }
    let chunkBytes = chunks.sizes.reduce(size, *)
    guard chunkBytes <= HDF5ChunkedData.largestChunk else {
      throw bytes.unsupported(
        "data set", at: header.place, "a chunk has \(chunkBytes) bytes; expected at most \(HDF5ChunkedData.largestChunk)")
    }
    let table = try HDF5ChunkTable(chunks, space: space, elementSize: size, filters: filters ?? HDF5Filters(), of: file)
    let data = try HDF5ChunkedData(
      table, file: bytes.file, sizes: space.sizes, chunkSizes: chunks.sizes, elementSize: size, filters: filters ?? HDF5Filters(),
      fill: try fill(header, size, bytes))
    var there = space.count * size
    if table.entries.count < table.total {
      // Numbers ascend, so the first that is not its place is the first hole.
      var (low, high) = (0, table.entries.count)
      while low < high {
        let middle = (low + high) / 2
        if table.entries[middle].number == middle { low = middle + 1 } else { high = middle }
      }
      let isEnd = low == table.entries.count || table.entries.count < table.total / 2
      file.complain(
        "HDF5 data set at byte \(header.place): \(table.entries.count) of its \(table.total) chunks are stored; "
          + (isEnd ? "what comes from chunk \(low + 1) on is not read" : "the others hold the fill value"))
      if isEnd {
        let row = table.counts.dropFirst().reduce(1, *)
        let rowBytes = space.sizes.dropFirst().reduce(size, *)
        there = min(there, low / row * chunks.sizes[0] * rowBytes)
      }
    }
    return .chunks(data, byteCount: there, chunkByteCount: chunkBytes)
  }

  /// The bytes of an element that was never stored.
  private static func fill(_ header: HDF5ObjectHeader, _ size: Int, _ bytes: HDF5Bytes) throws(RecordingError) -> [UInt8] {
    typealias Kind = HDF5ObjectHeader.Kind
    let zero = [UInt8](repeating: 0, count: size)
    guard let message = header.first(Kind.fillValue) ?? header.first(Kind.oldFillValue) else { return zero }
    var start = message.data.lowerBound
    if message.kind == Kind.fillValue {
      let version = try bytes.u8(at: start, of: "fill value")
      let flags = try bytes.u8(at: start + (version >= 3 ? 1 : 3), of: "fill value")
      guard version == 1 || (version >= 3 ? flags & 0x20 : flags) != 0 else { return zero }
      start += version >= 3 ? 2 : 4
    }
    guard message.data.upperBound - start >= 4 + size, try bytes.u32(at: start, of: "fill value") == size else { return zero }
    return try bytes.bytes(at: start + 4, count: size, of: "fill value")
  }
}
