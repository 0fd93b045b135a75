import MinhangCore

/// Small attributes of an object: a word or a whole number each.
///
/// **Source:** HDF5 File Format Specification, section IV.A.2.m, versions 1 to 3 of the attribute message.
extension HDF5ObjectHeader {
  enum AttributeValue: Sendable, Hashable {
    case text(String)
    case number(Int)
    /// Something else: lists, numbers that are not whole.
    case other
  }

  private static let longestText = 256

  /// The value of an attribute; nil where there is none of the name.
  func attribute(_ name: StaticString, of file: HDF5File) throws(RecordingError) -> AttributeValue? {
    let (bytes, what) = (file.bytes, "attribute")
    for message in messages where message.kind == Kind.attribute && !message.isShared {
      let data = message.data
      let start = data.lowerBound
      guard data.count >= 8 else { continue }
      let nameCount = try bytes.u16(at: start + 2, of: what)
      // The name ends with a NUL.
      guard nameCount == name.utf8CodeUnitCount + 1 else { continue }
      let version = try bytes.u8(at: start, of: what)
      guard (1...3).contains(version) else { throw bytes.damage(what, at: start, "version is \(version); expected 1 to 3") }
      let nameStart = start + (version == 3 ? 9 : 8)
      guard nameStart + nameCount <= data.upperBound, try bytes.has(name, at: nameStart, of: what) else { continue }
      func padded(_ count: Int) -> Int { version == 1 ? (count + 7) & ~7 : count }
      let typeCount = try bytes.u16(at: start + 4, of: what)
      let spaceCount = try bytes.u16(at: start + 6, of: what)
      let typeStart = nameStart + padded(nameCount)
      let value = typeStart + padded(typeCount) + padded(spaceCount)
      // Version 1 has no flags; bit 0 says that the datatype is elsewhere.
      let flags = version == 1 ? 0 : try bytes.u8(at: start + 1, of: what)
      guard value <= data.upperBound, flags & 1 == 0 else { return .other }
      let type = try HDF5Datatype(typeStart..<typeStart + typeCount, bytes)
      guard value + type.byteCount <= data.upperBound else { return .other }
      switch type.kind {
      case .text: return .text(try bytes.text(at: value, count: min(type.byteCount, Self.longestText), of: what))
      case .numbers(let numbers) where numbers.kind != .real && !numbers.isBigEndian:
        return .number(Int(truncatingIfNeeded: try bytes.number(at: value, count: type.byteCount, of: what)))
      default: return .other
      }
    }
    return nil
  }
}
