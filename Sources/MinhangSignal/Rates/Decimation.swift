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
  public static func filter(factor: Int, order: Int = 8, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    _ = try ResamplingRatio(up: 1, down: factor)
    guard ChebyshevI.orders.contains(order) else {
      throw SignalError(.invalidOrder, "the order of a decimation's filter is \(order); expected 1…100")
    }
    return try ChebyshevI.filter(
      order: order, passbandRipple: 0.05, .lowPass(0.8 / Double(factor) * (sampleRate / 2)), sampleRate: sampleRate)
  }

  /// Places in a block of the samples that a decimation keeps: those whose index is a multiple of the factor.
  static func firstKept(in firstSample: Int, factor: Int) -> Int {
    let rest = firstSample % factor
    return rest == 0 ? 0 : rest > 0 ? factor - rest : -rest
  }
}
