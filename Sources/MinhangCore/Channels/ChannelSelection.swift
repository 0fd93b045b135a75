/// Which channels of a recording to take, as the options `--channels` and `--exclude` say it.
///
/// Terms are names (`C3`, compared without case and padding: `Fc5.` is `FC5`) or kinds (`type:eeg`). Without terms every channel is taken.
public struct ChannelSelection: Sendable, Hashable {
  /// One word of a selection.
  public enum Term: Sendable, Hashable {
    /// A channel by its name or label.
    case name(String)
    /// All channels of a kind.
    case kind(ChannelKind)
  }

  /// Terms to take; empty means every channel.
  public var included: [Term]
  /// Terms to leave out.
  public var excluded: [Term]

  /// Makes a selection of terms.
  public init(included: [Term] = [], excluded: [Term] = []) {
    self.included = included
    self.excluded = excluded
  }

  /// Every channel.
  public static let all = ChannelSelection()

  /// The reason why a selection cannot be made.
  public enum Failure: Error, Hashable {
    /// No channel bears the name.
    case noSuchChannel(String)
    /// There is no such kind.
    case noSuchKind(String)
    /// Nothing is left.
    case empty
  }

  /// Reads terms separated by commas: `C3,Cz,type:eog`.
  ///
  /// - Throws: `Failure.noSuchKind` for an unknown `type:`.
  public static func terms(_ text: String) throws(Failure) -> [Term] {
    var terms: [Term] = []
    for word in text.split(separator: ",") {
      let word = String(word).trimmingSpaces
      guard word.lowercased().hasPrefix("type:") else {
        terms.append(.name(word))
        continue
      }
      let kind = String(word.dropFirst(5)).lowercased()
      guard let known = ChannelKind(rawValue: kind) else { throw .noSuchKind(kind) }
      terms.append(.kind(known))
    }
    return terms
  }

  /// The indices of the channels taken: in the order of the terms where there are any, else in the recording's order.
  ///
  /// - Parameter channels: The recording's channels.
  /// - Throws: `Failure.noSuchChannel` for a name that no channel bears, `Failure.empty` if nothing is left.
  public func indices(in channels: [Channel]) throws(Failure) -> [Int] {
    var taken: [Int] = []
    var seen: Set<Int> = []
    for term in included {
      for index in try Self.indices(of: term, in: channels) where seen.insert(index).inserted { taken.append(index) }
    }
    if included.isEmpty { taken = Array(channels.indices) }
    var left: Set<Int> = []
    for term in excluded { left.formUnion(try Self.indices(of: term, in: channels)) }
    taken.removeAll { left.contains($0) }
    if taken.isEmpty && !channels.isEmpty { throw .empty }
    return taken
  }

  private static func indices(of term: Term, in channels: [Channel]) throws(Failure) -> [Int] {
    switch term {
    case .kind(let kind):
      return channels.indices.filter { channels[$0].kind == kind }
    case .name(let name):
      let exact = channels.indices.filter { channels[$0].name == name || channels[$0].label == name }
      let found = exact.isEmpty ? channels.indices.filter { ChannelName.matches(channels[$0].name, name) } : exact
      guard !found.isEmpty else { throw .noSuchChannel(name) }
      return found
    }
  }
}
