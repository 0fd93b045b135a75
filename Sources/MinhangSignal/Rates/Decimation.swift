#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The recursive anti-aliasing filter of a decimation; `ResamplingFilter.decimation` is the one without recursion.
public enum Decimation {
  /// Designs a Chebyshev filter of the first kind with a ripple of 0.05 dB and its edge at 80 % of the new Nyquist frequency.
  ///
  /// The filter of `scipy.signal.decimate` with `ftype="iir"`, whose order is 8. Beyond a factor of about 13 its poles crowd at 1 and the
  /// last digits go: decimate in two steps there.
  ///
  /// - Parameters:
  ///   - factor: Input samples for each output sample, at least 1.
  ///   - order: 1…100.
  ///   - sampleRate: Sampling rate of the input, Hz.
  /// - Throws: `SignalError` with `.invalidParameter`, `.invalidOrder` or `.invalidFrequency`.
  ///
  /// **Source:** Parks & Burrus 1987, "Digital filter design", section 7.3: poles `−sinh(μ + iθ)`, `θ = πm / 2N` for `m = −N+1, −N+3, …, N−1`,
  /// `μ = asinh(1 / ε) / N`.
  public static func filter(factor: Int, order: Int = 8, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    _ = try ResamplingRatio(up: 1, down: factor)
    guard (1...100).contains(order) else {
      throw SignalError(.invalidOrder, "the order of a decimation's filter is \(order); expected 1…100")
    }
    let ripple = 0.05  // dB
    let epsilon = (pow(10, 0.1 * ripple) - 1).squareRoot()
    let spread = asinh(1 / epsilon) / Double(order)
    let poles = stride(from: -order + 1, to: order, by: 2).map { m in
      let angle = Double.pi * Double(m) / Double(2 * order)
      return ComplexNumber(-sinh(spread) * cos(angle), -cosh(spread) * sin(angle))
    }
    let product = poles.reduce(ComplexNumber(1)) { $0 * -$1 }.real
    // An even order begins at the bottom of the ripple.
    let gain = order % 2 == 0 ? product / (1 + epsilon * epsilon).squareRoot() : product
    let prototype = AnaloguePrototype(zeros: [], poles: poles, gain: gain)
    let digital = try prototype.digital(.lowPass(0.8 / Double(factor) * (sampleRate / 2)), sampleRate: sampleRate)
    return SectionedFilter(sections: try digital.sections(), sampleRate: sampleRate)
  }

  /// Places in a block of the samples that a decimation keeps: those whose index is a multiple of the factor.
  static func firstKept(in firstSample: Int, factor: Int) -> Int {
    let rest = firstSample % factor
    return rest == 0 ? 0 : rest > 0 ? factor - rest : -rest
  }
}
