#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An analogue low-pass filter with its cutoff at 1 rad/s: the pattern from which a family's digital filters are cut.
///
/// `H(s) = gain · Π(s − zeros) / Π(s − poles)`. A family of filters is a function that makes one of these; the rest of the way (band transform,
/// bilinear transform, pairing) is shared.
public struct AnaloguePrototype: Sendable, Hashable {
  /// Zeros in the s-plane, real or in conjugate pairs.
  public var zeros: [ComplexNumber]
  /// Poles in the s-plane, real or in conjugate pairs, in the left half.
  public var poles: [ComplexNumber]
  /// Factor of the whole.
  public var gain: Double

  /// Makes a prototype.
  public init(zeros: [ComplexNumber], poles: [ComplexNumber], gain: Double) {
    self.zeros = zeros
    self.poles = poles
    self.gain = gain
  }

  /// How many zeros lie at infinity.
  var relativeDegree: Int { poles.count - zeros.count }

  /// The Butterworth prototype: maximally flat, −3 dB at 1 rad/s.
  ///
  /// **Source:** Butterworth 1930, "On the theory of filter amplifiers": poles evenly spaced on the left half of the unit circle,
  /// `−exp(iπm / 2N)` for `m = −N+1, −N+3, …, N−1`.
  static func butterworth(order: Int) -> AnaloguePrototype {
    let poles = stride(from: -order + 1, to: order, by: 2).map { m in
      -ComplexNumber(unitAtAngle: Double.pi * Double(m) * (1 / Double(2 * order)))
    }
    return AnaloguePrototype(zeros: [], poles: poles, gain: 1)
  }
}

extension AnaloguePrototype {
  /// The digital filter that this prototype becomes for a band: frequencies warped, band transform, bilinear transform.
  ///
  /// - Parameters:
  ///   - band: What to let through, Hz.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` where an edge is not between 0 and half the sampling rate.
  public func digital(_ band: PassBand, sampleRate: Double) throws(SignalError) -> ZerosPolesGain {
    try band.validate(sampleRate: sampleRate)
    // The bilinear transform bends the frequency axis; edges are bent the other way beforehand so that they come out where they were asked.
    let warped = band.edges.map { BilinearTransform.warped(frequency: $0, sampleRate: sampleRate) }
    let analogue: AnaloguePrototype
    switch band {
    case .lowPass: analogue = lowPass(cutoff: warped[0])
    case .highPass: analogue = highPass(cutoff: warped[0])
    case .bandPass: analogue = bandPass(centre: (warped[0] * warped[1]).squareRoot(), width: warped[1] - warped[0])
    case .bandStop: analogue = bandStop(centre: (warped[0] * warped[1]).squareRoot(), width: warped[1] - warped[0])
    }
    return BilinearTransform.digital(analogue)
  }

  /// The digital filter for a band as second-order sections.
  ///
  /// - Parameters:
  ///   - band: What to let through, Hz.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` where an edge is not between 0 and half the sampling rate.
  public func filter(_ band: PassBand, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    SectionedFilter(sections: try digital(band, sampleRate: sampleRate).sections(), sampleRate: sampleRate)
  }
}
