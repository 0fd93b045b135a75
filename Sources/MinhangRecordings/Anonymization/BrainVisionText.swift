import MinhangCore

/// The lines of a BrainVision header or marker file, as bytes: the encoding stays what it is.
struct BrainVisionText {
  /// A section: its name in lower case without brackets, and its lines `key=value`.
  struct Section {
    var name: String
    var lines: [(key: String, value: [UInt8])]
  }

  var sections: [Section] = []

  /// Whether a file begins like a header: `Brain Vision Data Exchange Header File`, an old one `BrainVision …`.
  static func isHeader(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(128).drop { [0xEF, 0xBB, 0xBF].contains($0) }, as: UTF8.self).lowercased()
    return (text.hasPrefix("brain vision ") || text.hasPrefix("brainvision ")) && text.contains("header file")
  }

  /// Reads the lines; comments, and lines that are no `key=value`, are left out.
  init(_ bytes: [UInt8]) {
    for raw in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let line = raw.drop { $0 == 0x20 || $0 == 0x09 }
      if line.first == 0x5B, let end = line.firstIndex(of: 0x5D) {
        let name = String(decoding: line[line.index(after: line.startIndex)..<end], as: UTF8.self).lowercased().trimmingSpaces
        sections.append(Section(name: name, lines: []))
        // Free text up to the end, whatever looks like a section in it.
        if name == "comment" { return }
      } else if line.first != 0x3B, !sections.isEmpty, let mark = line.firstIndex(of: 0x3D) {
        let key = String(decoding: line[..<mark], as: UTF8.self).trimmingSpaces
        sections[sections.count - 1].lines.append((key, Array(line[line.index(after: mark)...])))
      }
    }
  }

  /// The lines of a section.
  func lines(_ section: String) -> [(key: String, value: [UInt8])] { sections.filter { $0.name == section }.flatMap(\.lines) }

  /// A value as text; nil where there is none.
  func value(_ key: String, in section: String) -> String? {
    lines(section).first { $0.key.lowercased() == key.lowercased() }.map { HeaderText.decoded($0.value[...]) }
  }
}
