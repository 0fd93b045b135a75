/// A filter without feedback: the output is a weighted sum of the last inputs, `y[n] = Σ taps[k] x[n − k]`.
///
/// A design, without a state: shareable, comparable, run by `CausalConvolution`, `PartitionedConvolution` or `ZeroPhaseConvolution`.
public struct FiniteImpulseResponse: LinearFilter, Hashable {
  /// The weights, that of the newest sample first: the answer to a single 1.
  public var taps: [Double]
  /// Sampling rate that the design is for, Hz.
  public var sampleRate: Double

  /// Makes a filter of at least one tap.
  public init(taps: [Double], sampleRate: Double) {
    precondition(!taps.isEmpty, "a filter without taps")
    self.taps = taps
    self.sampleRate = sampleRate
  }

  /// The delay of a symmetric or antisymmetric filter at every frequency, samples: half the distance of the outer taps.
  public var centre: Double { Double(taps.count - 1) / 2 }

  /// The complex response at a frequency, by Horner's rule; O(taps).
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  public func response(at frequency: Double) -> ComplexNumber {
    let delay = ComplexNumber(unitAtAngle: -2 * Double.pi * frequency / sampleRate)
    return taps.reversed().reduce(ComplexNumber(0)) { $0 * delay + ComplexNumber($1) }
  }

  /// The group delay at a frequency, samples: the real part of `Σ k taps[k] z⁻ᵏ / Σ taps[k] z⁻ᵏ`; NaN where the response is zero.
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  public func groupDelay(at frequency: Double) -> Double {
    let delay = ComplexNumber(unitAtAngle: -2 * Double.pi * frequency / sampleRate)
    var (value, ramp) = (ComplexNumber(0), ComplexNumber(0))
    for (k, tap) in taps.enumerated().reversed() {
      value = value * delay + ComplexNumber(tap)
      ramp = ramp * delay + ComplexNumber(Double(k) * tap)
    }
    return value.squaredMagnitude > 0 ? (ramp / value).real : .nan
  }

  /// Throws unless a number of taps can be designed.
  static func validate(tapCount: Int) throws(SignalError) {
    guard (1...1_000_000).contains(tapCount) else {
      throw SignalError(.invalidLength, "a finite filter of \(tapCount) taps; expected 1…1000000")
    }
  }

  /// Throws unless a sampling rate is one.
  static func validate(sampleRate: Double) throws(SignalError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a filter is \(sampleRate) Hz; expected a positive, finite number")
    }
  }
}
