import CFFTW3
import Synchronization

/// The discrete Fourier transform of real samples, of one length: planned once, run many times.
///
/// `X[k] = Σ x[n] e^(−2πi·kn/length)` for `k = 0 … length/2`, without a factor. Any length of at least 1 works, primes too. Plans are made by
/// FFTW's ESTIMATE rule, which measures nothing: the same length gives the same bits in every run. A plan may be used by several tasks at once.
///
/// **Source:** Frigo & Johnson 2005, "The design and implementation of FFTW3", Proc. IEEE 93:216.
public final class RealFourierTransform: Sendable {
  /// Number of samples that go in.
  public let length: Int
  /// Number of complex values that come out: `length / 2 + 1`.
  public var binCount: Int { length / 2 + 1 }

  // FFTW's planner keeps global tables: one plan at a time in the whole process, for making and for destroying.
  static let planner = Mutex(())
  // A plan is never changed after it was made, and FFTW promises that executing one is safe from any thread.
  private nonisolated(unsafe) let plan: fftw_plan

  /// Plans a transform.
  ///
  /// O(length log length) to run; allocates only here.
  ///
  /// - Parameter length: 1 … 2²⁸.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(length: Int) throws(SignalError) {
    guard (1...(1 << 28)).contains(length) else {
      throw SignalError(.invalidLength, "the length of a Fourier transform is \(length); expected 1…\(1 << 28)")
    }
    let made = Self.planner.withLock { _ in
      let samples = fftw_alloc_real(length)
      let bins = fftw_alloc_complex(length / 2 + 1)
      defer {
        fftw_free(samples)
        fftw_free(bins)
      }
      // The input is kept: a plan that may destroy it is not faster at these lengths, and callers reuse their samples.
      let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_PRESERVE_INPUT)
      return SendablePlan(plan: fftw_plan_dft_r2c_1d(Int32(length), samples, bins, flags))
    }
    guard let plan = made.plan else {
      throw SignalError(.invalidLength, "no Fourier transform of length \(length) can be planned: not enough memory")
    }
    self.length = length
    self.plan = plan
  }

  deinit {
    let ending = SendablePlan(plan: plan)
    Self.planner.withLock { _ in fftw_destroy_plan(ending.plan) }
  }

  /// The half spectrum of a signal.
  ///
  /// - Parameter samples: `length` values.
  /// - Returns: `binCount` values, from frequency 0 to half the sampling rate.
  public func forward(_ samples: [Double]) -> [ComplexNumber] {
    precondition(samples.count == length, "\(samples.count) samples for a transform of length \(length)")
    var scratch = FourierScratch(length: length)
    return scratch.withBuffers { input, output in
      for i in 0..<length { input[i] = samples[i] }
      forward(input, into: output)
      return (0..<binCount).map { ComplexNumber(output[2 * $0], output[2 * $0 + 1]) }
    }
  }

  /// Transforms `length` samples to `binCount` pairs of real and imaginary part.
  ///
  /// Both must come from a `FourierScratch`, for their alignment.
  func forward(_ samples: UnsafeMutablePointer<Double>, into bins: UnsafeMutablePointer<Double>) {
    bins.withMemoryRebound(to: fftw_complex.self, capacity: binCount) { fftw_execute_dft_r2c(plan, samples, $0) }
  }
}

/// Lets a plan cross the planner's lock.
struct SendablePlan: @unchecked Sendable {  // Only the pointer crosses; see `plan`.
  let plan: fftw_plan?
}

/// Memory for one transform at a time: a plain value, so that copies of its owner never share it.
struct FourierScratch: Sendable {
  /// Values in a cache line; both buffers start on one, which is stricter than what FFTW's vector code asks.
  private static let line = 8
  private var storage: [Double]
  private let outputOffset: Int

  init(length: Int) {
    outputOffset = (length + Self.line - 1) / Self.line * Self.line
    storage = [Double](repeating: 0, count: outputOffset + 2 * (length / 2 + 1) + Self.line)
  }

  /// Calls `body` with room for the samples and for the bins (pairs of real and imaginary part).
  mutating func withBuffers<Result>(
    _ body: (_ samples: UnsafeMutablePointer<Double>, _ bins: UnsafeMutablePointer<Double>) -> Result
  ) -> Result {
    storage.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress!
      // An array's elements lie where the allocator put them, and move when the array is copied: align on every use.
      let misplaced = Int(bitPattern: base) / MemoryLayout<Double>.stride % Self.line
      let samples = base + (misplaced == 0 ? 0 : Self.line - misplaced)
      return body(samples, samples + outputOffset)
    }
  }
}
