import MinhangCore
import MinhangSignal
import Testing

@testable import MinhangSimulation

@Suite struct SphericalHeadTests {
  static let dipoles: [CurrentDipole] = (0..<12).map { i in
    var generator = SeededGenerator(seed: 7, stream: UInt64(i))
    let place = HeadPoint(x: generator.nextNormal(), y: generator.nextNormal(), z: generator.nextNormal()).normalized
    let direction = HeadPoint(x: generator.nextNormal(), y: generator.nextNormal(), z: generator.nextNormal()).normalized
    return CurrentDipole(position: place * (0.05 + 0.06 * Double(i)), direction: direction)
  }

  /// The closed form of the potential on a homogeneous sphere of radius 1, in units of 1/(4πσ).
  ///
  /// Brody, Terry & Ideker 1973, "Eccentric dipole in a spherical medium", IEEE Trans. Biomed. Eng. 20:141.
  static func homogeneous(_ dipole: CurrentDipole, at r: HeadPoint) -> Double {
    let r0 = dipole.position
    let toPoint = r - r0
    let d = toPoint.length
    let c = r.dot(r0)
    let field = toPoint * (2 / (d * d * d)) + (r + (r * c - r0) * (1 / (d + 1 - c))) * (1 / d)
    return dipole.direction.dot(field)
  }

  @Test(arguments: 0..<12) func `three shells of one conductivity are the homogeneous sphere`(number: Int) {
    let dipole = Self.dipoles[number]
    let head = SphericalHead(radii: [0.87, 0.92, 1], conductivities: [1, 1, 1], terms: 200)
    let values = head.potential(of: dipole, at: ElectrodeLayout.positions)
    for (point, value) in zip(ElectrodeLayout.positions, values) {
      // The series of 200 terms at r₀ ≤ 0.71 is exact to 1e-27; what is left is rounding of a sum of terms up to 50: 200 · 50 · 2⁻⁵³ =
      // 1e-12.
      #expect(abs(value - Self.homogeneous(dipole, at: point)) < 1e-12)
    }
  }

  @Test func `every term meets the boundary conditions solved directly`() {
    let head = SphericalHead.standard
    let (r1, r2) = (head.radii[0], head.radii[1])
    let (s1, s2, s3) = (head.conductivities[0], head.conductivities[1], head.conductivities[2])
    for n in 1...40 {
      let degree = Double(n)
      func up(_ r: Double) -> Double { (0..<n).reduce(1) { value, _ in value * r } }
      func down(_ r: Double) -> Double { 1 / (up(r) * r) }
      // Unknowns A1, A2, B2, A3, B3; the brain's B is 1. Rows: V and r · σ ∂V/∂r at r1, the same at r2, no current at 1.
      var system: [[Double]] = [
        [up(r1), -up(r1), -down(r1), 0, 0, -down(r1)],
        [s1 * degree * up(r1), -s2 * degree * up(r1), s2 * (degree + 1) * down(r1), 0, 0, s1 * (degree + 1) * down(r1)],
        [0, up(r2), down(r2), -up(r2), -down(r2), 0],
        [0, s2 * degree * up(r2), -s2 * (degree + 1) * down(r2), -s3 * degree * up(r2), s3 * (degree + 1) * down(r2), 0],
        [0, 0, 0, degree, -(degree + 1), 0],
      ]
      let solution = Self.solve(&system)
      // Elimination with pivots on a system whose condition grows as 0.87^(−2n), 1e5 at n = 40: 1e5 · 5 · 2⁻⁵³ < 1e-10.
      #expect(abs((solution[3] + solution[4]) / head.gains[n - 1] - 1) < 1e-10)
    }
  }

  @Test(arguments: 0..<12) func `the mirror image of a dipole has the mirror image of its potential`(number: Int) {
    let dipole = Self.dipoles[number]
    func mirrored(_ p: HeadPoint) -> HeadPoint { HeadPoint(x: -p.x, y: p.y, z: p.z) }
    let image = CurrentDipole(position: mirrored(dipole.position), direction: mirrored(dipole.direction))
    let points = ElectrodeLayout.positions
    // Negating one coordinate is exact in every operation of the series.
    #expect(
      SphericalHead.standard.potential(of: dipole, at: points)
        == SphericalHead.standard.potential(of: image, at: points.map(mirrored)))
  }

  @Test(arguments: 0..<12) func `a lead field has its peak of one on the standard positions`(number: Int) {
    let dipole = Self.dipoles[number]
    let field = SphericalHead.standard.leadField(of: dipole)
    #expect(field.max() == 1)
    #expect(field.allSatisfy { abs($0) <= 1 })
  }

  @Test func `a radial dipole is seen less the farther an electrode is`() {
    let dipole = CurrentDipole(position: HeadPoint(x: 0, y: 0, z: 0.7), direction: HeadPoint(x: 0, y: 0, z: 1))
    let all = SphericalHead.standard.leadField(of: dipole)
    let field = ["Cz", "C1", "C3", "C5", "T7"].compactMap { ElectrodeLayout.index(of: $0) }.map { all[$0] }
    #expect(field[0] == 1)
    #expect(zip(field, field.dropFirst()).allSatisfy { $0 > $1 })
  }

  /// Gaussian elimination with row pivots; the last column is the right side.
  static func solve(_ rows: inout [[Double]]) -> [Double] {
    let count = rows.count
    for k in 0..<count {
      let pivot = (k..<count).max { abs(rows[$0][k]) < abs(rows[$1][k]) } ?? k
      rows.swapAt(k, pivot)
      for i in (k + 1)..<max(count, k + 1) {
        let factor = rows[i][k] / rows[k][k]
        for j in k...count { rows[i][j] -= factor * rows[k][j] }
      }
    }
    var solution = [Double](repeating: 0, count: count)
    for k in (0..<count).reversed() {
      var value = rows[k][count]
      for j in (k + 1)..<max(count, k + 1) { value -= rows[k][j] * solution[j] }
      solution[k] = value / rows[k][k]
    }
    return solution
  }
}
