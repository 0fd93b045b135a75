// Purpose: from zeros and poles to second-order sections.
// Source: the rule is the reference implementation's "nearest" pairing (Oppenheim & Schafer 2010, section 6.6): the pole nearest to the unit
// circle takes the zeros nearest to it, and goes last; then the next pole, and so on. Written anew from the rule.
// Priorities: the same sections in the same order as the reference; then the last digits.

extension ZerosPolesGain {
  /// The filter as second-order sections; the pole pair nearest to the unit circle comes last, the gain sits in the first section.
  ///
  /// Zeros or poles that are missing against the other kind are put at the origin, where they only shift time. A first-order rest has
  /// `b2 = a2 = 0`. Without zeros and poles there is one section that multiplies by the gain.
  ///
  /// - Throws: `SignalError` where a complex zero or pole has no conjugate.
  public func sections() throws(SignalError) -> [SecondOrderSection] {
    guard !zeros.isEmpty || !poles.isEmpty else { return [SecondOrderSection(b0: gain, b1: 0, b2: 0, a1: 0, a2: 0)] }
    // Equal, even numbers of zeros and poles: what is missing lies at the origin, where it is only a delay.
    let count = max(zeros.count, poles.count)
    let even = count + count % 2
    func filled(_ roots: [ComplexNumber]) -> [ComplexNumber] { roots + Array(repeating: ComplexNumber(0), count: even - roots.count) }
    var zeros = try RootSet(filled(zeros), called: "zero")
    var poles = try RootSet(filled(poles), called: "pole")

    var reversed: [SecondOrderSection] = []
    while let pole = poles.takeNearestToUnitCircle() {
      let polePair: Factor
      let zeroPair: Factor
      if pole.isReal && poles.reals.isEmpty {
        // The last real pole stands alone; its partner is the pole at the origin.
        polePair = Factor(pole, ComplexNumber(0))
        zeroPair = Factor(zeros.takeReal(nearestTo: pole) ?? ComplexNumber(0), ComplexNumber(0))
      } else if !pole.isReal && poles.reals.count == 1 && zeros.reals.count == 1 && poles.count + 1 == zeros.count {
        // One real pole and one real zero are left for each other: this pole must take a complex pair.
        polePair = Factor(conjugatesOf: pole)
        zeroPair = zeros.takeComplex(nearestTo: pole).map(Factor.init(conjugatesOf:)) ?? Factor()
      } else {
        if pole.isReal, let partner = poles.takeRealNearestToUnitCircle() {
          polePair = Factor(pole, partner)
        } else {
          polePair = Factor(conjugatesOf: pole)
        }
        switch zeros.take(nearestTo: pole) {
        case .some(let zero) where !zero.isReal: zeroPair = Factor(conjugatesOf: zero)
        case .some(let zero): zeroPair = zeros.takeReal(nearestTo: pole).map { Factor(zero, $0) } ?? Factor(zero)
        case .none: zeroPair = Factor()
        }
      }
      reversed.append(
        SecondOrderSection(b0: zeroPair.c0, b1: zeroPair.c1, b2: zeroPair.c2, a1: polePair.c1, a2: polePair.c2))
    }
    var sections = Array(reversed.reversed())
    sections[0].b0 *= gain
    sections[0].b1 *= gain
    sections[0].b2 *= gain
    return sections
  }
}

/// Coefficients of a product of up to two roots: `c0 + c1 z⁻¹ + c2 z⁻²`.
private struct Factor {
  var c0 = 1.0
  var c1 = 0.0
  var c2 = 0.0

  init() {}
  init(_ root: ComplexNumber) { c1 = -root.real }
  init(_ a: ComplexNumber, _ b: ComplexNumber) {
    c1 = -(a.real + b.real)
    c2 = a.real * b.real
  }
  init(conjugatesOf root: ComplexNumber) {
    c1 = -2 * root.real
    c2 = root.squaredMagnitude
  }
}

extension ComplexNumber {
  fileprivate var isReal: Bool { imaginary == 0 }
}

/// Roots not yet used: one of each conjugate pair, and the real ones.
private struct RootSet {
  /// The upper ones of the pairs, sorted by real part, then by imaginary part.
  var complexes: [ComplexNumber]
  /// Real roots, ascending.
  var reals: [Double]

  /// All that are left, a pair counted once.
  var count: Int { complexes.count + reals.count }
  private var all: [ComplexNumber] { complexes + reals.map { ComplexNumber($0) } }

  init(_ roots: [ComplexNumber], called name: String) throws(SignalError) {
    // An imaginary part of 100 ulp of the magnitude is rounding, not a pair.
    let tolerance = 100 * Double.ulpOfOne
    func isReal(_ root: ComplexNumber) -> Bool { root.imaginary.magnitude <= tolerance * root.magnitude }
    func isBefore(_ a: ComplexNumber, _ b: ComplexNumber) -> Bool { (a.real, a.imaginary.magnitude) < (b.real, b.imaginary.magnitude) }
    reals = roots.filter(isReal).map(\.real).sorted()
    let upper = roots.filter { !isReal($0) && $0.imaginary > 0 }.sorted(by: isBefore)
    var lower = roots.filter { !isReal($0) && !($0.imaginary > 0) }.sorted(by: isBefore)
    complexes = []
    for root in upper {
      let limit = tolerance * root.magnitude
      guard let match = lower.firstIndex(where: { ($0.conjugate - root).magnitude <= limit }) else {
        throw SignalError(.invalidParameter, "the complex \(name) \(root.real) + \(root.imaginary)i has no conjugate; expected pairs")
      }
      complexes.append(0.5 * (root + lower.remove(at: match).conjugate))
    }
    if let rest = lower.first {
      throw SignalError(.invalidParameter, "the complex \(name) \(rest.real) + \(rest.imaginary)i has no conjugate; expected pairs")
    }
  }

  /// Removes the root at a place in `all`.
  private mutating func remove(_ index: Int) -> ComplexNumber {
    index < complexes.count ? complexes.remove(at: index) : ComplexNumber(reals.remove(at: index - complexes.count))
  }

  /// The first of the candidates with the smallest distance.
  private mutating func take(from candidates: Range<Int>, by distance: (ComplexNumber) -> Double) -> ComplexNumber? {
    let all = all
    guard let best = candidates.min(by: { distance(all[$0]) < distance(all[$1]) }) else { return nil }
    return remove(best)
  }

  private static func distanceToUnitCircle(_ root: ComplexNumber) -> Double { (1 - root.magnitude).magnitude }

  mutating func takeNearestToUnitCircle() -> ComplexNumber? { take(from: 0..<count, by: Self.distanceToUnitCircle) }
  mutating func takeRealNearestToUnitCircle() -> ComplexNumber? { take(from: complexes.count..<count, by: Self.distanceToUnitCircle) }
  mutating func take(nearestTo pole: ComplexNumber) -> ComplexNumber? { take(from: 0..<count) { ($0 - pole).magnitude } }
  mutating func takeReal(nearestTo pole: ComplexNumber) -> ComplexNumber? {
    take(from: complexes.count..<count) { ($0 - pole).magnitude }
  }
  mutating func takeComplex(nearestTo pole: ComplexNumber) -> ComplexNumber? {
    take(from: 0..<complexes.count) { ($0 - pole).magnitude }
  }
}
