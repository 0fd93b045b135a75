import MinhangAlgebra
import MinhangCore

/// Resampling to a number of samples through the spectrum: the whole signal taken for one period of a periodic one.
///
/// The sharpest of all low-passes, at the price of ringing where the signal's ends do not meet. Equals `scipy.signal.resample`: bins up to the
/// lower Nyquist frequency are kept; where that bin has no partner in the shorter of the two spectra, it is halved (more samples) or joined
/// with its mirror image (fewer samples). A NaN or an infinity spoils its whole channel and no other.
public struct FourierResampler: Sendable {
  /// Samples that come out.
  public let sampleCount: Int
  /// Most threads that the channels are shared out over; the bits do not depend on it.
  public let threads: Int

  /// Makes a resampler.
  ///
  /// - Parameters:
  ///   - sampleCount: Samples that come out, at least 1.
  ///   - threads: Most threads that the channels are shared out over.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(sampleCount: Int, threads: Int = 1) throws(SignalError) {
    guard sampleCount >= 1 else {
      throw SignalError(.invalidLength, "resampling to \(sampleCount) samples; expected at least 1")
    }
    self.sampleCount = sampleCount
    self.threads = threads
  }

  /// The signal with `sampleCount` samples, `[channels × sampleCount]`; its first sample is numbered 0.
  ///
  /// O(n log n), for lengths of small prime factors much faster than for others.
  ///
  /// - Parameter signal: `[channels × samples]`, at least 1 sample.
  /// - Throws: `SignalError` with `.tooShort` or `.invalidLength`.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    let (count, newCount) = (signal.sampleCount, sampleCount)
    guard count >= 1 else {
      throw SignalError(.tooShort, "a signal of 0 samples cannot be resampled through its spectrum; expected at least 1")
    }
    let forward = try RealFourierTransform(length: count)
    let backward = try RealFourierTransform(length: newCount)
    return SignalBlock(channelCount: signal.channelCount, sampleCount: newCount, segment: signal.segment) { results, resultStride in
      signal.withUnsafeStorage { rows, stride in
        // No two channels touch the same row.
        nonisolated(unsafe) let (rows, results) = (rows, results)
        _ = concurrentMap(count: signal.channelCount, threads: threads) { c in
          Self.resample(rows + c * stride, forward, into: results + c * resultStride, backward)
        }
      }
    }
  }

  private static func resample(
    _ row: UnsafePointer<Double>, _ forward: RealFourierTransform, into result: UnsafeMutablePointer<Double>,
    _ backward: RealFourierTransform
  ) {
    let (count, newCount) = (forward.length, backward.length)
    let common = min(count, newCount)
    var scratch = FourierScratch(length: count)
    var newScratch = FourierScratch(length: newCount)
    scratch.withBuffers { samples, bins in
      newScratch.withBuffers { hartley, newBins in
        samples.update(from: row, count: count)
        forward.forward(samples, into: bins)
        // The inverse through a second forward transform. For a spectrum Z of a real signal the real sequence h[k] = Re Z[k] − Im Z[k] has the
        // signal as its Hartley transform, Re F[n] − Im F[n], where F is the Fourier transform of h.
        // Source: Bracewell 1983, "Discrete Hartley transform", J. Opt. Soc. Am. 73:1832.
        hartley.update(repeating: 0, count: newCount)
        let scale = 1 / Double(count)
        for k in 0...(common / 2) {
          let isUnpaired = common % 2 == 0 && k == common / 2 && count != newCount
          let factor = isUnpaired ? (newCount < count ? 2 * scale : 0.5 * scale) : scale
          let real = factor * bins[2 * k]
          // A signal's own bin at its Nyquist frequency, like the one at 0, is real.
          let hasMirror = k > 0 && 2 * k < newCount
          let imaginary = hasMirror ? factor * bins[2 * k + 1] : 0
          hartley[k] = real - imaginary
          if hasMirror { hartley[newCount - k] = real + imaginary }
        }
        backward.forward(hartley, into: newBins)
        result[0] = newBins[0]
        for n in 1..<max(newCount / 2 + 1, 1) where n < newCount {
          // The upper half of F mirrors the lower one.
          result[n] = newBins[2 * n] - newBins[2 * n + 1]
          result[newCount - n] = newBins[2 * n] + newBins[2 * n + 1]
        }
      }
    }
  }
}
