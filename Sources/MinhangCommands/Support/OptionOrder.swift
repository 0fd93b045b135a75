/// Brings what the options say into the order of the command line: the parser gathers each option's values, the words tell how they interleave.
enum OptionOrder {
  /// The values in the order in which their options stand among the words.
  ///
  /// - Parameters:
  ///   - words: The words of the command line.
  ///   - values: For each option, as it is written, its values in order.
  static func sorted<Value>(_ words: [String], _ values: [String: [Value]]) -> [Value] {
    var left = values
    return words.compactMap { word in
      let name = String(word.prefix { $0 != "=" })
      guard let first = left[name]?.first else { return nil }
      left[name]?.removeFirst()
      return first
    }
  }
}
