import MinhangCore

/// A transform that needs the whole signal, past and future: offline only.
///
/// It is deliberately not a `CausalStage`, so that no live pipeline can hold it.
public protocol WholeSignalTransform: Sendable {
  /// The transformed signal, of the same shape and place.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock
}
