import CFFTW3

/// From a half spectrum to real samples: the way back of `RealFourierTransform`, without a factor, so that both together multiply by `length`.
///
/// Plans are made by FFTW's ESTIMATE rule; a plan may be used by several tasks at once.
final class InverseRealFourierTransform: Sendable {
  /// Number of samples that come out; `length / 2 + 1` complex values go in.
  let length: Int

  // A plan is never changed after it was made, and FFTW promises that executing one is safe from any thread.
  private nonisolated(unsafe) let plan: fftw_plan

  /// Plans a transform of 1 … 2²⁸ samples.
  init(length: Int) throws(SignalError) {
    guard (1...(1 << 28)).contains(length) else {
      throw SignalError(.invalidLength, "the length of an inverse Fourier transform is \(length); expected 1…\(1 << 28)")
    }
    let made = RealFourierTransform.planner.withLock { _ in
      let samples = fftw_alloc_real(length)
      let bins = fftw_alloc_complex(length / 2 + 1)
      defer {
        fftw_free(samples)
        fftw_free(bins)
      }
      return SendablePlan(plan: fftw_plan_dft_c2r_1d(Int32(length), bins, samples, UInt32(FFTW_ESTIMATE)))
    }
    guard let plan = made.plan else {
      throw SignalError(.invalidLength, "no inverse Fourier transform of length \(length) can be planned: not enough memory")
    }
    self.length = length
    self.plan = plan
  }

  deinit {
    let ending = SendablePlan(plan: plan)
    RealFourierTransform.planner.withLock { _ in fftw_destroy_plan(ending.plan) }
  }

  /// Transforms pairs of real and imaginary part, which are destroyed, to samples; both from one `FourierScratch`, for their alignment.
  func samples(of bins: UnsafeMutablePointer<Double>, into samples: UnsafeMutablePointer<Double>) {
    bins.withMemoryRebound(to: fftw_complex.self, capacity: length / 2 + 1) { fftw_execute_dft_c2r(plan, $0, samples) }
  }
}
