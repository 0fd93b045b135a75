import MinhangCore

/// Where the elements of a data set are.
///
/// **Source:** HDF5 File Format Specification, section IV.A.2.i, versions 3 and 4 of the layout message.
enum HDF5Layout {
  /// Within the object header.
  case compact(Range<Int>)
  /// Together; nil where nothing was stored.
  case contiguous(Int?, byteCount: Int)
  /// In pieces of equal size.
  case chunked(Chunks)

  struct Chunks {
    /// Elements of a chunk, slowest dimension first.
    var sizes: [Int]
    var index: Index
  }

  /// How chunks are found.
  enum Index {
    /// A B-tree of version 1; nil where nothing was stored.
    case tree(Int?)
    /// All of them are one.
    case single(Int?, byteCount: Int?, skipped: UInt32)
    /// One after the other, without filters.
    case implicit(Int?)
    /// A table.
    case fixedArray(Int?)
  }

  init(_ data: Range<Int>, elementSize: Int, rank: Int, _ bytes: HDF5Bytes) throws(RecordingError) {
    let (start, what) = (data.lowerBound, "layout")
    let version = try bytes.u8(at: start, of: what)
    guard (3...4).contains(version) else { throw bytes.unsupported(what, at: start, "version is \(version); expected 3 or 4") }
    let family = try bytes.u8(at: start + 1, of: what)
    switch family {
    case 0:
      let count = try bytes.u16(at: start + 2, of: what)
      guard count <= data.count - 4 else {
        throw bytes.damage(what, at: start, "\(count) bytes of data; expected at most \(data.count - 4) of the message")
      }
      self = .compact(start + 4..<start + 4 + count)
    case 1:
      let address = try bytes.address(at: start + 2, of: what)
      self = .contiguous(address, byteCount: try bytes.length(at: start + 2 + bytes.offsetSize, of: what))
    case 2 where version == 3:
      let dimensions = try bytes.u8(at: start + 2, of: what)
      let address = try bytes.address(at: start + 3, of: what)
      let sizes = try Self.sizes(
        at: start + 3 + bytes.offsetSize, width: 4, dimensions: dimensions, elementSize: elementSize, rank: rank, layout: start, bytes)
      self = .chunked(Chunks(sizes: sizes, index: .tree(address)))
    case 2: self = .chunked(try Self.chunksOfVersion4(start, elementSize: elementSize, rank: rank, bytes))
    default: throw bytes.unsupported(what, at: start, "class is \(family); expected 0 (compact), 1 (contiguous) or 2 (chunked)")
    }
  }

  private static func chunksOfVersion4(_ start: Int, elementSize: Int, rank: Int, _ bytes: HDF5Bytes) throws(RecordingError) -> Chunks {
    let what = "layout"
    let flags = try bytes.u8(at: start + 2, of: what)
    let dimensions = try bytes.u8(at: start + 3, of: what)
    let width = try bytes.u8(at: start + 4, of: what)
    guard (1...8).contains(width) else { throw bytes.damage(what, at: start, "sizes of chunks have \(width) bytes; expected 1 to 8") }
    let sizes = try sizes(
      at: start + 5, width: width, dimensions: dimensions, elementSize: elementSize, rank: rank, layout: start, bytes)
    var next = start + 5 + width * dimensions
    let kind = try bytes.u8(at: next, of: what)
    next += 1
    switch kind {
    case 1:
      var (count, skipped): (Int?, UInt32) = (nil, 0)
      if flags & 2 != 0 {
        count = try bytes.length(at: next, of: what)
        skipped = UInt32(try bytes.u32(at: next + bytes.lengthSize, of: what))
        next += bytes.lengthSize + 4
      }
      return Chunks(sizes: sizes, index: .single(try bytes.address(at: next, of: what), byteCount: count, skipped: skipped))
    case 2: return Chunks(sizes: sizes, index: .implicit(try bytes.address(at: next, of: what)))
    case 3: return Chunks(sizes: sizes, index: .fixedArray(try bytes.address(at: next + 1, of: what)))
    default:
      throw bytes.unsupported(
        what, at: start,
        "chunks are found by an index of kind \(kind); expected 1 to 3, or a file as MATLAB saves it (save -v7.3)")
    }
  }

  private static func sizes(
    at place: Int, width: Int, dimensions: Int, elementSize: Int, rank: Int, layout start: Int, _ bytes: HDF5Bytes
  ) throws(RecordingError) -> [Int] {
    guard dimensions == rank + 1, rank > 0 else {
      throw bytes.damage("layout", at: start, "chunks have \(dimensions - 1) dimensions; the data set has \(rank)")
    }
    var sizes: [Int] = []
    var total = 1
    for k in 0..<dimensions {
      let stored = try bytes.number(at: place + k * width, count: width, of: "layout")
      // A chunk has fewer than 2³² bytes.
      guard stored > 0, stored <= UInt64(UInt32.max / UInt32(total)), k < rank || Int(stored) == elementSize
      else { throw bytes.damage("layout", at: start, "size \(k + 1) of a chunk is \(stored); expected one that can be") }
      total *= Int(stored)
      sizes.append(Int(stored))
    }
    sizes.removeLast()
    return sizes
  }
}
