/// The two members of the family: EDF stores 16-bit, BDF 24-bit numbers; all else is the same.
public enum EDFFamily: String, Sendable, Hashable, CaseIterable {
  /// European Data Format, 16 bits a sample.
  case edf = "EDF"
  /// BioSemi's variant, 24 bits a sample.
  case bdf = "BDF"

  /// Finds the family by the first eight bytes of a file; nil if it is neither.
  ///
  /// EDF: `0` and seven spaces (some writers pad with NULs). BDF: byte 255 and `BIOSEMI`.
  init?(magic: [UInt8]) {
    guard magic.count >= 8 else { return nil }
    if magic[0] == 0x30, magic[1..<8].allSatisfy({ $0 == 0x20 || $0 == 0 }) {
      self = .edf
    } else if magic[0] == 0xFF, magic[1..<8].elementsEqual(Array("BIOSEMI".utf8)) {
      self = .bdf
    } else {
      return nil
    }
  }

  /// Bytes of a stored number.
  var bytesPerSample: Int { self == .edf ? 2 : 3 }
  /// The numbers that can be stored.
  public var digitalRange: ClosedRange<Int> { self == .edf ? -32768...32767 : -8_388_608...8_388_607 }
  /// The label of a signal that carries annotations.
  var annotationLabel: String { rawValue + " Annotations" }
}

/// How the file's reserved field says that its records hang together.
enum EDFVariant: String, Sendable, Hashable {
  /// Before EDF+: no annotations, no gaps.
  case plain = ""
  /// EDF+ without gaps.
  case continuous = "+C"
  /// EDF+ whose records may have gaps between them.
  case discontinuous = "+D"
}
