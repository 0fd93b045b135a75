import MinhangCore
import Testing

@testable import MinhangSignal

struct YuleWalkerTests {
  @Test func `designs equal meegkit's at all rates`() throws {
    var worst = 0.0
    for golden in try ASRGoldens.load().designs where golden.rate < 3000 {
      let edges = [0, 2, 3, 13, 16, 40, min(80, golden.rate / 2 - 1), golden.rate / 2].map { $0 * 2 / golden.rate }
      let design = try YuleWalker.design(order: 8, frequencies: edges, magnitudes: [3, 0.75, 0.33, 0.33, 1, 1, 3, 3])
      // Compared as responses: coefficients of a narrow design are ill-conditioned, what they do is not.
      let filter = try design.sectioned(sampleRate: golden.rate)
      let reference = YuleWalker.Design(numerator: golden.numerator, denominator: golden.denominator)
      let expected = try reference.sectioned(sampleRate: golden.rate)
      #expect(filter.isStable)
      for i in 0...100 {
        let frequency = golden.rate / 2 * Double(i) / 100
        let want = expected.response(at: frequency)
        let error = (filter.response(at: frequency) - want).magnitude / want.magnitude
        if golden.rate <= 512 {
          worst = max(worst, error)
          // The least-squares systems have a condition of up to 1e5 at these rates.
          #expect(error < 1e-9, "\(golden.rate) Hz at \(frequency) Hz")
        } else {
          // Poles crowd at 1: the condition grows with the eighth power of the rate.
          #expect(error < 1e-4, "\(golden.rate) Hz at \(frequency) Hz")
        }
      }
    }
    reportArtefactParity("YuleWalker.design", "meegkit.utils.asr.yulewalk", worst)
  }

  @Test func `sections multiply out to the design`() throws {
    let edges = [0.0, 2, 3, 13, 16, 40, 80, 125].map { $0 / 125 }
    let design = try YuleWalker.design(order: 8, frequencies: edges, magnitudes: [3, 0.75, 0.33, 0.33, 1, 1, 3, 3])
    let filter = try design.sectioned(sampleRate: 250)
    for i in 0...50 {
      let delay = ComplexNumber(unitAtAngle: -Double.pi * Double(i) / 50)
      func value(_ c: [Double]) -> ComplexNumber { c.reversed().reduce(ComplexNumber(0)) { $0 * delay + ComplexNumber($1) } }
      let want = value(design.numerator) / value(design.denominator)
      // Roots are good to about 1e-12 at this rate.
      #expect((filter.response(at: 2.5 * Double(i)) - want).magnitude < 1e-10)
    }
  }

  @Test func `roots of known polynomials are found`() {
    #expect(PolynomialRoots.find([5]).isEmpty)
    #expect(PolynomialRoots.find([2, -6]) == [ComplexNumber(3)])
    var generator = SeededGenerator(seed: 3)
    for degree in 1...10 {
      var roots: [ComplexNumber] = []
      while roots.count + 2 <= degree {
        let (x, y) = (2 * generator.nextUniform() - 1, generator.nextUniform() + 0.05)
        roots += [ComplexNumber(x, y), ComplexNumber(x, -y)]
      }
      if roots.count < degree { roots.append(ComplexNumber(0.5 * generator.nextNormal())) }
      let found = PolynomialRoots.find(PolynomialRoots.coefficients(of: roots))
      #expect(found.count == degree)
      // Random roots come near to each other: the condition of a root of degree 10 is up to 1e6.
      for root in roots { #expect(found.contains { ($0 - root).magnitude < 1e-8 }) }
    }
  }
}
