import MinhangAlgebra
import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The analytic signal `x + i·H(x)` of each channel, through the Fourier transform of the whole signal: offline only.
///
/// Envelope and phase mean something for signals of one narrow band: filter first. The transform takes the signal as periodic, so the ends carry
/// over into each other. Equals `numpy.abs`, `numpy.angle` and the imaginary part of `scipy.signal.hilbert(x)`. A NaN or an infinity spoils its
/// whole channel and no other.
///
/// **Source:** Marple 1999, "Computing the discrete-time 'analytic' signal via FFT", IEEE Trans. Signal Process. 47:2600.
public struct HilbertTransform: WholeSignalTransform {
  /// What is made of the analytic signal.
  public enum Output: String, Sendable, Hashable, CaseIterable {
    /// Its magnitude, µV.
    case envelope
    /// Its angle, radians, −π…π.
    case phase
    /// Its imaginary part, the signal a quarter period later, µV.
    case quadrature
  }

  /// What is made of the analytic signal.
  public let output: Output
  /// Most threads that channels are shared out over; the bits do not depend on it.
  public let threads: Int

  /// Makes a transform.
  public init(_ output: Output, threads: Int = 1) {
    self.output = output
    self.threads = threads
  }

  /// The envelope, phase or quadrature of every channel, of the same shape and place; an empty signal stays empty.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment, at most 2²⁸ samples.
  /// - Throws: `SignalError` with `.invalidLength`.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    guard !signal.isEmpty else { return signal }
    let count = signal.sampleCount
    let forward = try RealFourierTransform(length: count)
    let inverse = try InverseRealFourierTransform(length: count)
    var result = signal
    let output = output
    result.withUnsafeMutableStorage { samples, stride in
      // No two channels touch the same row.
      nonisolated(unsafe) let samples = samples
      _ = concurrentMap(count: signal.channelCount, threads: threads) { c in
        let row = samples + c * stride
        var scratch = FourierScratch(length: count)
        scratch.withBuffers { values, bins in
          values.update(from: row, count: count)
          forward.forward(values, into: bins)
          // A quarter period later: −i · X, and nothing at the bins that are their own mirror images.
          for k in 0..<forward.binCount {
            let (real, imaginary) = k == 0 || 2 * k == count ? (0, 0) : (bins[2 * k] / Double(count), bins[2 * k + 1] / Double(count))
            (bins[2 * k], bins[2 * k + 1]) = (imaginary, -real)
          }
          inverse.backward(bins, into: values)
          for i in 0..<count {
            switch output {
            case .envelope: row[i] = ComplexNumber(row[i], values[i]).magnitude
            case .phase: row[i] = atan2(values[i], row[i])
            case .quadrature: row[i] = values[i]
            }
          }
        }
      }
    }
    return result
  }
}
