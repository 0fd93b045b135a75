import MinhangCore

/// Artifact subspace reconstruction of a whole recording: what the causal stage gives, without its delay.
///
/// Runs `CausalSubspaceReconstruction` over the signal and takes the delay back; the samples after the last update are cleaned by the last
/// reconstruction. Needs one copy of the signal; the state beside it is bounded by the update interval.
public struct WholeSignalSubspaceReconstruction: WholeSignalTransform {
  /// The stage that runs, not yet started.
  public let stage: CausalSubspaceReconstruction

  /// Makes a transform.
  ///
  /// - Parameters:
  ///   - fitted: The calibration.
  ///   - updateInterval: Samples from update to update, at least 2; nil: half a second.
  ///   - memory: Samples whose covariances an update uses, at least 1; nil: two seconds.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(_ fitted: FittedSubspaceReconstruction, updateInterval: Int? = nil, memory: Int? = nil) throws(SignalError) {
    stage = try CausalSubspaceReconstruction(fitted, updateInterval: updateInterval, memory: memory)
  }

  /// The cleaned signal, of the same shape and place.
  ///
  /// A signal shorter than one update interval is not changed.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  /// - Throws: `SignalError` with `.invalidParameter` for another number of channels.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    guard signal.channelCount == stage.fitted.channelCount else {
      throw SignalError(
        .invalidParameter, "a signal of \(signal.channelCount) channels for an ASR of \(stage.fitted.channelCount); expected as many")
    }
    guard signal.sampleCount >= stage.updateInterval else { return signal }
    var result = signal
    var running = stage
    running.process(&result)
    let (channels, count, delay) = (signal.channelCount, signal.sampleCount, stage.lookahead)
    result.withUnsafeMutableStorage { samples, stride in
      for c in 0..<channels { (samples + c * stride).update(from: samples + c * stride + delay, count: count - delay) }
      running.drain(into: samples + (count - delay), stride: stride)
    }
    return result
  }
}
