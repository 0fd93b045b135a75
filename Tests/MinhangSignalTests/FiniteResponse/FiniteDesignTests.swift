import Testing

@testable import MinhangSignal

/// Taps of every design against scipy's and MNE's.
struct FiniteDesignTests {
  /// A filter from its first half.
  private func mirrored(_ half: [Double], count: Int, sign: Double = 1) -> [Double] {
    half + half.prefix(count / 2).reversed().map { sign * $0 }
  }

  /// Compares, and keeps the worst.
  private func check(_ got: [Double], _ expected: [Double], tolerance: Double, worst: inout Double, _ label: String) {
    let error = scaledDifference(got, expected)
    #expect(error <= tolerance, Comment(rawValue: label))
    worst = max(worst, error)
  }

  struct Windowed: Decodable {
    struct Design: Decodable {
      let kind: String
      let taps: Int
      let rate: Double
      let edges: [Double]
      let taper: String
      let isScaled: Bool
      let half: [Double]
    }
    let designs: [Design]
    let kaisers: [[Double]]
  }

  @Test func `the window method has scipy's taps for all tapers and bands`() throws {
    let golden: Windowed = try Golden.load("finite-window.json")
    var worst = 0.0
    for design in golden.designs {
      let taper = try #require(Taper(name: design.taper))
      let filter = try WindowedSinc.filter(
        tapCount: design.taps, passBand(design.kind, design.edges), taper: taper, isScaled: design.isScaled, sampleRate: design.rate)
      // The acceptance figure, of the largest tap.
      check(
        filter.taps, mirrored(design.half, count: design.taps), tolerance: 1e-12, worst: &worst,
        "\(design.kind) \(design.taper) \(design.taps) \(design.edges) \(design.rate)")
    }
    print("parity firwin scipy.signal.firwin \(worst) (\(golden.designs.count) sets)")
    for kaiser in golden.kaisers {
      let design = try KaiserDesign(attenuation: kaiser[0], transitionWidth: kaiser[1], sampleRate: 250)
      #expect(Double(design.tapCount) == kaiser[2])
      #expect((design.beta - kaiser[3]).magnitude <= 1e-14 * kaiser[3])  // three operations
      let attenuation = KaiserDesign.attenuation(tapCount: design.tapCount, transitionWidth: kaiser[1], sampleRate: 250)
      #expect((attenuation - kaiser[4]).magnitude <= 1e-14 * kaiser[4])
    }
  }

  struct Sampled: Decodable {
    struct Design: Decodable {
      let taps: Int
      let rate: Double
      let frequencies: [Double]
      let gains: [Double]
      let taper: String?
      let grid: Int?
      let isAntisymmetric: Bool
      let half: [Double]
    }
    let designs: [Design]
  }

  @Test func `frequency sampling has scipy's taps`() throws {
    let golden: Sampled = try Golden.load("finite-sampled.json")
    var worst = 0.0
    for design in golden.designs {
      let filter = try FrequencySampling.filter(
        tapCount: design.taps, frequencies: design.frequencies, gains: design.gains, gridCount: design.grid,
        taper: design.taper.flatMap(Taper.init(name:)), isAntisymmetric: design.isAntisymmetric, sampleRate: design.rate)
      check(
        filter.taps, mirrored(design.half, count: design.taps, sign: design.isAntisymmetric ? -1 : 1), tolerance: 1e-12, worst: &worst,
        "\(design.taps) taps \(design.frequencies) \(design.gains) \(design.rate)")
    }
    print("parity firwin2 scipy.signal.firwin2 \(worst) (\(golden.designs.count) sets)")
  }

  struct Banded: Decodable {
    struct Design: Decodable {
      let kind: String?
      let taps: Int
      let rate: Double
      let bands: [Double]
      let gains: [Double]
      let weights: [Double]
      let half: [Double]

      var designBands: [DesignBand] {
        weights.indices.map {
          let range = bands[2 * $0]...bands[2 * $0 + 1]
          return gains.count == bands.count
            ? DesignBand(range, gains: gains[2 * $0], gains[2 * $0 + 1], weight: weights[$0])
            : DesignBand(range, gain: gains[$0], weight: weights[$0])
        }
      }
    }
    let designs: [Design]
  }

  @Test func `least squares have scipy's taps`() throws {
    let golden: Banded = try Golden.load("finite-least-squares.json")
    var worst = 0.0
    for design in golden.designs {
      let filter = try LeastSquaresDesign.filter(tapCount: design.taps, bands: design.designBands, sampleRate: design.rate)
      // The acceptance figure, of the largest tap. The condition of the normal equations of these designs is up to 1e4.
      check(
        filter.taps, mirrored(design.half, count: design.taps), tolerance: 1e-12, worst: &worst,
        "\(design.taps) \(design.bands) \(design.rate)")
    }
    print("parity firls scipy.signal.firls \(worst) (\(golden.designs.count) sets)")
  }

  @Test func `equiripple filters have scipy's taps`() throws {
    let golden: Banded = try Golden.load("finite-equiripple.json")
    var (worst, worstInBand, unconverged) = (0.0, 0.0, 0)
    for design in golden.designs {
      let kind: ParksMcClellan.Kind = ["differentiator": .differentiator, "hilbert": .hilbert][design.kind] ?? .bands
      let result = try ParksMcClellan.design(tapCount: design.taps, bands: design.designBands, kind: kind, sampleRate: design.rate)
      unconverged += result.isConverged ? 0 : 1
      let expected = mirrored(design.half, count: design.taps, sign: kind == .bands ? 1 : -1)
      let label = "\(kind) \(design.taps) \(design.bands) \(design.gains) \(design.weights) in \(result.iterations)"
      if kind == .differentiator {
        // Nothing holds the gain above the band, up to half the sampling rate: there an ulp grows by up to 1e10, in the reference too, and the
        // taps with it. What is designed, the gain in the band, is what is compared.
        let frequencies = (0...200).map { design.bands[1] * Double($0) / 200 }
        let (got, wanted) = (result.filter, FiniteImpulseResponse(taps: expected, sampleRate: design.rate))
        let differences = frequencies.map { (got.response(at: $0) - wanted.response(at: $0)).magnitude }
        let scale = frequencies.map { wanted.response(at: $0).magnitude }.max()!
        worstInBand = max(worstInBand, differences.max()! / scale)
        #expect(differences.max()! <= 1e-12 * scale, Comment(rawValue: label))
      } else {
        check(result.filter.taps, expected, tolerance: 1e-12, worst: &worst, label)
      }
    }
    #expect(unconverged == 0)
    print("parity remez scipy.signal.remez \(worst) (\(golden.designs.count) sets, of all kinds)")
    print("parity remez(differentiator) scipy.signal.remez \(worstInBand) (of the gain in the band)")
  }

  struct LeastDelay: Decodable {
    struct Design: Decodable {
      let method: String
      let taps: Int
      let linear: [Double]
      let result: [Double]
    }
    let designs: [Design]
  }

  @Test func `minimum phase has scipy's taps`() throws {
    let golden: LeastDelay = try Golden.load("finite-minimum-phase.json")
    var worst: [String: Double] = [:]
    for design in golden.designs {
      let method: MinimumPhase.Method = ["homomorphic": .homomorphic, "hilbert": .hilbert][design.method] ?? .homomorphicFull
      let linear = FiniteImpulseResponse(taps: mirrored(design.linear, count: design.taps), sampleRate: 2)
      // The logarithm of the smallest gains magnifies the rounding of the transform, by up to 1e4 at a few of its frequencies. The Hilbert
      // method moves the gain's minima to exactly zero and takes the root: there the rounding itself is what the logarithm sees. An ulp in the
      // taps moves scipy's own result by 1e-3.
      check(
        try MinimumPhase.filter(linear, method: method).taps, design.result, tolerance: method == .hilbert ? 2e-3 : 1e-10,
        worst: &worst[design.method, default: 0],
        "\(design.method) \(design.taps)")
    }
    for (method, error) in worst.sorted(by: { $0.key < $1.key }) {
      print("parity minimum_phase(\(method)) scipy.signal.minimum_phase \(error) (\(golden.designs.count) sets, of all methods)")
    }
  }

  struct MNE: Decodable {
    struct Design: Decodable {
      let kind: String
      let rate: Double
      let edges: [Double]
      let window: String
      let phase: String
      let lower: Double?
      let upper: Double?
      let count: Int
      let taps: [Double]
    }
    let designs: [Design]
  }

  @Test func `MNE's default design has MNE's taps`() throws {
    let golden: MNE = try Golden.load("finite-mne.json")
    var worst: [String: Double] = [:]
    for design in golden.designs {
      let window: MNEDesign.Window = ["hann": .hann, "hamming": .hamming][design.window] ?? .blackman
      let phase: MNEDesign.Phase = ["zero": .zero, "minimum": .minimum][design.phase] ?? .minimumHalf
      let filter = try MNEDesign.filter(
        passBand(design.kind, design.edges), lowerTransition: design.lower, upperTransition: design.upper, window: window, phase: phase,
        sampleRate: design.rate)
      // The acceptance figure. Minimum phase: what stops 0 Hz has a gain of zero there up to rounding, which the logarithm magnifies; see
      // `MinimumPhase.filter`. Six digits are left in the worst case, and about 1e-4 of the largest tap where the filter is short.
      let stopsZero = design.kind == "highpass" || design.kind == "bandpass"
      check(
        filter.taps, phase == .zero ? mirrored(design.taps, count: design.count) : design.taps,
        tolerance: phase == .zero ? 1e-12 : stopsZero ? 3e-4 : 1e-9,
        worst: &worst[design.phase, default: 0], "\(design.kind) \(design.edges) at \(design.rate) \(design.window) \(design.phase)")
    }
    for (phase, error) in worst.sorted(by: { $0.key < $1.key }) {
      print("parity create_filter(\(phase)) mne.filter.create_filter \(error) (\(golden.designs.count) sets, of all phases)")
    }
  }
}
