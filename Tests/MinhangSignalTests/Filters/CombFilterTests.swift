import Testing

@testable import MinhangSignal

/// Peaks and combs.
struct CombFilterTests {
  struct Goldens: Decodable {
    struct Peak: Decodable {
      let frequency: Double
      let quality: Double
      let rate: Double
      let section: [Double]
    }
    struct Comb: Decodable {
      let frequency: Double
      let quality: Double
      let period: Int
      let kind: String
      let passesZero: Bool
      /// First and last coefficient of the numerator, last one of the denominator; all others are 0 or 1.
      let ends: [Double]
    }
    let peaks: [Peak]
    let combs: [Comb]
  }

  @Test func `peaks have scipy's coefficients`() throws {
    let golden: Goldens = try Golden.load("teeth.json")
    var worst = 0.0
    for peak in golden.peaks {
      let s = try PeakFilter.filter(frequency: peak.frequency, quality: peak.quality, sampleRate: peak.rate).sections[0]
      let error = scaledDifference([s.b0, s.b1, s.b2, s.a1, s.a2], peak.section)
      #expect(error < 1e-12)  // the acceptance figure
      worst = max(worst, error)
    }
    print("parity iirpeak scipy.signal.iirpeak \(worst) (\(golden.peaks.count) sets)")
  }

  @Test func `combs have the response of scipy's coefficients`() throws {
    let golden: Goldens = try Golden.load("teeth.json")
    var worst = 0.0
    for comb in golden.combs {
      let rate = comb.frequency * Double(comb.period)
      let filter = try CombFilter.filter(
        comb.kind == "notch" ? .notch : .peak, frequency: comb.frequency, quality: comb.quality, passesZero: comb.passesZero,
        sampleRate: rate)
      #expect(filter.isStable && filter.sections.count == (comb.period + 1) / 2)
      for fraction in stride(from: 0.0, through: 0.5, by: 0.0137) {
        let delay = ComplexNumber(unitAtAngle: -2 * Double.pi * fraction * Double(comb.period))
        let expected =
          (ComplexNumber(comb.ends[0]) + comb.ends[1] * delay) / (ComplexNumber(1) + comb.ends[2] * delay)
        let error = (filter.response(at: fraction * rate) - expected).magnitude
        // Up to 30 sections whose poles are only `1 / (2 · quality)` of the distance of the teeth from the unit circle.
        #expect(error < 1e-11)
        worst = max(worst, error)
      }
    }
    print("parity iircomb scipy.signal.iircomb \(worst) (of the gain, \(golden.combs.count) sets)")
  }

  @Test func `teeth are where they were asked`() throws {
    let notch = try CombFilter.filter(.notch, frequency: 50, quality: 30, sampleRate: 1000)
    // A root and its frequency meet to an ulp.
    for harmonic in 0...10 { #expect(notch.response(at: 50 * Double(harmonic)).magnitude < 1e-12) }
    #expect((notch.response(at: 25).magnitude - 1).magnitude < 1e-12)
    let peak = try PeakFilter.filter(frequency: 50, quality: 10, sampleRate: 1000)
    #expect((peak.response(at: 50).magnitude - 1).magnitude < 1e-13)
    #expect(throws: SignalError.self) { try CombFilter.filter(.notch, frequency: 49, sampleRate: 1000) }
    #expect(throws: SignalError.self) { try CombFilter.filter(.notch, frequency: 50, quality: 0.5, sampleRate: 1000) }
    #expect(throws: SignalError.self) { try PeakFilter.filter(frequency: 50, quality: 0, sampleRate: 1000) }
    #expect(throws: SignalError.self) { try PeakFilter.filter(frequency: 500, sampleRate: 1000) }
  }
}
