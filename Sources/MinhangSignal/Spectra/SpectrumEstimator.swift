import MinhangCore

/// A way to estimate power spectral densities from a whole signal.
public protocol SpectrumEstimator: Sendable {
  /// The one-sided densities of every channel.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  func spectrum(of signal: SignalBlock) throws(SignalError) -> PowerSpectrum
}
