import MinhangCore

/// A causal stage whose output has another sampling rate than its input: blocks go in, and blocks of another length come out.
///
/// Output sample `m` lies at input sample `m · down / up`, both counted from the start of the recording, in every segment: the time of a sample
/// is its index divided by its rate, before and after. The laws of `CausalStage` hold: bits do not depend on the cutting into blocks nor on the
/// channels beside, and what is not finite stays in its channel. A block of another segment begins anew.
public protocol RateChangingStage: Sendable {
  /// The factor by which the sampling rate changes.
  var ratio: ResamplingRatio { get }

  /// Input samples after an output's own place that must have gone in before the output comes out.
  ///
  /// The output's index is its true place all the same: nothing needs to be shifted afterwards.
  var latency: Int { get }

  /// Takes a block in and hands out what it completes: `[channels × samples]` with its first sample and segment; often no sample at all.
  ///
  /// Allocates only while `output` has not yet held a block of this size.
  mutating func process(_ block: SignalBlock, into output: inout SignalBlock)

  /// Hands out the outputs that lie at or before the last input sample but need samples after it, as if the padding followed; then begins anew.
  ///
  /// For the end of a recording or of a segment.
  mutating func finish(into output: inout SignalBlock)

  /// Forgets everything that was processed, as at a gap; the design stays.
  mutating func reset()
}
