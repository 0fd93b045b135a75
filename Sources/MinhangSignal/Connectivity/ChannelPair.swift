/// Two channels, in order.
public struct ChannelPair: Sendable, Hashable {
  /// Index of the first channel.
  public let first: Int
  /// Index of the second channel.
  public let second: Int

  /// Makes a pair.
  public init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }
}
