import MinhangCore

/// What was done to a chunk before it was stored, and how it is undone.
///
/// **Source:** HDF5 File Format Specification, section IV.A.2.l.
struct HDF5Filters: Sendable, Hashable {
  enum Filter: Sendable, Hashable {
    case deflate
    /// The first bytes of all elements, then the second ones, and so on.
    case shuffle(byteCount: Int)
    /// A check sum of 4 bytes follows.
    case fletcher
  }

  private static let mostFilters = 8

  /// In the order in which they were applied.
  var filters: [Filter] = []

  /// The data are stored as they are.
  init() {}

  /// - Parameter byteCount: Of an element.
  init(_ data: Range<Int>, byteCount: Int, _ bytes: HDF5Bytes) throws(RecordingError) {
    let (start, what) = (data.lowerBound, "filters")
    let version = try bytes.u8(at: start, of: what)
    let count = try bytes.u8(at: start + 1, of: what)
    guard (1...2).contains(version), count <= Self.mostFilters else {
      throw bytes.damage(
        what, at: start, "version and number are \(version) and \(count); expected 1 or 2, and at most \(Self.mostFilters)")
    }
    var next = start + (version == 1 ? 8 : 2)
    for _ in 0..<count {
      let identifier = try bytes.u16(at: next, of: what)
      next += 2
      var nameCount = 0
      if version == 1 || identifier >= 256 {
        nameCount = try bytes.u16(at: next, of: what)
        next += 2
      }
      let values = try bytes.u16(at: next + 2, of: what)
      next += 4 + (version == 1 ? (nameCount + 7) & ~7 : nameCount)
      guard next + 4 * values <= data.upperBound else {
        throw bytes.damage(what, at: start, "\(values) numbers of a filter do not fit the \(data.count) bytes")
      }
      switch identifier {
      case 1: filters.append(.deflate)
      case 2:
        let size = values > 0 ? try bytes.u32(at: next, of: what) : byteCount
        guard size > 0, size <= 1 << 16 else { throw bytes.damage(what, at: next, "elements that are shuffled have \(size) bytes") }
        filters.append(.shuffle(byteCount: size))
      case 3: filters.append(.fletcher)
      default:
        throw bytes.unsupported(
          what, at: start,
          "a filter has the number \(identifier); expected 1 (deflate), 2 (shuffle) or 3 (Fletcher-32): save it anew in MATLAB")
      }
      next += 4 * (values + (version == 1 ? values & 1 : 0))
    }
  }

  /// The most that stored bytes can become.
  func largest(of storedCount: Int) -> Int {
    guard filters.contains(.deflate) else { return storedCount }
    let most = storedCount.multipliedReportingOverflow(by: 1032)
    return most.overflow ? .max : most.partialValue
  }

  /// Undoes the filters.
  ///
  /// - Parameters:
  ///   - skipped: Bit `k` says that filter `k` was not applied to this chunk.
  ///   - byteCount: What must come out.
  /// - Returns: nil, with the reason in words, where the chunk is damaged.
  func undone(_ stored: [UInt8], skipped: UInt32, byteCount: Int) -> (bytes: [UInt8], damage: String?) {
    var bytes = stored
    var sums = filters.indices.count { filters[$0] == .fletcher && skipped >> UInt32($0) & 1 == 0 }
    for (place, filter) in filters.enumerated().reversed() where skipped >> UInt32(place) & 1 == 0 {
      switch filter {
      case .deflate:
        let (inflated, end) = Inflation.inflated(zlib: bytes, limit: byteCount + 4 * sums)
        guard end != .broken else { return ([], "it can be inflated to byte \(inflated.count) only") }
        guard end == .whole else { return ([], "the check sum of its deflated bytes contradicts them") }
        bytes = inflated
      case .shuffle(let size): bytes = Self.unshuffled(bytes, size: size)
      case .fletcher:
        sums -= 1
        guard bytes.count >= 4 else { return ([], "it has no check sum") }
        let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let sum = HDF5CheckSum.fletcher(bytes.dropLast(4))
        // Old versions of the HDF5 library exchanged the bytes of each half.
        let exchanged = (sum & 0x00FF_00FF) << 8 | sum >> 8 & 0x00FF_00FF
        guard stored == sum || stored == exchanged else { return ([], "its check sum (Fletcher-32) contradicts its bytes") }
        bytes.removeLast(4)
      }
    }
    return bytes.count == byteCount ? (bytes, nil) : ([], "it holds \(bytes.count) bytes; expected \(byteCount)")
  }

  private static func unshuffled(_ bytes: [UInt8], size: Int) -> [UInt8] {
    let count = bytes.count / size
    guard size > 1, count > 1 else { return bytes }
    // What does not fill an element stays where it is.
    var out = bytes
    bytes.withUnsafeBufferPointer { bytes in
      out.withUnsafeMutableBufferPointer { out in
        for byte in 0..<size {
          let start = byte * count
          for k in 0..<count { out[k * size + byte] = bytes[start + k] }
        }
      }
    }
    return out
  }
}
