import MinhangCore

/// What the elements of a data set are.
///
/// **Source:** HDF5 File Format Specification, section IV.A.2.d.
struct HDF5Datatype: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case numbers(NPYType)
    /// Characters of fixed number, a byte each or UTF-8.
    case text
    /// Addresses of objects of the same file.
    case references
    /// Something that is not read, in words.
    case other(String)
  }

  var kind: Kind
  /// Bytes of an element, at least 1.
  var byteCount: Int

  init(_ data: Range<Int>, _ bytes: HDF5Bytes) throws(RecordingError) {
    let (start, what) = (data.lowerBound, "datatype")
    guard data.count >= 8 else { throw bytes.damage(what, at: start, "it has \(data.count) bytes; expected 8 or more") }
    let head = Int(try bytes.number(at: start, count: 4, of: what))
    byteCount = try bytes.u32(at: start + 4, of: what)
    guard byteCount > 0 else { throw bytes.damage(what, at: start, "an element has 0 bytes; expected 1 or more") }
    let (family, flags) = (head & 0xF, head >> 8)
    switch family {
    case 0: kind = try Self.whole(data, flags: flags, byteCount: byteCount, bytes)
    case 1: kind = try Self.real(data, flags: flags, byteCount: byteCount, bytes)
    case 3: kind = .text
    case 7: kind = flags & 0xF == 0 && byteCount == bytes.offsetSize ? .references : .other("references of another kind")
    // Names for whole numbers, which follow.
    case 8:
      let inner = try HDF5Datatype(start + 8..<data.upperBound, bytes, depth: 1)
      kind = inner.byteCount == byteCount ? inner.kind : .other("an enumeration")
    default:
      let names = [2: "times", 4: "bit fields", 5: "opaque", 6: "compound", 9: "of variable length", 10: "arrays"]
      kind = .other(names[family] ?? "of class \(family)")
    }
  }

  private init(_ data: Range<Int>, _ bytes: HDF5Bytes, depth: Int) throws(RecordingError) {
    guard data.count >= 8, try bytes.u8(at: data.lowerBound, of: "datatype") & 0xF == 0 else {
      throw bytes.damage("datatype", at: data.lowerBound, "an enumeration is not of whole numbers; expected them")
    }
    try self.init(data, bytes)
  }

  private static func whole(_ data: Range<Int>, flags: Int, byteCount: Int, _ bytes: HDF5Bytes) throws(RecordingError) -> Kind {
    guard data.count >= 12 else {
      throw bytes.damage("datatype", at: data.lowerBound, "it has \(data.count) bytes; expected 12 for whole numbers")
    }
    let offset = try bytes.u16(at: data.lowerBound + 8, of: "datatype")
    let precision = try bytes.u16(at: data.lowerBound + 10, of: "datatype")
    guard [1, 2, 4, 8].contains(byteCount), offset == 0, precision == 8 * byteCount else {
      return .other("whole numbers of \(precision) bits in \(byteCount) bytes")
    }
    return .numbers(NPYType(flags & 8 != 0 ? .signed : .unsigned, byteCount: byteCount, isBigEndian: flags & 1 != 0))
  }

  private static func real(_ data: Range<Int>, flags: Int, byteCount: Int, _ bytes: HDF5Bytes) throws(RecordingError) -> Kind {
    guard data.count >= 20 else {
      throw bytes.damage("datatype", at: data.lowerBound, "it has \(data.count) bytes; expected 20 for real numbers")
    }
    // Bit offset, precision; where exponent and fraction lie and how long they are; the exponent's bias.
    let layout = try bytes.number(at: data.lowerBound + 8, count: 8, of: "datatype")
    let bias = try bytes.u32(at: data.lowerBound + 16, of: "datatype")
    let isIEEE =
      switch byteCount {
      case 2: layout == 0x0A00_050A_0010_0000 && bias == 15
      case 4: layout == 0x1700_0817_0020_0000 && bias == 127
      case 8: layout == 0x3400_0B34_0040_0000 && bias == 1023
      default: false
      }
    // Bit 6 of the flags is the order of bytes of the VAX; bits 4 and 5 say that the first digit is implied.
    guard isIEEE, flags & 0x40 == 0, flags >> 4 & 3 == 2, flags >> 8 & 0xFF == 8 * byteCount - 1 else {
      return .other("real numbers of \(byteCount) bytes that are not those of IEEE 754")
    }
    return .numbers(NPYType(.real, byteCount: byteCount, isBigEndian: flags & 1 != 0))
  }
}
