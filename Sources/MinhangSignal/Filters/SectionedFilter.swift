#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A digital filter as second-order sections: a design, without a state.
///
/// Shareable, comparable, and run by `CausalFilter` or `ZeroPhaseFilter`.
///
/// Sections and not one polynomial, because the polynomial form of a narrow or high-order filter loses all its digits to rounding.
public struct SectionedFilter: LinearFilter, Hashable {
  /// The sections, in the order in which a sample passes them.
  public var sections: [SecondOrderSection]
  /// Sampling rate that the design is for, Hz.
  public var sampleRate: Double

  /// Makes a filter of sections.
  ///
  /// Without sections it hands samples through.
  public init(sections: [SecondOrderSection], sampleRate: Double) {
    self.sections = sections
    self.sampleRate = sampleRate
  }

  /// Whether every section is stable.
  public var isStable: Bool { sections.allSatisfy(\.isStable) }

  /// This filter and then another, as one cascade.
  ///
  /// - Precondition: both are designed for one sampling rate.
  public func followed(by other: SectionedFilter) -> SectionedFilter {
    precondition(sampleRate == other.sampleRate, "filters for \(sampleRate) Hz and \(other.sampleRate) Hz in one cascade")
    return SectionedFilter(sections: sections + other.sections, sampleRate: sampleRate)
  }

  /// The complex response at a frequency: gain as its magnitude, phase shift as its angle.
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  public func response(at frequency: Double) -> ComplexNumber {
    let delay = ComplexNumber(unitAtAngle: -2 * Double.pi * frequency / sampleRate)
    let delay2 = delay * delay
    return sections.reduce(ComplexNumber(1)) { product, s in
      let numerator = ComplexNumber(s.b0) + s.b1 * delay + s.b2 * delay2
      let denominator = ComplexNumber(1) + s.a1 * delay + s.a2 * delay2
      return product * (numerator / denominator)
    }
  }

  /// The group delay at a frequency, samples; the sum over the sections' numerators less that over their denominators.
  ///
  /// NaN exactly where the response is zero.
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  public func groupDelay(at frequency: Double) -> Double {
    let delay = ComplexNumber(unitAtAngle: -2 * Double.pi * frequency / sampleRate)
    let delay2 = delay * delay
    /// Of a polynomial `p`: the real part of `Σ k p[k] z⁻ᵏ / Σ p[k] z⁻ᵏ`.
    func lag(_ c0: Double, _ c1: Double, _ c2: Double) -> Double {
      let value = ComplexNumber(c0) + c1 * delay + c2 * delay2
      guard value.squaredMagnitude > 0 else { return .nan }
      return ((c1 * delay + 2 * c2 * delay2) / value).real
    }
    return sections.reduce(0) { $0 + lag($1.b0, $1.b1, $1.b2) - lag(1, $1.a1, $1.a2) }
  }
}
