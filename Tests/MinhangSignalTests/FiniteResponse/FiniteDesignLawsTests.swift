import Testing

@testable import MinhangSignal

/// What each design of finite filters promises, and what it refuses.
struct FiniteDesignLawsTests {
  @Test func `a windowed filter has a gain of one where it is scaled and six decibels less at its edges`() throws {
    let low = try WindowedSinc.filter(tapCount: 101, .lowPass(30), sampleRate: 250)
    #expect((low.response(at: 0).magnitude - 1).magnitude < 1e-14)
    let high = try WindowedSinc.filter(tapCount: 101, .highPass(30), sampleRate: 250)
    #expect((high.response(at: 125).magnitude - 1).magnitude < 1e-14)
    // At the edge the window has seen half of the step; its side lobes are below 53 dB, 0.002.
    for filter in [low, high] { #expect((filter.response(at: 30).magnitude - 0.5).magnitude < 0.002) }
    for (tap, mirror) in zip(low.taps, low.taps.reversed()) { #expect((tap - mirror).magnitude < 1e-16) }
  }

  @Test(arguments: [30.0, 60, 90])
  func `Kaiser's rule reaches its attenuation`(attenuation: Double) throws {
    let design = try KaiserDesign(attenuation: attenuation, transitionWidth: 6, sampleRate: 250)
    let filter = try WindowedSinc.filter(tapCount: design.tapCount, .lowPass(30), taper: design.taper, sampleRate: 250)
    // A rule of thumb: within a decibel.
    for level in filter.response(at: (0...180).map { 33 + Double($0) / 2 }).decibels { #expect(level < -attenuation + 1) }
  }

  @Test func `an equiripple filter has equal ripples that alternate`() throws {
    let design = try ParksMcClellan.design(
      tapCount: 41, bands: [DesignBand(0...20, gain: 1), DesignBand(26...125, gain: 0, weight: 4)], sampleRate: 250)
    #expect(design.isConverged && design.iterations < 20)
    let gains = stride(from: 0.0, through: 125, by: 0.02).map { frequency in
      // Real, once the delay of 20 samples is taken away.
      (frequency, (design.filter.response(at: frequency) * ComplexNumber(unitAtAngle: 2 * Double.pi * frequency / 250 * 20)).real)
    }
    let errors = gains.compactMap { frequency, gain in frequency <= 20 ? gain - 1 : frequency >= 26 ? 4 * gain : nil }
    // Between two points of the grid the error passes its peak by the curvature there: a part of (1 / 16)² of it.
    #expect(errors.allSatisfy { $0.magnitude <= design.deviation * 1.01 })
    var alternations = 0
    var sign = 0.0
    for error in errors where error.magnitude > 0.99 * design.deviation {
      if (error > 0 ? 1 : -1) != sign { alternations += 1 }
      sign = error > 0 ? 1 : -1
    }
    #expect(alternations >= 22)  // one more than there are cosines
  }

  @Test func `least squares are not improved by moving a tap`() throws {
    let bands = [DesignBand(0...20, gain: 1), DesignBand(30...125, gain: 0, weight: 2)]
    let filter = try LeastSquaresDesign.filter(tapCount: 21, bands: bands, sampleRate: 250)
    func error(_ taps: [Double]) -> Double {
      let filter = FiniteImpulseResponse(taps: taps, sampleRate: 250)
      return stride(from: 0.125, to: 125, by: 0.25).reduce(0.0) { sum, frequency in
        guard let band = bands.first(where: { $0.range.contains(frequency) }) else { return sum }
        let gain = (filter.response(at: frequency) * ComplexNumber(unitAtAngle: 2 * Double.pi * frequency / 250 * 10)).real
        return sum + band.weight * (gain - band.lowerGain) * (gain - band.lowerGain)
      }
    }
    for k in 0...10 {
      for change in [1e-3, -1e-3] {
        var taps = filter.taps
        taps[k] += change
        if k != 10 { taps[20 - k] += change }
        #expect(error(taps) > error(filter.taps))
      }
    }
  }

  @Test func `minimum phase keeps the gain and moves the energy forward`() throws {
    let linear = try WindowedSinc.filter(tapCount: 61, .lowPass(30), sampleRate: 250)
    let minimum = try MinimumPhase.filter(linear, method: .homomorphicFull)
    #expect(minimum.taps.count == 61)
    // The result is cut to 61 taps, and the root, which is longer than its half, to 31: up to 3e-3 of the gain in the pass band.
    for frequency in [0.0, 5, 10, 20] {
      #expect((minimum.response(at: frequency).magnitude - linear.response(at: frequency).magnitude).magnitude < 5e-3)
    }
    #expect(minimum.groupDelay(at: 5) < linear.groupDelay(at: 5) / 2)
    let root = try MinimumPhase.filter(linear)
    #expect(root.taps.count == 31)
    #expect((root.response(at: 10).squaredMagnitude - linear.response(at: 10).magnitude).magnitude < 5e-3)
  }

  @Test func `what cannot be designed is refused in one line that says what was expected`() {
    let one = [DesignBand(0...20, gain: 1)]
    let refused: [(SignalError.Code, () throws -> Void)] = [
      (.invalidLength, { _ = try WindowedSinc.filter(tapCount: 0, .lowPass(30), sampleRate: 250) }),
      (.invalidLength, { _ = try WindowedSinc.filter(tapCount: 30, .highPass(30), sampleRate: 250) }),
      (.invalidFrequency, { _ = try WindowedSinc.filter(tapCount: 31, .lowPass(125), sampleRate: 250) }),
      (.invalidFrequency, { _ = try WindowedSinc.filter(tapCount: 31, edges: [30, 20], passesZero: true, sampleRate: 250) }),
      (.invalidFrequency, { _ = try WindowedSinc.filter(tapCount: 31, edges: [30], passesZero: true, sampleRate: .nan) }),
      (.invalidParameter, { _ = try KaiserDesign(attenuation: 7, transitionWidth: 5, sampleRate: 250) }),
      (.invalidFrequency, { _ = try KaiserDesign(attenuation: 60, transitionWidth: 0, sampleRate: 250) }),
      (.invalidFrequency, { _ = try FrequencySampling.filter(tapCount: 31, frequencies: [0, 100], gains: [1, 0], sampleRate: 250) }),
      (.invalidFrequency, { _ = try FrequencySampling.filter(tapCount: 31, frequencies: [0, 125], gains: [1], sampleRate: 250) }),
      (.invalidParameter, { _ = try FrequencySampling.filter(tapCount: 30, frequencies: [0, 125], gains: [1, 1], sampleRate: 250) }),
      (.invalidLength, { _ = try LeastSquaresDesign.filter(tapCount: 30, bands: one, sampleRate: 250) }),
      (.invalidFrequency, { _ = try LeastSquaresDesign.filter(tapCount: 31, bands: [DesignBand(5...126, gain: 1)], sampleRate: 250) }),
      (.invalidParameter, { _ = try ParksMcClellan.design(tapCount: 31, bands: [], sampleRate: 250) }),
      (.invalidParameter, { _ = try ParksMcClellan.design(tapCount: 31, bands: [DesignBand(0...9, gain: 1, weight: 0)], sampleRate: 250) }),
      (.invalidLength, { _ = try ParksMcClellan.design(tapCount: 2, bands: one, sampleRate: 250) }),
      (.invalidFrequency, { _ = try ParksMcClellan.design(tapCount: 301, bands: [DesignBand(0...0.01, gain: 1)], sampleRate: 250) }),
      (.invalidParameter, { _ = try MinimumPhase.filter(FiniteImpulseResponse(taps: [1, 2, 3], sampleRate: 1)) }),
      (.invalidParameter, { _ = try MinimumPhase.filter(FiniteImpulseResponse(taps: [0, 0, 0], sampleRate: 1)) }),
      (.invalidLength, { _ = try MinimumPhase.filter(FiniteImpulseResponse(taps: [1, 1], sampleRate: 1)) }),
      (.invalidFrequency, { _ = try MNEDesign.filter(.lowPass(125), sampleRate: 250) }),
      (.invalidFrequency, { _ = try MNEDesign.filter(.highPass(5), lowerTransition: 6, sampleRate: 250) }),
      (.invalidFrequency, { _ = try MNEDesign.filter(.highPass(5), lowerTransition: .nan, sampleRate: 250) }),
      (.invalidLength, { _ = try MNEDesign.filter(.highPass(5), lowerTransition: 1e-9, sampleRate: 250) }),
      (.invalidLength, { _ = try MNEDesign.filter(.bandStop(49...51), sampleRate: 250) }),
      // The transition from 40 Hz on ends at 50 Hz, where the other one does.
      (.invalidLength, { _ = try MNEDesign.filter(.bandStop(40...50), lowerTransition: 10, upperTransition: 5, sampleRate: 250) }),
    ]
    for (index, (code, design)) in refused.enumerated() {
      let error = #expect(throws: SignalError.self, "\(index)") { try design() }
      #expect(error?.code == code, "\(index)")
      #expect(error?.description.contains("expected") == true, "\(index)")
    }
  }

  @Test func `symmetric tapers are mirror images and the periodic ones but for their length`() {
    for taper in Taper.standard {
      let symmetric = taper.symmetricCoefficients(count: 12)
      #expect(zip(symmetric, symmetric.reversed()).allSatisfy { ($0 - $1).magnitude < 1e-15 })  // an ulp of a cosine
      #expect(symmetric.dropLast().map(\.bitPattern) == taper.coefficients(count: 11).map(\.bitPattern))
    }
    #expect(Taper.hann.symmetricCoefficients(count: 0) == [] && Taper.hann.symmetricCoefficients(count: 1) == [1])
  }
}
