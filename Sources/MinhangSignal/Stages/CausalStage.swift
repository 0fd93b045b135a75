import MinhangCore

/// A stage that looks only at the past, so that it can run live: the same code serves a file at full speed and an amplifier.
///
/// Laws that every conforming type obeys, bit for bit: the output does not depend on how the input is cut into blocks, nor on how many channels
/// travel beside a channel (unless the stage mixes channels by its nature), and a NaN or an infinity in one channel never reaches another.
public protocol CausalStage: Sendable {
  /// Samples by which the output lags behind the input by construction (buffering); the phase of a filter does not count.
  var latency: Int { get }

  /// Replaces the block's samples by the stage's output and keeps the state for the next block.
  mutating func process(_ block: inout SignalBlock)

  /// Forgets everything that was processed, as at a gap; the design stays.
  mutating func reset()
}
