import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct LaplacianTests {
  static let cap = ElectrodePositions.names.filter {
    !$0.contains("h") && ["F", "FC", "C", "CP", "P", "FT", "T", "TP"].contains(String($0.prefix { $0.isUppercase }))
  }

  private func neighbours(of name: String, _ filter: SpatialFilter) throws -> Set<String> {
    let row = try #require(filter.names.firstIndex(of: name))
    return Set(filter.names.indices.filter { $0 != row && filter.weights[row, $0] != 0 }.map { filter.names[$0] })
  }

  @Test func `neighbours are those of the textbooks`() throws {
    let small = try SpatialFilter.laplacian(.small, of: Self.cap)
    #expect(try neighbours(of: "Cz", small) == ["C1", "C2", "FCz", "CPz"])
    #expect(try neighbours(of: "C3", small) == ["C1", "C5", "FC3", "CP3"])
    let large = try SpatialFilter.laplacian(.large, of: Self.cap)
    #expect(try neighbours(of: "Cz", large) == ["C3", "C4", "Fz", "Pz"])
    #expect(try neighbours(of: "C3", large) == ["Cz", "T7", "F3", "P3"])
  }

  @Test(arguments: SpatialFilter.LaplacianSize.allCases)
  func `weights are a channel less a mean, nearer ones first`(size: SpatialFilter.LaplacianSize) throws {
    let filter = try SpatialFilter.laplacian(size, of: Self.cap)
    #expect(filter.names == Self.cap)
    for c in Self.cap.indices {
      #expect(filter.weights[c, c] == 1)
      #expect(filter.weights.row(c).reduce(0, +).magnitude < 1e-15 * 8)  // a sum of a few numbers below 1
      #expect(filter.weights.row(c).allSatisfy { $0 <= 0 || $0 == 1 })
    }
    // A potential that is the same everywhere vanishes.
    var flat = SignalBlock(contiguous: [Double](repeating: 100, count: Self.cap.count), channelCount: Self.cap.count)
    var stage = filter
    stage.process(&flat)
    for c in Self.cap.indices { #expect(flat[channel: c, sample: 0].magnitude < 1e-12) }
  }

  @Test func `inverse distances weigh neighbours, by hand`() throws {
    // On one meridian: 0°, and neighbours at −10°, 20°.
    let angles = [0.0, -10, 20, 90]
    let points = angles.map { HeadPoint(x: sine(1, frequency: $0, rate: 360), y: 0, z: sine(1, frequency: $0 + 90, rate: 360)) }
    let filter = try SpatialFilter.laplacian(.small, positions: points.map { $0 * 93 }, names: ["a", "b", "c", "d"], neighbours: 2)
    // 1/10 and 1/20, of a sum of 3/20; rounding of the angles.
    for (got, expected) in zip(filter.weights.row(0), [1, -2 / 3.0, -1 / 3.0, 0]) { #expect((got - expected).magnitude < 1e-14) }
  }

  @Test func `the large size takes the electrode nearest to the point twice as far on the great circle`() throws {
    // The centre lies at the pole; its nearest neighbour 20° down one meridian, so that the target lies at 40° on that meridian. Two candidates
    // stand around it: one 5° further down, one 7° aside on the same circle. With a target that is skewed by a few degrees the other one wins.
    func place(_ colatitude: Double, _ azimuth: Double) -> HeadPoint {
      let (radius, height) = (sine(1, frequency: colatitude, rate: 360), sine(1, frequency: 90 - colatitude, rate: 360))
      return HeadPoint(
        x: radius * sine(1, frequency: 90 - azimuth, rate: 360), y: radius * sine(1, frequency: azimuth, rate: 360), z: height)
    }
    for azimuth in stride(from: 0.0, to: 360, by: 45) {
      for (further, aside, expected) in [(5.0, 12.0, 2), (7.0, 8.0, 3), (-5.0, 12.0, 2), (-7.0, 8.0, 3), (5.0, -12.0, 2), (7.0, -8.0, 3)] {
        let points = [place(0, 0), place(20, azimuth), place(40 + further, azimuth), place(40, azimuth + aside)]
        let filter = try SpatialFilter.laplacian(.large, positions: points, names: ["a", "b", "c", "d"], neighbours: 1)
        #expect(filter.weights[0, expected] == -1 && filter.weights.row(0).count(where: { $0 != 0 }) == 2)
      }
    }
  }

  @Test func `too few places or places on one another are refused`() throws {
    #expect(throws: SignalError.self) { try SpatialFilter.laplacian(.small, of: ["C3", "C4", "Cz", "Pz"]) }
    #expect(throws: SignalError.self) { try SpatialFilter.laplacian(.small, of: ["C3", "C4", "Cz", "Pz", "X9", "Oz"]) }
    #expect(throws: SignalError.self) { try SpatialFilter.laplacian(.small, of: ["T3", "T7", "Cz", "Pz", "Oz"], neighbours: 2) }
    let centre = HeadPoint(x: 0, y: 0, z: 0)
    #expect(throws: SignalError.self) {
      try SpatialFilter.laplacian(.small, positions: [centre, HeadPoint(x: 1, y: 0, z: 0)], names: ["a", "b"], neighbours: 1)
    }
  }
}
