import MinhangCore

/// A transform that needs the whole signal, past and future: offline only.
///
/// It is deliberately not a `CausalStage`, so that no live pipeline can hold it.
public protocol WholeSignalTransform: Sendable {
  /// The transformed signal, of the same shape and place.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock

  /// Transforms a signal in place; without the memory of a second signal where the transform can do so.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment; unchanged where this throws.
  func apply(to signal: inout SignalBlock) throws(SignalError)
}

extension WholeSignalTransform {
  /// Replaces the signal by `applied(to:)`.
  public func apply(to signal: inout SignalBlock) throws(SignalError) { signal = try applied(to: signal) }
}
