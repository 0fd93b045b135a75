import Testing

@testable import MinhangSignal

struct ZerosPolesGainTests {
  @Test func `sections multiply out to the response of the zeros and poles`() throws {
    let filters = [
      ZerosPolesGain(zeros: [], poles: [], gain: 3),
      ZerosPolesGain(zeros: [ComplexNumber(-1)], poles: [], gain: 2),
      ZerosPolesGain(zeros: [], poles: [ComplexNumber(0.5)], gain: 1),
      // One real pole and one real zero among pairs: the case in which a pair must take a complex zero.
      ZerosPolesGain(
        zeros: [ComplexNumber(0.1, 0.9), ComplexNumber(0.1, -0.9), ComplexNumber(-0.7)],
        poles: [ComplexNumber(-0.6, 0.7), ComplexNumber(-0.6, -0.7), ComplexNumber(0.3)], gain: 0.7),
      ZerosPolesGain(
        zeros: [ComplexNumber(1), ComplexNumber(-1), ComplexNumber(0.2), ComplexNumber(-0.4)],
        poles: [ComplexNumber(0.9), ComplexNumber(0.8), ComplexNumber(-0.5), ComplexNumber(0.1)], gain: 1),
    ]
    for filter in filters {
      let sectioned = SectionedFilter(sections: try filter.sections(), sampleRate: 100)
      let (missingPoles, missingZeros) = (filter.zeros.count - filter.poles.count, filter.poles.count - filter.zeros.count)
      for frequency in [1.0, 13, 31, 49] {
        let z = ComplexNumber(unitAtAngle: 2 * Double.pi * frequency / 100)
        let top = filter.zeros.reduce(ComplexNumber(filter.gain)) { $0 * (z - $1) }
        let bottom = filter.poles.reduce(ComplexNumber(1)) { $0 * (z - $1) }
        // Missing poles and zeros lie at the origin, where they only shift time.
        let delayed = (0..<max(0, missingPoles)).reduce(top / bottom) { product, _ in product / z }
        let expected = (0..<max(0, missingZeros)).reduce(delayed) { product, _ in product * z }
        #expect((sectioned.response(at: frequency) - expected).magnitude < 1e-13 * expected.magnitude)  // a dozen operations of an ulp each
      }
    }
  }

  @Test func `a complex root without its conjugate is refused`() {
    let lonely = ZerosPolesGain(zeros: [], poles: [ComplexNumber(0.5, 0.5)], gain: 1)
    #expect(throws: SignalError.self) { try lonely.sections() }
    let crooked = ZerosPolesGain(zeros: [ComplexNumber(0.5, 0.5), ComplexNumber(0.4, -0.5)], poles: [], gain: 1)
    #expect(throws: SignalError.self) { try crooked.sections() }
  }

  @Test func `the square root squares to its number in every quadrant`() {
    for (real, imaginary) in [
      (3.0, 4.0), (-3, 4), (-3, -4), (3, -4), (-9, 0), (9, 0), (0, 2), (0, -2), (0, 0), (1e-200, 1e-200), (-1e200, 1),
    ] {
      let number = ComplexNumber(real, imaginary)
      let root = number.squareRoot
      #expect(root.real >= 0)
      #expect((root * root - number).magnitude <= 4 * Double.ulpOfOne * number.magnitude)  // one root, one product
    }
  }
}
