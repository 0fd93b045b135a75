extension String {
  /// The text as it may be shown on a terminal or in a log: control characters of a file come out as `\u{1B}`, never raw.
  public var escapedForDisplay: String {
    guard unicodeScalars.contains(where: { $0.isControl }) else { return self }
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\t": shown += "\\t"
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case _ where scalar.isControl: shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// The text in double quotes, escaped and cut to `limit` characters, for error messages.
  public func quotedForDisplay(limit: Int = 60) -> String {
    let shown = escapedForDisplay
    return shown.count > limit ? "\"\(shown.prefix(limit))…\"" : "\"\(shown)\""
  }
}

extension Unicode.Scalar {
  /// C0, DEL, C1 and the marks that turn the direction of writing: what a terminal must not get from a file.
  fileprivate var isControl: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || (0x200E...0x200F).contains(value) || (0x202A...0x202E).contains(value)
      || (0x2066...0x2069).contains(value)
  }
}
