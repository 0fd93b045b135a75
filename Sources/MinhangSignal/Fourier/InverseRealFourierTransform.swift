import CFFTW3

/// The way back from a half spectrum to real samples, of one length: planned once, run many times.
///
/// `x[n] = Σ X[k] e^(2πi·kn/length)` over all `length` frequencies, of which `X` holds the first `length / 2 + 1`; without a factor, so that the
/// inverse of `RealFourierTransform` is this divided by `length`. Plans are made by FFTW's ESTIMATE rule: the same bits in every run.
public final class InverseRealFourierTransform: Sendable {
  /// Number of samples that come out.
  public let length: Int
  /// Number of complex values that go in: `length / 2 + 1`.
  public var binCount: Int { length / 2 + 1 }

  // A plan is never changed after it was made, and FFTW promises that executing one is safe from any thread.
  private nonisolated(unsafe) let plan: fftw_plan

  /// Plans a transform.
  ///
  /// - Parameter length: 1 … 2²⁸.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(length: Int) throws(SignalError) {
    guard (1...(1 << 28)).contains(length) else {
      throw SignalError(.invalidLength, "the length of a Fourier transform is \(length); expected 1…\(1 << 28)")
    }
    let address = RealFourierTransform.planner.withLock { _ in
      let samples = fftw_alloc_real(length)
      let bins = fftw_alloc_complex(length / 2 + 1)
      defer {
        fftw_free(samples)
        fftw_free(bins)
      }
      return UInt(bitPattern: fftw_plan_dft_c2r_1d(Int32(length), bins, samples, UInt32(FFTW_ESTIMATE) | UInt32(FFTW_DESTROY_INPUT)))
    }
    guard let plan = fftw_plan(bitPattern: address) else {
      throw SignalError(.invalidLength, "no Fourier transform of length \(length) can be planned: not enough memory")
    }
    self.length = length
    self.plan = plan
  }

  deinit {
    let ending = UInt(bitPattern: plan)
    RealFourierTransform.planner.withLock { _ in fftw_destroy_plan(fftw_plan(bitPattern: ending)) }
  }

  /// The samples of a half spectrum.
  ///
  /// - Parameter bins: `binCount` values; the imaginary parts at frequency 0 and, for an even length, at half the sampling rate do not count.
  /// - Returns: `length` values.
  public func samples(of bins: [ComplexNumber]) -> [Double] {
    precondition(bins.count == binCount, "\(bins.count) bins for a transform of length \(length)")
    var scratch = FourierScratch(length: length)
    return scratch.withBuffers { samples, input in
      for (k, bin) in bins.enumerated() { (input[2 * k], input[2 * k + 1]) = (bin.real, bin.imaginary) }
      backward(input, into: samples)
      return Array(UnsafeBufferPointer(start: samples, count: length))
    }
  }

  /// Transforms `binCount` pairs of real and imaginary part, which are lost, to `length` samples.
  ///
  /// Both must come from a `FourierScratch`, for their alignment.
  func backward(_ bins: UnsafeMutablePointer<Double>, into samples: UnsafeMutablePointer<Double>) {
    bins.withMemoryRebound(to: fftw_complex.self, capacity: binCount) { fftw_execute_dft_c2r(plan, $0, samples) }
  }
}

extension RealFourierTransform {
  /// The least even length of at least `count` whose only prime factors are 2, 3 and 5: fast to transform.
  static func fastLength(atLeast count: Int) -> Int {
    var length = max(2, count + count % 2)
    while true {
      var rest = length
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return length }
      length += 2
    }
  }
}
