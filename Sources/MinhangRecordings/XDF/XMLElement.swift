import MinhangCore

/// An element of an XML text: name, attributes, its own text, and the elements in it.
struct XMLElement: Sendable, Hashable {
  var name: String
  var attributes: [String: String] = [:]
  /// The text of the element without that of its children and without white space at the ends.
  var text = ""
  var children: [XMLElement] = []

  /// The first child of a name.
  subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The children of a name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The text of the first child of a name; nil where there is none.
  func text(of name: String) -> String? { self[name]?.text }
}

/// What an XML text holds, as far as it can be read.
struct XMLDocument: Sendable {
  /// The outermost element; where the text is defective, with what was read before the defect.
  var root: XMLElement?
  /// What is wrong and where; nil for a sound text.
  var defect: String?
  /// Bytes up to and with the end of the outermost element; nil where it does not end.
  var byteCount: Int?
}
