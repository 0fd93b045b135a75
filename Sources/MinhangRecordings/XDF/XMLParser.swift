import MinhangCore

/// Reads the XML of XDF headers: elements, attributes, text, comments, character data, the five named entities and numeric ones.
///
/// A document type definition is refused, since a text of 1 kB could name files or grow to gigabytes through it. Nesting is limited to 64
/// elements, a text to 8 MiB and a million elements. Linear in the length.
struct XMLParser {
  /// The longest text that is looked at, bytes.
  static let byteLimit = 8 << 20
  private static let depthLimit = 64
  private static let elementLimit = 1_000_000

  private struct Open {
    var element: XMLElement
    var text: [UInt8] = []
  }

  /// A defect: what is wrong at which byte.
  private struct Defect: Error {
    var message: String
  }

  private let bytes: [UInt8]
  private var place = 0
  private var stack: [Open] = []
  private var elementCount = 0
  private var root: XMLElement?

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads a text; what follows the outermost element is not looked at.
  static func parse(_ bytes: [UInt8]) -> XMLDocument {
    guard bytes.count <= byteLimit else {
      return XMLDocument(defect: "XML text of \(bytes.count) bytes; expected at most \(byteLimit)")
    }
    var parser = XMLParser(bytes)
    do throws(Defect) {
      try parser.run()
      return XMLDocument(root: parser.root, byteCount: parser.place)
    } catch {
      while parser.stack.count > 0 { parser.close() }
      return XMLDocument(root: parser.root, defect: error.message)
    }
  }

  private mutating func run() throws(Defect) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    while root == nil {
      guard place < bytes.count else {
        throw Defect(message: stack.isEmpty ? "XML text holds no element" : "XML text ends within <\(shown(stack[0].element.name))>")
      }
      if bytes[place] == UInt8(ascii: "<") {
        try markup()
      } else {
        try text()
      }
    }
  }

  private func shown(_ name: String) -> String { String(name.escapedForDisplay.prefix(40)) }

  private func starts(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { place + $0.count <= bytes.count && bytes[place..<(place + $0.count)].elementsEqual($0) }
  }

  /// Moves behind the next occurrence of a text.
  private mutating func skip(past end: StaticString, from: Int) throws(Defect) -> Range<Int> {
    let mark = end.withUTF8Buffer { Array($0) }
    var at = from
    while at + mark.count <= bytes.count {
      if bytes[at] == mark[0] && bytes[at..<(at + mark.count)].elementsEqual(mark) {
        place = at + mark.count
        return from..<at
      }
      at += 1
    }
    throw Defect(message: "XML text at byte \(place) is not closed; expected \(String(decoding: mark, as: UTF8.self).quotedForDisplay())")
  }

  private mutating func markup() throws(Defect) {
    if starts("<?") {
      _ = try skip(past: "?>", from: place + 2)
    } else if starts("<!--") {
      _ = try skip(past: "-->", from: place + 4)
    } else if starts("<![CDATA[") {
      let content = try skip(past: "]]>", from: place + 9)
      if !stack.isEmpty { stack[stack.count - 1].text += bytes[content] }
    } else if starts("<!") {
      throw Defect(message: "XML text at byte \(place) is a document type definition; expected none, it is not followed")
    } else if starts("</") {
      try endTag()
    } else {
      try startTag()
    }
  }

  private mutating func text() throws(Defect) {
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
      guard bytes[place] != 0 else { throw Defect(message: "XML text at byte \(place) is a NUL; expected a character") }
      place += 1
    }
    guard !stack.isEmpty else {
      guard bytes[start..<place].allSatisfy(Self.isSpace) else {
        throw Defect(message: "XML text at byte \(start) is outside of any element; expected \"<\"")
      }
      return
    }
    stack[stack.count - 1].text += try unescaped(start..<place)
  }

  private mutating func endTag() throws(Defect) {
    let start = place
    place += 2
    let name = self.name()
    skipSpace()
    guard let last = stack.last, last.element.name == name, place < bytes.count, bytes[place] == UInt8(ascii: ">") else {
      let wanted = stack.last.map { "</\(shown($0.element.name))>" } ?? "an element"
      throw Defect(message: "XML text at byte \(start) is \("</\(name)".quotedForDisplay()); expected \(wanted)")
    }
    place += 1
    close()
  }

  private mutating func startTag() throws(Defect) {
    let start = place
    place += 1
    let name = self.name()
    guard !name.isEmpty else {
      throw Defect(message: "XML text at byte \(start) is not the start of an element; expected a name after \"<\"")
    }
    guard stack.count < Self.depthLimit else {
      throw Defect(message: "XML text at byte \(start) is nested \(stack.count + 1) deep; expected at most \(Self.depthLimit)")
    }
    elementCount += 1
    guard elementCount <= Self.elementLimit else {
      throw Defect(message: "XML text at byte \(start) is element \(elementCount); expected at most \(Self.elementLimit)")
    }
    var element = XMLElement(name: name)
    while true {
      skipSpace()
      guard place < bytes.count else { throw Defect(message: "XML text ends within a tag") }
      if bytes[place] == UInt8(ascii: ">") || starts("/>") { break }
      let attribute = self.name()
      skipSpace()
      guard !attribute.isEmpty, place < bytes.count, bytes[place] == UInt8(ascii: "=") else {
        throw Defect(message: "XML text at byte \(place) is not an attribute; expected name=\"value\"")
      }
      place += 1
      skipSpace()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
        throw Defect(message: "XML text at byte \(place) is not a quoted value; expected one after \"=\"")
      }
      let quote = bytes[place]
      let value = place + 1
      place = value
      while place < bytes.count, bytes[place] != quote { place += 1 }
      guard place < bytes.count else { throw Defect(message: "XML text ends within a value") }
      element.attributes[attribute] = String(decoding: try unescaped(value..<place), as: UTF8.self)
      place += 1
    }
    stack.append(Open(element: element))
    if starts("/>") {
      place += 2
      close()
    } else {
      place += 1
    }
  }

  private mutating func close() {
    var open = stack.removeLast()
    open.element.text = String(decoding: open.text, as: UTF8.self).trimmingSpaces
    if stack.isEmpty { root = open.element } else { stack[stack.count - 1].element.children.append(open.element) }
  }

  /// The name at the current place; empty where there is none.
  private mutating func name() -> String {
    let start = place
    while place < bytes.count, !Self.isSpace(bytes[place]), !Self.endsName.contains(bytes[place]) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func skipSpace() { while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 } }

  private static let endsName: Set<UInt8> = Set("<>/=\"'".utf8).union([0])
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The bytes with entities resolved.
  private func unescaped(_ range: Range<Int>) throws(Defect) -> [UInt8] {
    guard bytes[range].contains(UInt8(ascii: "&")) else { return Array(bytes[range]) }
    var text: [UInt8] = []
    var at = range.lowerBound
    while at < range.upperBound {
      guard bytes[at] == UInt8(ascii: "&") else {
        text.append(bytes[at])
        at += 1
        continue
      }
      let window = bytes[(at + 1)..<min(range.upperBound, at + 13)]
      guard let end = window.firstIndex(of: UInt8(ascii: ";")),
        let scalar = Self.scalar(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
      else {
        throw Defect(
          message:
            "XML text at byte \(at) is \(String(decoding: bytes[at..<window.endIndex], as: UTF8.self).quotedForDisplay(limit: 12)); expected an entity"
        )
      }
      text += Array(String(Character(scalar)).utf8)
      at = end + 1
    }
    return text
  }

  private static func scalar(_ entity: String) -> Unicode.Scalar? {
    switch entity {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let number =
        entity.hasPrefix("#x") ? UInt32(entity.dropFirst(2), radix: 16) : entity.hasPrefix("#") ? UInt32(entity.dropFirst()) : nil
      return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
    }
  }
}
