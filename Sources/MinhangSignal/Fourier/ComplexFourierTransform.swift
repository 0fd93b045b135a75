import CFFTW3

/// The discrete Fourier transform of complex values, there and back, of one length: planned once, run many times.
///
/// Forward `X[k] = Σ x[n] e^(−2πi·kn/length)`, backward the same with the other sign; neither has a factor, so that one after the other
/// multiplies by `length`. Plans are made by FFTW's ESTIMATE rule, so the same length gives the same bits in every run. A plan may be used by
/// several tasks at once.
///
/// **Source:** Frigo & Johnson 2005, "The design and implementation of FFTW3", Proc. IEEE 93:216.
public final class ComplexFourierTransform: Sendable {
  /// Number of values that go in and come out.
  public let length: Int

  // A plan is never changed after it was made, and FFTW promises that executing one is safe from any thread.
  private nonisolated(unsafe) let forwardPlan: fftw_plan
  private nonisolated(unsafe) let backwardPlan: fftw_plan

  /// Plans both directions.
  ///
  /// - Parameter length: 1 … 2²⁷.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(length: Int) throws(SignalError) {
    guard (1...(1 << 27)).contains(length) else {
      throw SignalError(.invalidLength, "the length of a complex Fourier transform is \(length); expected 1…\(1 << 27)")
    }
    let (forward, backward) = RealFourierTransform.planner.withLock { _ in
      let (values, spectrum) = (fftw_alloc_complex(length), fftw_alloc_complex(length))
      defer {
        fftw_free(values)
        fftw_free(spectrum)
      }
      func planned(_ sign: Int32) -> SendablePlan {
        SendablePlan(plan: fftw_plan_dft_1d(Int32(length), values, spectrum, sign, UInt32(FFTW_ESTIMATE | FFTW_PRESERVE_INPUT)))
      }
      return (planned(FFTW_FORWARD), planned(FFTW_BACKWARD))
    }
    guard let forwardPlan = forward.plan, let backwardPlan = backward.plan else {
      throw SignalError(.invalidLength, "no complex Fourier transform of length \(length) can be planned: not enough memory")
    }
    self.length = length
    self.forwardPlan = forwardPlan
    self.backwardPlan = backwardPlan
  }

  deinit {
    let ending = [SendablePlan(plan: forwardPlan), SendablePlan(plan: backwardPlan)]
    RealFourierTransform.planner.withLock { _ in ending.forEach { fftw_destroy_plan($0.plan) } }
  }

  /// The spectrum of `length` values.
  public func forward(_ values: [ComplexNumber]) -> [ComplexNumber] { run(values) { forward($0, into: $1) } }

  /// The values of a spectrum, times `length`.
  public func backward(_ values: [ComplexNumber]) -> [ComplexNumber] { run(values) { backward($0, into: $1) } }

  private func run(
    _ values: [ComplexNumber], _ transform: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [ComplexNumber] {
    precondition(values.count == length, "\(values.count) values for a transform of length \(length)")
    var scratch = FourierScratch(length: 2 * length)
    return scratch.withBuffers { input, output in
      for (i, value) in values.enumerated() { (input[2 * i], input[2 * i + 1]) = (value.real, value.imaginary) }
      transform(input, output)
      return (0..<length).map { ComplexNumber(output[2 * $0], output[2 * $0 + 1]) }
    }
  }

  /// Transforms `length` pairs of real and imaginary part; both must come from one `FourierScratch(length: 2 * length)`, for their alignment.
  func forward(_ values: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>) {
    Self.run(forwardPlan, values, spectrum, length)
  }

  /// Transforms back; the memory is that of `forward`.
  func backward(_ spectrum: UnsafeMutablePointer<Double>, into values: UnsafeMutablePointer<Double>) {
    Self.run(backwardPlan, spectrum, values, length)
  }

  private static func run(_ plan: fftw_plan, _ from: UnsafeMutablePointer<Double>, _ to: UnsafeMutablePointer<Double>, _ length: Int) {
    from.withMemoryRebound(to: fftw_complex.self, capacity: length) { from in
      to.withMemoryRebound(to: fftw_complex.self, capacity: length) { to in fftw_execute_dft(plan, from, to) }
    }
  }
}
