import MinhangCore

/// Subtracts from every sample the mean over chosen channels, such as linked mastoids.
///
/// Values that are NaN or infinite take no part in the mean (so they do not spread) and stay as they are; where all chosen channels are so,
/// nothing is subtracted.
public struct ChosenReference: CausalStage {
  /// Indices of the reference channels in the block.
  public let channels: [Int]
  private var scratch = Reference.scratch

  /// Makes the stage.
  ///
  /// - Parameter channels: Indices of the reference channels; none subtracts nothing.
  public init(channels: [Int]) { self.channels = channels }

  /// 0.
  public var latency: Int { 0 }

  /// Subtracts the mean in place.
  ///
  /// - Precondition: every chosen channel is in the block.
  public mutating func process(_ block: inout SignalBlock) {
    precondition(
      channels.allSatisfy { (0..<block.channelCount).contains($0) },
      "reference channels \(channels) of a block of \(block.channelCount) channels")
    Reference.subtractMean(of: channels, from: &block, scratch: &scratch)
  }

  /// Nothing to forget.
  public mutating func reset() {}
}
