/// The tag of an element: what it holds, and where.
///
/// **Source:** The MathWorks, "MAT-File Format", level 5: tags of 8 bytes, small elements with size and type in one word, padding to 8 bytes.
struct MATElement {
  /// Types of the elements' data.
  enum Kind {
    static let uint16: UInt32 = 4
    static let matrix: UInt32 = 14
    static let compressed: UInt32 = 15
    static let utf8: UInt32 = 16
    static let utf16: UInt32 = 17
    static let utf32: UInt32 = 18
  }

  var kind: UInt32
  /// The data; cut at the end of what surrounds the element.
  var data: Range<Int>
  /// Where the next element begins.
  var next: Int

  /// How numbers of a kind are stored; nil where the kind holds none.
  static func numberType(_ kind: UInt32, isBigEndian: Bool) -> NPYType? {
    let known: (NPYType.Kind, Int)? =
      switch kind {
      case 1: (.signed, 1)
      case 2: (.unsigned, 1)
      case 3: (.signed, 2)
      case 4: (.unsigned, 2)
      case 5: (.signed, 4)
      case 6: (.unsigned, 4)
      case 7: (.real, 4)
      case 9: (.real, 8)
      case 12: (.signed, 8)
      case 13: (.unsigned, 8)
      default: nil
      }
    return known.map { NPYType($0.0, byteCount: $0.1, isBigEndian: isBigEndian) }
  }

  /// The classes of arrays.
  enum ArrayClass {
    static let cell: UInt32 = 1
    static let structure: UInt32 = 2
    static let object: UInt32 = 3
    static let character: UInt32 = 4
    static let sparse: UInt32 = 5
    static let numbers: ClosedRange<UInt32> = 6...15
  }
}
