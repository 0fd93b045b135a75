/// Names of channels as people write them, brought to one form so that they can be compared.
///
/// Files write the same electrode as `Fc5.`, `FC5`, `EEG FC5`, `EEG Fc5-REF`. A cleaned name drops the padding dots of PhysioNet, the `EEG `
/// prefix of EDF+ and surrounding white space, and gives a 10-5 position its standard case (`FC5`, `Fp1`, `Cz`). Names are compared without
/// regard to case.
public enum ChannelName {
  /// The form of a label in which it is shown, saved in a model, and matched.
  ///
  /// - Parameter label: The label as a file writes it.
  /// - Returns: The cleaned name; the trimmed label itself where cleaning would leave nothing.
  public static func cleaned(_ label: String) -> String {
    let trimmed = label.trimmingSpaces
    var name = trimmed[...]
    if name.lowercased().hasPrefix("eeg ") { name = name.dropFirst(4).drop(while: { $0 == " " }) }
    while name.last == "." { name = name.dropLast() }
    guard !name.isEmpty else { return trimmed }
    return standardPosition(String(name)) ?? String(name)
  }

  /// Whether two labels name the same channel.
  public static func matches(_ a: String, _ b: String) -> Bool { key(a) == key(b) }

  /// The text by which channels are looked up: the cleaned name in lower case.
  public static func key(_ label: String) -> String { cleaned(label).lowercased() }

  /// A 10-5 position in its standard case, or nil if the name is not one.
  ///
  /// **Source:** Oostenveld & Praamstra 2001, "The five percent electrode system", Clin. Neurophysiol. 112:713: letters of the row, then `z` or
  /// a number, with an optional `h` for a half-way position.
  public static func standardPosition(_ name: String) -> String? {
    let rows = [
      "n", "fp", "afp", "af", "aff", "f", "ffc", "fc", "ft", "fcc", "ftt", "c", "t", "ccp", "ttp", "cp", "tp", "cpp", "tpp", "p", "ppo",
      "po", "poo", "o", "oi", "i", "a", "m", "fft",
    ]
    let lowered = name.lowercased()
    let row = String(lowered.prefix(while: { $0.isLetter && $0 != "z" && $0 != "h" }))
    let rest = lowered.dropFirst(row.count)
    guard rows.contains(row), !rest.isEmpty else { return nil }
    let isMidline = rest == "z"
    let digits = rest.last == "h" ? rest.dropLast() : rest
    guard isMidline || (!digits.isEmpty && digits.count <= 2 && digits.allSatisfy { $0.isASCII && $0.isNumber }) else { return nil }
    let letters = row.hasSuffix("fp") ? row.dropLast(2).uppercased() + "Fp" : row.uppercased()
    return letters + rest
  }
}

extension String {
  /// The text without white space and NULs at its ends.
  public var trimmingSpaces: String {
    // Most texts begin and end with a letter or digit that needs no look at Unicode.
    if let first = utf8.first, let last = utf8.last, (0x21...0x7E).contains(first), (0x21...0x7E).contains(last) { return self }
    func isPadding(_ c: Character) -> Bool { c.isWhitespace || c == "\0" }
    guard let first = firstIndex(where: { !isPadding($0) }), let last = lastIndex(where: { !isPadding($0) }) else { return "" }
    return String(self[first...last])
  }
}
