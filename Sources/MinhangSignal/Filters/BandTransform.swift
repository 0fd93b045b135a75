// Purpose: from the prototype with its cutoff at 1 rad/s to a low-pass, high-pass, band-pass or band-stop at the wanted place in the s-plane.
// Source: Parks & Burrus 1987, "Digital filter design", section 7.2: the substitutions are named at each function.
// Priorities: exact conjugate pairs (the pairing of sections relies on them), then the last digits. Frequencies are in the units of
// `BilinearTransform`.

extension AnaloguePrototype {
  /// `s → s / cutoff`.
  func lowPass(cutoff: Double) -> AnaloguePrototype {
    AnaloguePrototype(zeros: zeros.map { cutoff * $0 }, poles: poles.map { cutoff * $0 }, gain: gain * cutoff.raised(to: relativeDegree))
  }

  /// `s → cutoff / s`: zeros at infinity move to the origin.
  func highPass(cutoff: Double) -> AnaloguePrototype {
    AnaloguePrototype(
      zeros: zeros.map { ComplexNumber(cutoff) / $0 } + Array(repeating: ComplexNumber(0), count: relativeDegree),
      poles: poles.map { ComplexNumber(cutoff) / $0 }, gain: gain * inversionGain)
  }

  /// `s → (s² + centre²) / (width · s)`: every root becomes two, half of the zeros at infinity move to the origin.
  func bandPass(centre: Double, width: Double) -> AnaloguePrototype {
    AnaloguePrototype(
      zeros: Self.split(zeros.map { width / 2 * $0 }, around: centre) + Array(repeating: ComplexNumber(0), count: relativeDegree),
      poles: Self.split(poles.map { width / 2 * $0 }, around: centre), gain: gain * width.raised(to: relativeDegree))
  }

  /// `s → width · s / (s² + centre²)`: zeros at infinity move to the centre of the stopped band.
  func bandStop(centre: Double, width: Double) -> AnaloguePrototype {
    let stop = [ComplexNumber(0, centre), ComplexNumber(0, -centre)].flatMap { Array(repeating: $0, count: relativeDegree) }
    return AnaloguePrototype(
      zeros: Self.split(zeros.map { ComplexNumber(width / 2) / $0 }, around: centre) + stop,
      poles: Self.split(poles.map { ComplexNumber(width / 2) / $0 }, around: centre), gain: gain * inversionGain)
  }

  /// Gain change when every root is replaced by its inverse: `Re(Π(−zeros) / Π(−poles))`.
  private var inversionGain: Double {
    let one = ComplexNumber(1)
    return (zeros.reduce(one) { $0 * -$1 } / poles.reduce(one) { $0 * -$1 }).real
  }

  /// The two roots `r ± √(r² − centre²)` of every root: first all with plus, then all with minus.
  private static func split(_ roots: [ComplexNumber], around centre: Double) -> [ComplexNumber] {
    let offsets = roots.map { ($0 * $0 - ComplexNumber(centre * centre)).squareRoot }
    return zip(roots, offsets).map { $0 + $1 } + zip(roots, offsets).map { $0 - $1 }
  }
}

extension Double {
  /// The number multiplied by itself; exact order of operations, so that the same everywhere.
  fileprivate func raised(to exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * self } }
}
