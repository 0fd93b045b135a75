import MinhangCore

/// Finds wanted channels among those of a recording or a stream, by name.
public enum ChannelMatch {
  /// For each wanted name its index among the present ones.
  ///
  /// An exact name is preferred; else names are compared as `ChannelName` does, without case and padding.
  ///
  /// - Parameters:
  ///   - wanted: Names, in the order in which the decoder wants them.
  ///   - present: Names, in the order in which the signal brings them.
  ///   - place: Where the signal comes from, for the message: a file's name.
  /// - Throws: `DecodingError` `.channelMismatch`, naming the channels that are missing.
  public static func indices(of wanted: [String], in present: [String], place: String) throws(DecodingError) -> [Int] {
    var byName: [String: Int] = [:]
    var byKey: [String: Int] = [:]
    for (index, name) in present.enumerated() {
      if byName[name] == nil { byName[name] = index }
      let key = ChannelName.key(name)
      if byKey[key] == nil { byKey[key] = index }
    }
    var indices: [Int] = []
    var missing: [String] = []
    for name in wanted {
      if let index = byName[name] ?? byKey[ChannelName.key(name)] { indices.append(index) } else { missing.append(name) }
    }
    guard missing.isEmpty else {
      let shown = missing.prefix(12).map { $0.escapedForDisplay }.joined(separator: ", ")
      let more = missing.count > 12 ? " and \(missing.count - 12) more" : ""
      throw DecodingError(
        .channelMismatch,
        "\(place.escapedForDisplay): \(missing.count) of \(wanted.count) channels are missing: \(shown)\(more); expected every one of them")
    }
    return indices
  }
}
