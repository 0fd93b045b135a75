import Testing

@testable import MinhangSignal

struct LinearFilterTests {
  struct Goldens: Decodable {
    struct Filter: Decodable {
      let rate: Double
      let frequencies: [Double]
      let values: [Double]
      let delays: [Double]
      let phases: [Double]
      let taps: [Double]
      let sections: [Double]

      var filter: any LinearFilter {
        guard taps.isEmpty else { return FiniteImpulseResponse(taps: taps, sampleRate: rate) }
        let sections = stride(from: 0, to: sections.count, by: 5).map {
          SecondOrderSection(
            b0: self.sections[$0], b1: self.sections[$0 + 1], b2: self.sections[$0 + 2], a1: self.sections[$0 + 3],
            a2: self.sections[$0 + 4])
        }
        return SectionedFilter(sections: sections, sampleRate: rate)
      }
    }
    let filters: [Filter]
  }

  @Test func `response, phase and group delay are scipy's`() throws {
    let golden: Goldens = try Golden.load("responses.json")
    var (worst, worstDelay) = (0.0, 0.0)
    for item in golden.filters {
      let response = item.filter.response(at: item.frequencies)
      let value = scaledDifference(response.values.flatMap { [$0.real, $0.imaginary] }, item.values)
      // scipy evaluates polynomials of up to order 6, which cancel where poles are near each other; sections do not.
      #expect(value <= 1e-9)
      let delay = zip(response.groupDelays, item.delays).map { ($0 - $1).magnitude / max(1, $1.magnitude) }.max()!
      // Section by section, scipy's formula still squares the distance of a pole from the unit circle.
      #expect(delay <= 1e-9)
      for (got, expected) in zip(response.phases, item.phases) { #expect((got - expected).magnitude < 1e-7) }
      (worst, worstDelay) = (max(worst, value), max(worstDelay, delay))
    }
    print("parity response scipy.signal.freqz \(worst) (\(golden.filters.count) sets)")
    print("parity groupDelay scipy.signal.group_delay \(worstDelay) (\(golden.filters.count) sets)")
  }

  @Test func `a symmetric filter delays every frequency by half its length`() throws {
    let filter = try WindowedSinc.filter(tapCount: 41, .lowPass(40), sampleRate: 250)
    #expect(filter.centre == 20)
    let response = filter.response(count: 64)
    #expect(response.frequencies.count == 64 && response.frequencies[1] == 125.0 / 64)
    // 41 products; the quotient magnifies their rounding where the gain is small, by up to 1e4.
    for delay in response.groupDelays { #expect((delay - 20).magnitude < 1e-9) }
    // Unwrapped: a straight line in the pass band.
    let step = -2 * Double.pi * 20 * (125.0 / 64) / 250
    for k in 0..<15 { #expect((response.phases[k] - step * Double(k)).magnitude < 1e-12) }
    #expect((response.decibels[0]).magnitude < 1e-12)
  }

  @Test func `the group delay is the slope of the phase`() throws {
    let filters: [any LinearFilter] = [
      try Bessel.filter(order: 4, .lowPass(30), sampleRate: 250),
      try Elliptic.filter(order: 3, passbandRipple: 1, stopbandAttenuation: 40, .bandPass(8...30), sampleRate: 250),
      FiniteImpulseResponse(taps: [1, 0.5, -0.2, 0.7], sampleRate: 250),
    ]
    for filter in filters {
      for frequency in [9.0, 15, 22, 28] {
        let step = 1e-4
        let around = filter.response(at: [frequency - step, frequency + step])
        let slope = -(around.phases[1] - around.phases[0]) / (2 * step) * 250 / (2 * Double.pi)
        // The error of a central difference, step² times the third derivative, and an ulp of the phase over the step.
        #expect((filter.groupDelay(at: frequency) - slope).magnitude < 1e-6)
      }
    }
  }

  @Test func `where nothing gets through there is no delay to speak of`() {
    let difference = FiniteImpulseResponse(taps: [1, -1], sampleRate: 100)
    #expect(difference.response(at: 0).magnitude == 0 && difference.groupDelay(at: 0).isNaN)
    #expect(difference.response(at: [0]).decibels == [-.infinity])
    let section = SectionedFilter(sections: [SecondOrderSection(b0: 1, b1: -1, b2: 0, a1: 0.5, a2: 0)], sampleRate: 100)
    #expect(section.groupDelay(at: 0).isNaN && section.groupDelay(at: 10).isFinite)
  }
}
