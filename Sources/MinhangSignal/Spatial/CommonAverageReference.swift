import MinhangCore

/// Subtracts from every sample the mean over all channels of the block.
///
/// Values that are NaN or infinite take no part in the mean (so they do not spread) and stay as they are. The channels of one block should
/// measure the same kind of thing: choose them before.
public struct CommonAverageReference: CausalStage {
  private var scratch = Reference.scratch

  /// Makes the stage.
  public init() {}

  /// 0.
  public var latency: Int { 0 }

  /// Subtracts the mean in place.
  public mutating func process(_ block: inout SignalBlock) {
    Reference.subtractMean(of: 0..<block.channelCount, from: &block, scratch: &scratch)
  }

  /// Nothing to forget.
  public mutating func reset() {}
}
