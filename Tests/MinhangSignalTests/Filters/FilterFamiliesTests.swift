import Testing

@testable import MinhangSignal

/// Chebyshev I and II, elliptic and Bessel filters against scipy, and against what each family promises.
struct FilterFamiliesTests {
  struct Designs: Decodable {
    struct Roots: Decodable {
      let ones: Int
      let minusOnes: Int
      let others: [Double]

      var all: [ComplexNumber] {
        let listed = stride(from: 0, to: others.count, by: 2).map { ComplexNumber(others[$0], others[$0 + 1]) }
        return Array(repeating: ComplexNumber(1), count: ones) + Array(repeating: ComplexNumber(-1), count: minusOnes) + listed
          + listed.filter { $0.imaginary != 0 }.map(\.conjugate)
      }
    }
    struct Design: Decodable {
      let kind: String
      let order: Int
      let rate: Double
      let edges: [Double]
      let ripple: Double
      let attenuation: Double
      let norm: String
      let zeros: Roots
      let poles: Roots
      let gain: Double

      func prototype(_ family: String) throws -> AnaloguePrototype {
        switch family {
        case "cheby1": try ChebyshevI.prototype(order: order, passbandRipple: ripple)
        case "cheby2": try ChebyshevII.prototype(order: order, stopbandAttenuation: attenuation)
        case "ellip": try Elliptic.prototype(order: order, passbandRipple: ripple, stopbandAttenuation: attenuation)
        default: try Bessel.prototype(order: order, normalization: ["phase": .phase, "delay": .delay][norm] ?? .magnitude)
        }
      }
    }
    let designs: [Design]
  }

  /// The largest distance of a root from the nearest of the expected ones that are left, as a part of its magnitude.
  private func distance(_ got: [ComplexNumber], _ expected: [ComplexNumber]) -> Double {
    guard got.count == expected.count else { return .infinity }
    var rest = got
    return expected.reduce(0) { worst, root in
      let index = rest.indices.min { (rest[$0] - root).squaredMagnitude < (rest[$1] - root).squaredMagnitude }!
      return max(worst, (rest.remove(at: index) - root).magnitude / root.magnitude)
    }
  }

  // The acceptance figures, of each root's and the gain's magnitude.
  @Test(arguments: [("cheby1", 1e-12), ("cheby2", 1e-12), ("ellip", 1e-12), ("bessel", 1e-9)])
  func `random designs have scipy's zeros, poles and gain`(family: String, tolerance: Double) throws {
    let golden: Designs = try Golden.load("\(family).json")
    var (worst, worstGain, worstSections) = (0.0, 0.0, 0.0)
    for design in golden.designs {
      let band = passBand(design.kind, design.edges)
      let digital = try design.prototype(family).digital(band, sampleRate: design.rate)
      let label = Comment(rawValue: "\(family) \(design.kind) order \(design.order) \(design.edges) at \(design.rate)")
      let roots = max(distance(digital.zeros, design.zeros.all), distance(digital.poles, design.poles.all))
      let gain = (digital.gain / design.gain - 1).magnitude
      #expect(roots <= tolerance, label)
      #expect(gain <= tolerance, label)
      // The sections are the same filter: their response where the gain is largest is that of scipy's roots.
      let filter = try design.prototype(family).filter(band, sampleRate: design.rate)
      #expect(filter.isStable, label)
      for edge in design.edges {
        let z = ComplexNumber(unitAtAngle: 2 * Double.pi * edge / design.rate)
        let top = design.zeros.all.reduce(ComplexNumber(design.gain)) { $0 * (z - $1) }
        let expected = design.poles.all.reduce(top) { $0 / (z - $1) }
        worstSections = max(worstSections, (filter.response(at: edge) - expected).magnitude / expected.magnitude)
      }
      (worst, worstGain) = (max(worst, roots), max(worstGain, gain))
    }
    // A pole at a distance d from the unit circle magnifies rounding by 1 / d, and a coefficient of a section holds the pole only to an ulp;
    // the narrowest of these designs have d near 1e-4 and 12 sections, and a section's coefficients cancel once more at low frequencies.
    #expect(worstSections <= 1e-7)
    print("parity \(family) scipy.signal.\(family) \(max(worst, worstGain)) (\(golden.designs.count) sets)")
  }

  @Test(arguments: 1...12)
  func `Chebyshev's ripple and attenuation are reached at the edges and nowhere passed`(order: Int) throws {
    let first = try ChebyshevI.filter(order: order, passbandRipple: 0.5, .lowPass(40), sampleRate: 250)
    let second = try ChebyshevII.filter(order: order, stopbandAttenuation: 50, .highPass(20), sampleRate: 250)
    // A product of up to 6 factors of an ulp each, magnified by the slope at the edge.
    #expect((first.response(at: [40]).decibels[0] + 0.5).magnitude < 1e-10)
    #expect((second.response(at: [20]).decibels[0] + 50).magnitude < 1e-8)
    for frequency in stride(from: 0.5, to: 125, by: 0.5) {
      let (a, b) = (first.response(at: [frequency]).decibels[0], second.response(at: [frequency]).decibels[0])
      if frequency < 40 { #expect(a > -0.5 - 1e-9 && a < 1e-9) } else if frequency > 41 { #expect(a < -0.5) }
      if frequency < 20 { #expect(b < -50 + 1e-6) }
    }
    #expect((second.response(at: 125).magnitude - 1).magnitude < 1e-11)
  }

  @Test(arguments: 2...10)
  func `an elliptic filter keeps both its ripples`(order: Int) throws {
    let filter = try Elliptic.filter(order: order, passbandRipple: 1, stopbandAttenuation: 40, .bandPass(8...30), sampleRate: 250)
    let levels = filter.response(count: 5000)
    var (lowest, inPass) = (0.0, [Double]())
    for (frequency, level) in zip(levels.frequencies, levels.decibels) where frequency > 8 && frequency < 30 {
      inPass.append(level)
      lowest = min(lowest, level)
    }
    #expect(inPass.allSatisfy { $0 < 1e-9 } && lowest > -1 - 1e-9 && lowest < -0.95)
    for edge in [8.0, 30] { #expect((filter.response(at: [edge]).decibels[0] + 1).magnitude < 1e-9) }
    // Far away the ripple of the stopped band is not passed either, once the transition is over.
    for (frequency, level) in zip(levels.frequencies, levels.decibels) where frequency > 100 && order > 3 { #expect(level < -40 + 1e-6) }
  }

  @Test(arguments: Array(Bessel.orders))
  func `Bessel's normalisations mean what they say`(order: Int) throws {
    func response(_ prototype: AnaloguePrototype, _ frequency: Double) -> ComplexNumber {
      prototype.poles.reduce(ComplexNumber(prototype.gain)) { $0 / (ComplexNumber(0, frequency) - $1) }
    }
    let magnitude = try Bessel.prototype(order: order, normalization: .magnitude)
    #expect((response(magnitude, 1).squaredMagnitude - 0.5).magnitude < 1e-12)  // `order` factors of a few ulp
    #expect((response(magnitude, 0).real - 1).magnitude < 1e-12)
    let delay = try Bessel.prototype(order: order, normalization: .delay)
    // The group delay at 0 is the sum of −1/pole; exactly 1, in a sum of `order` terms up to 1.
    #expect((delay.poles.reduce(0) { $0 - (ComplexNumber(1) / $1).real } - 1).magnitude < 1e-14)
    let phase = try Bessel.prototype(order: order, normalization: .phase)
    // Poles whose product is 1: far away the gain is that of a Butterworth filter.
    #expect((phase.poles.reduce(ComplexNumber(1)) { $0 * -$1 }.real - 1).magnitude < 1e-12)
  }

  @Test func `numbers that no filter can have are refused in one line that says what was expected`() {
    let refused: [(SignalError.Code, () throws -> Void)] = [
      (.invalidOrder, { _ = try ChebyshevI.prototype(order: 0, passbandRipple: 1) }),
      (.invalidParameter, { _ = try ChebyshevI.prototype(order: 2, passbandRipple: 0) }),
      (.invalidParameter, { _ = try ChebyshevII.prototype(order: 2, stopbandAttenuation: .nan) }),
      (.invalidParameter, { _ = try Elliptic.prototype(order: 2, passbandRipple: 3, stopbandAttenuation: 2) }),
      (.invalidParameter, { _ = try Elliptic.prototype(order: 2, passbandRipple: 1, stopbandAttenuation: 1001) }),
      (.invalidOrder, { _ = try Elliptic.prototype(order: 41, passbandRipple: 1, stopbandAttenuation: 40) }),
      (.invalidOrder, { _ = try Bessel.prototype(order: 31) }),
      (.invalidFrequency, { _ = try Bessel.filter(order: 3, .lowPass(125), sampleRate: 250) }),
    ]
    for (code, design) in refused {
      let error = #expect(throws: SignalError.self) { try design() }
      #expect(error?.code == code)
      #expect(error?.description.contains("expected") == true)
    }
  }
}
