import MinhangCore

/// Takes the elements of a MATLAB file apart.
///
/// Goals in order: nothing in the file can trap, hang or grow the program; a file that is cut gives all that lies before the cut; numbers stay in
/// the file. Every size is compared with what surrounds the element; fields that nobody asked for are stepped over.
///
/// **Source:** The MathWorks, "MAT-File Format", level 5.
struct MATParser {
  private static let deepest = 64
  /// No recording has more; it bounds the memory of a tree that was made to be large.
  private static let mostValues = 8_000_000
  private static let longestText = 1 << 16

  private var bytes: MATBytes
  /// Names of variables and fields that are read.
  private let wanted: Set<String>
  /// Where the bytes come from, for messages: empty, or ` of the compressed element at byte 128`.
  private let whereabouts: String
  private var valueCount = 0
  /// The first thing that contradicts the format.
  private(set) var defect: String?
  /// Whether nothing more is read.
  ///
  /// What follows a wrong tag means nothing; an element that is cut still holds what lies before the cut.
  private var isLost = false

  init(_ source: ArraySource, isBigEndian: Bool, wanted: Set<String>, whereabouts: String = "") {
    bytes = MATBytes(source, isBigEndian: isBigEndian)
    self.wanted = wanted
    self.whereabouts = whereabouts
  }

  mutating func complain(at place: Int, isCut: Bool = false, _ message: String) {
    isLost = isLost || !isCut
    if defect == nil { defect = "MATLAB element at byte \(place)\(whereabouts): \(message)" }
  }

  /// The tag at a place.
  ///
  /// - Parameter end: Where what surrounds the element ends.
  mutating func element(at place: Int, end: Int) throws(RecordingError) -> MATElement? {
    guard end - place >= 8 else {
      complain(at: place, isCut: true, "\(max(0, end - place)) bytes are left; expected a tag of 8")
      return nil
    }
    let first = try bytes.word(at: place)
    if first >> 16 != 0 {
      let size = Int(first >> 16)
      guard size <= 4 else {
        complain(at: place, "size of a small element is \(size); expected 1…4")
        return nil
      }
      return MATElement(kind: first & 0xFFFF, data: place + 4..<place + 4 + size, next: place + 8)
    }
    let size = Int(try bytes.word(at: place + 4))
    let start = place + 8
    guard size <= end - start else {
      complain(at: place, isCut: true, "size is \(size); expected at most the \(end - start) bytes that are there")
      return MATElement(kind: first, data: start..<end, next: end)
    }
    let padded = first == MATElement.Kind.compressed ? size : (size + 7) & ~7
    return MATElement(kind: first, data: start..<start + size, next: min(end, start + padded))
  }

  /// The head of a matrix: its class, sizes and name, and where its content begins.
  struct Head {
    var arrayClass: UInt32
    var isComplex: Bool
    var shape: [Int]
    var count: Int
    var name: String
    var content: Int
  }

  /// Reads the head of a matrix; nil where it is damaged, or empty of anything.
  mutating func head(_ data: Range<Int>) throws(RecordingError) -> Head? {
    guard !data.isEmpty else { return nil }
    let end = data.upperBound
    guard let flags = try element(at: data.lowerBound, end: end) else { return nil }
    guard flags.kind == 6, flags.data.count >= 4 else {
      complain(at: data.lowerBound, "the flags of the array are of type \(flags.kind); expected 6, 8 bytes")
      return nil
    }
    let word = try bytes.word(at: flags.data.lowerBound)
    // Objects of classes and functions have heads of other forms.
    if word & 0xFF > 15 {
      return Head(arrayClass: word & 0xFF, isComplex: false, shape: [], count: 0, name: "", content: end)
    }
    guard let sizes = try element(at: flags.next, end: end) else { return nil }
    guard [5, 6].contains(sizes.kind), sizes.data.count >= 8, sizes.data.count <= 4 * 32 else {
      complain(at: flags.next, "the sizes of the array are \(sizes.data.count) bytes of type \(sizes.kind); expected 8…128 of type 5")
      return nil
    }
    var shape: [Int] = []
    var count = 1
    for place in stride(from: sizes.data.lowerBound, to: sizes.data.upperBound - 3, by: 4) {
      let size = Int(Int32(bitPattern: try bytes.word(at: place)))
      let product = count.multipliedReportingOverflow(by: max(0, size))
      guard size >= 0, !product.overflow, product.partialValue < 1 << 56 else {
        complain(at: flags.next, "a size of the array is \(size); expected 0 or more, and a product that can be")
        return nil
      }
      count = product.partialValue
      shape.append(size)
    }
    guard let name = try element(at: sizes.next, end: end) else { return nil }
    guard [1, 2, MATElement.Kind.utf8].contains(name.kind), name.data.count <= 4096 else {
      complain(at: sizes.next, "the name of the array is \(name.data.count) bytes of type \(name.kind); expected at most 4096 of type 1")
      return nil
    }
    let letters = try bytes.bytes(at: name.data.lowerBound, count: name.data.count)
    return Head(
      arrayClass: word & 0xFF, isComplex: word & 0x800 != 0, shape: shape, count: count,
      name: String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self), content: name.next)
  }

  /// The value of a matrix.
  mutating func value(_ data: Range<Int>, depth: Int = 0) throws(RecordingError) -> MATValue {
    guard let head = try head(data) else { return .empty }
    return try value(head, end: data.upperBound, depth: depth)
  }

  /// The value of a matrix whose head is read.
  mutating func value(_ head: Head, end: Int, depth: Int) throws(RecordingError) -> MATValue {
    guard depth < Self.deepest else {
      complain(at: head.content, "nested deeper than \(Self.deepest) levels")
      return .empty
    }
    switch head.arrayClass {
    case MATElement.ArrayClass.cell:
      var cells: [MATValue] = []
      try values(head.count, from: head.content, end: end, depth: depth, isWanted: { _ in true }) { cells.append($1) }
      return .cells(cells)
    case MATElement.ArrayClass.structure: return try structures(head, from: head.content, end: end, depth: depth)
    case MATElement.ArrayClass.object:
      guard let name = try element(at: head.content, end: end) else { return .empty }
      return try structures(head, from: name.next, end: end, depth: depth)
    case MATElement.ArrayClass.character: return try text(head, end: end)
    case MATElement.ArrayClass.numbers: return try numbers(head, end: end)
    default: return .empty
    }
  }

  /// Matrices that follow one another.
  ///
  /// Each takes 8 bytes of the file at least, so a count that is too large ends with the bytes.
  private mutating func values(
    _ count: Int, from start: Int, end: Int, depth: Int, isWanted: (Int) -> Bool, keep: (Int, MATValue) -> Void
  ) throws(RecordingError) {
    var place = start
    for k in 0..<count {
      guard !isLost, let element = try element(at: place, end: end) else { break }
      guard element.kind == MATElement.Kind.matrix else {
        complain(at: place, "type is \(element.kind); expected 14, an array")
        break
      }
      if isWanted(k) {
        valueCount += 1
        guard valueCount <= Self.mostValues else {
          complain(at: place, "more than \(Self.mostValues) values")
          break
        }
        keep(k, try value(element.data, depth: depth + 1))
      }
      place = element.next
    }
  }

  private mutating func structures(_ head: Head, from start: Int, end: Int, depth: Int) throws(RecordingError) -> MATValue {
    guard let length = try element(at: start, end: end) else { return .empty }
    guard length.kind == 5, length.data.count == 4 else {
      complain(at: start, "the length of field names is of type \(length.kind); expected 5, 4 bytes")
      return .empty
    }
    let width = Int(try bytes.word(at: length.data.lowerBound))
    guard let names = try element(at: length.next, end: end) else { return .empty }
    guard (1...4096).contains(width) else {
      complain(at: start, "the length of field names is \(width); expected 1…4096")
      return .empty
    }
    let fieldCount = names.data.count / width
    var fields: [String] = []
    fields.reserveCapacity(min(fieldCount, 1024))
    for k in 0..<fieldCount {
      let letters = try bytes.bytes(at: names.data.lowerBound + k * width, count: width)
      fields.append(String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self))
    }
    let total = head.count.multipliedReportingOverflow(by: fieldCount)
    guard !total.overflow, fieldCount > 0 else { return .empty }
    var columns = [[MATValue]](repeating: [], count: fieldCount)
    let isRead = fields.map(wanted.contains)
    try values(total.partialValue, from: names.next, end: end, depth: depth, isWanted: { isRead[$0 % fieldCount] }) {
      columns[$0 % fieldCount].append($1)
    }
    let read = fields.indices.filter { isRead[$0] }
    return .structures(MATStructures(fieldNames: read.map { fields[$0] }, columns: read.map { columns[$0] }))
  }

  private mutating func numbers(_ head: Head, end: Int) throws(RecordingError) -> MATValue {
    guard head.count > 0 else { return .empty }
    guard let data = try element(at: head.content, end: end) else { return .empty }
    guard let type = MATElement.numberType(data.kind, isBigEndian: bytes.isBigEndian) else {
      complain(at: head.content, "the numbers are of type \(data.kind); expected a type of numbers")
      return .empty
    }
    if head.count == 1 {
      guard data.data.count >= type.byteCount else {
        complain(at: head.content, "the number has \(data.data.count) bytes; expected \(type.byteCount)")
        return .empty
      }
      let stored = try bytes.bytes(at: data.data.lowerBound, count: type.byteCount)
      var value = 0.0
      Array(stored).withUnsafeBytes { if let base = $0.baseAddress { type.decode(base, stride: 0, count: 1, factor: 1, into: &value) } }
      return .number(value)
    }
    let size = head.count.multipliedReportingOverflow(by: type.byteCount)
    if size.overflow || size.partialValue > data.data.count {
      complain(at: head.content, isCut: true, "\(data.data.count) bytes for \(head.count) numbers; expected \(type.byteCount) for each")
    }
    // The array ends with its element, whatever follows in the file.
    return .array(
      MATArray(
        source: bytes.source.first(data.data.upperBound), type: type, offset: data.data.lowerBound, shape: head.shape,
        isComplex: head.isComplex))
  }

  private mutating func text(_ head: Head, end: Int) throws(RecordingError) -> MATValue {
    guard head.count > 0 else { return .empty }
    guard let data = try element(at: head.content, end: end) else { return .empty }
    let stored = try bytes.bytes(at: data.data.lowerBound, count: min(data.data.count, Self.longestText))
    var units: [UInt32] = []
    switch data.kind {
    case 1, 2: units = stored.map(UInt32.init)
    case MATElement.Kind.utf8:
      let text = String(decoding: stored, as: UTF8.self)
      if head.shape[0] == 1 { return .text(text) }
      units = text.unicodeScalars.map(\.value)
    case 3, MATElement.Kind.uint16, MATElement.Kind.utf16:
      let words = Self.words(stored, size: 2, isBigEndian: bytes.isBigEndian)
      let text = String(decoding: words.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
      if head.shape[0] == 1 { return .text(text) }
      units = words
    case 5, 6, MATElement.Kind.utf32: units = Self.words(stored, size: 4, isBigEndian: bytes.isBigEndian)
    default:
      complain(at: head.content, "the text is of type \(data.kind); expected a type of characters")
      return .empty
    }
    return .text(Self.text(units, rows: head.shape[0]))
  }

  /// Characters of a matrix, column by column, as text: rows with line feeds between them.
  static func text(_ units: [UInt32], rows: Int) -> String {
    var text = String.UnicodeScalarView()
    if rows <= 1 || rows > units.count {
      for unit in units { text.append(Unicode.Scalar(unit) ?? "\u{FFFD}") }
    } else {
      for row in 0..<rows {
        if row > 0 { text.append("\n") }
        for place in stride(from: row, to: units.count, by: rows) { text.append(Unicode.Scalar(units[place]) ?? "\u{FFFD}") }
      }
    }
    return String(text)
  }

  private static func words(_ bytes: ArraySlice<UInt8>, size: Int, isBigEndian: Bool) -> [UInt32] {
    stride(from: bytes.startIndex, to: bytes.endIndex - size + 1, by: size).map { place in
      let word = bytes[place..<place + size]
      return isBigEndian
        ? word.reduce(0) { $0 << 8 | UInt32($1) } : word.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }
}
