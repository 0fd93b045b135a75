import MinhangCore

/// Channels by their names, as derivations look them up.
struct ChannelLookup {
  let names: [String]
  private let byKey: [String: Int]
  private let byPlace: [String: Int]

  init(_ names: [String]) {
    self.names = names
    var (byKey, byPlace): ([String: Int], [String: Int]) = ([:], [:])
    for (index, name) in names.enumerated().reversed() {
      byKey[ChannelName.key(name)] = index
      if let place = ElectrodePositions.standardName(of: name) { byPlace[place] = index }
    }
    self.byKey = byKey
    self.byPlace = byPlace
  }

  /// Index of the channel of a name, or of another name of the same place (`T3` finds `T7`).
  func index(of name: String) throws(SignalError) -> Int {
    if let index = byKey[ChannelName.key(name)] { return index }
    if let place = ElectrodePositions.standardName(of: name), let index = byPlace[place] { return index }
    throw SignalError(.invalidParameter, "no channel \(name) among \(names.joined(separator: ", ")); expected one of them")
  }

  func indices(of names: [String]) throws(SignalError) -> [Int] {
    var found: [Int] = []
    for name in names { found.append(try index(of: name)) }
    return found
  }
}
