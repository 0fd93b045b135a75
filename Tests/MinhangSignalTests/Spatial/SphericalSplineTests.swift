import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

/// `Goldens/spatial.json`, from `Goldens/make_spatial_goldens.py`.
struct SpatialGoldens: Decodable {
  struct Density: Decodable {
    let positions: [[Double]]
    let regularization: Double
    let stiffness: Double
    let terms: Int
    let radius: Double
    let matrix: [Double]
  }
  struct Interpolation: Decodable {
    let positions: [[Double]]
    let bad: [Int]
    let matrix: [Double]
  }
  let densities: [Density]
  let interpolations: [Interpolation]
  let names: [String]
}

private func points(_ positions: [[Double]]) -> [HeadPoint] { positions.map { HeadPoint(x: $0[0], y: $0[1], z: $0[2]) } }

struct SphericalSplineTests {
  @Test func `current source densities equal MNE's`() throws {
    let golden: SpatialGoldens = try Golden.load("spatial.json")
    var worst = 0.0
    for item in golden.densities {
      let names = item.positions.indices.map { "E\($0)" }
      let filter = try SpatialFilter.currentSourceDensity(
        positions: points(item.positions).map { $0 * 0.09 }, names: names, regularization: item.regularization, stiffness: item.stiffness,
        legendreTerms: item.terms, headRadius: item.radius)
      worst = max(worst, scaledDifference(filter.weights.values, item.matrix))
      // The acceptance figure is 1e-6. The splines' matrices have conditions up to 1e6, so some ten digits are left.
      #expect(worst < 1e-9, "\(names.count) electrodes, λ \(item.regularization), stiffness \(item.stiffness)")
    }
    print("parity SpatialFilter.currentSourceDensity mne.preprocessing.compute_current_source_density \(worst)")
  }

  @Test func `interpolated channels equal MNE's`() throws {
    let golden: SpatialGoldens = try Golden.load("spatial.json")
    var worst = 0.0
    for item in golden.interpolations {
      let names = item.positions.indices.map { "E\($0)" }
      let filter = try SpatialFilter.interpolation(of: item.bad, positions: points(item.positions), names: names)
      worst = max(worst, scaledDifference(item.bad.sorted().flatMap { Array(filter.weights.row($0)) }, item.matrix))
      #expect(worst < 1e-9, "\(names.count) electrodes, \(item.bad.count) bad")  // as above
      for c in names.indices where !item.bad.contains(c) {
        #expect(filter.weights.row(c).enumerated().allSatisfy { $0.element == ($0.offset == c ? 1 : 0) })
      }
    }
    print("parity SpatialFilter.interpolation mne.io.Raw.interpolate_bads \(worst)")
  }

  @Test func `a density does not depend on the reference, and sees a source where it is`() throws {
    let names = ElectrodePositions.tenTwenty
    let filter = try SpatialFilter.currentSourceDensity(of: names)
    for row in 0..<names.count {
      let weights = filter.weights.row(row)
      // A constant added to all channels changes nothing: the weights sum to zero, to the rounding of sums of their size.
      #expect(weights.reduce(0, +).magnitude < 1e-9 * weights.reduce(0) { max($0, $1.magnitude) })
      #expect(weights.enumerated().allSatisfy { $0.element <= weights[weights.startIndex + row] })
    }
    // Four times the head radius squared is a sixteenth.
    let large = try SpatialFilter.currentSourceDensity(of: names, headRadius: 0.19)
    #expect(scaledDifference(large.weights.values.map { 4 * $0 }, filter.weights.values) < 1e-14)
  }

  @Test func `a smooth potential is interpolated well, and what is in a bad channel reaches nothing`() throws {
    let names = ElectrodePositions.names.filter { !$0.contains("h") && !$0.hasSuffix("9") && !$0.hasSuffix("10") }
    let places = try ElectrodePositions.positions(of: names)
    // A field of the first two orders on the sphere, as a deep dipole makes it.
    let field = places.map { 20 * $0.x + 8 * $0.y * $0.z + 3 }
    var block = SignalBlock(contiguous: field, channelCount: names.count)
    var stage = try SpatialFilter.interpolation(of: ["C3", "T3"], in: names)
    let bad = try ["C3", "T7"].map { try #require(names.firstIndex(of: $0)) }
    for c in bad { block[channel: c, sample: 0] = .nan }
    stage.process(&block)
    for c in names.indices {
      // A quarter of a microvolt of 25: what the regularisation smooths away.
      #expect(bad.contains(c) ? (block[channel: c, sample: 0] - field[c]).magnitude < 0.25 : block[channel: c, sample: 0] == field[c])
    }
  }

  @Test func `what no spline can be laid through is refused`() throws {
    let names = ["C3", "C4", "Cz"]
    #expect(throws: SignalError.self) { try SpatialFilter.currentSourceDensity(of: ["C3"]) }
    #expect(throws: SignalError.self) { try SpatialFilter.currentSourceDensity(of: ["C3", "A1"]) }
    #expect(throws: SignalError.self) { try SpatialFilter.currentSourceDensity(of: ["T3", "T7", "Cz"], regularization: 0) }
    for (regularization, stiffness, terms, radius) in [
      (1.0, 4.0, 50, 0.1), (-1, 4, 50, 0.1), (0, -1, 50, 0.1), (0, 4, 0, 0.1), (0, 4, 50, 0), (0, .nan, 50, 1),
    ] {
      #expect(throws: SignalError.self) {
        try SpatialFilter.currentSourceDensity(
          of: names, regularization: regularization, stiffness: stiffness, legendreTerms: terms, headRadius: radius)
      }
    }
    #expect(throws: SignalError.self) { try SpatialFilter.interpolation(of: names, in: names) }
    #expect(throws: SignalError.self) { try SpatialFilter.interpolation(of: ["Oz"], in: names) }
    #expect(throws: SignalError.self) {
      try SpatialFilter.interpolation(of: [7], positions: ElectrodePositions.positions(of: names), names: names)
    }
  }
}
