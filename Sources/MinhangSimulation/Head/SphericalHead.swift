import MinhangSignal

// Goals, in order: the exact potential of a dipole in concentric shells, stable for every dipole inside the brain; short code. It runs
// once a simulation (about 180 dipoles × 64 electrodes), so speed is no goal.
//
// Source: the series of Rush & Driscoll 1969, "EEG electrode sensitivity: an application of reciprocity", IEEE Trans. Biomed. Eng. 16:15,
// and de Munck 1988, "The potential distribution in a layered anisotropic spheroidal volume conductor", J. Appl. Phys. 64:464, here for
// isotropic shells and derived as follows. A dipole q at r₀ in an unbounded medium of conductivity σ₁ has the potential
//   V = 1/(4πσ₁) Σ Sₙ r^-(n+1),   Sₙ = r₀^(n−1) [ n q_radial Pₙ(c) + (q_tangential · r̂) Pₙ′(c) ]   (1)
// with c the cosine of the angle between r̂ and r₀.
// In every shell the n-th term is A rⁿ + B r^-(n+1). At the scalp no current leaves: n A = (n + 1) B (2); the surface value is then A + B
// = (2n + 1)/(n + 1) for A = 1. Going inwards, V and σ ∂V/∂r are continuous at each boundary, two equations for A and B of the shell
// below (3). In the brain B belongs to the source, so that the term at the scalp is Sₙ · (2n + 1)/(n + 1) / B_brain.

/// A head of three concentric shells: brain, skull and scalp, in scalp radii.
///
/// Radii 0.87 : 0.92 : 1 (8.0, 8.5 and 9.2 cm) after Rush & Driscoll 1969; conductivities 1 : 1/25 : 1 after Lai et al. 2005, "Estimation
/// of in vivo human brain-to-skull conductivity ratio", Clin. Neurophysiol. 116:456. The potential's reference is its mean over the whole
/// sphere.
struct SphericalHead: Sendable {
  /// Radii of the shells from inside out, the last 1.
  let radii: [Double]
  /// Conductivities of the shells from inside out, relative to the brain's.
  let conductivities: [Double]
  /// `gains[n - 1]`: the n-th term at the scalp for a source term of 1 in the brain.
  let gains: [Double]

  /// Radius of the brain of the standard head.
  static let brainRadius = 0.87
  /// The head of the simulation.
  static let standard = SphericalHead(radii: [brainRadius, 0.92, 1], conductivities: [1, 1.0 / 25, 1])

  /// Makes a head.
  ///
  /// - Parameter terms: Length of the series. 80 leave 2e-11 of the largest term for a dipole at 0.7, where the simulated sources are.
  init(radii: [Double], conductivities: [Double], terms: Int = 80) {
    precondition(radii.count == conductivities.count && radii.last == 1, "\(radii.count) radii, \(conductivities.count) conductivities")
    self.radii = radii
    self.conductivities = conductivities
    gains = (1...terms).map { n in
      let degree = Double(n)
      var a = 1.0
      var b = degree / (degree + 1)  // Eq. 2
      let surface = a + b
      for boundary in (0..<(radii.count - 1)).reversed() {
        // Eq. 3, with a and b standing for the two terms' values on the boundary; the powers of its radius come from the step from above.
        let step = radii[boundary] / radii[boundary + 1]
        a *= power(step, n)
        b /= power(step, n + 1)
        let ratio = conductivities[boundary + 1] / conductivities[boundary]
        let value = a + b
        let flux = ratio * (degree * a - (degree + 1) * b)
        b = (degree * value - flux) / (2 * degree + 1)
        a = value - b
      }
      return surface / (b * power(radii[0], n + 1))
    }
  }

  /// Potential of a dipole of moment 1 at points of the scalp, in units of `1/(4πσ_brain)` per scalp radius squared.
  ///
  /// - Parameters:
  ///   - dipole: Inside the brain.
  ///   - points: Directions of length 1.
  /// - Returns: One value a point.
  func potential(of dipole: CurrentDipole, at points: [HeadPoint]) -> [Double] {
    let radius = dipole.position.length
    precondition(radius < radii[0], "a dipole at \(radius) of a brain of radius \(radii[0])")
    let outward = radius > 0 ? dipole.position.normalized : HeadPoint(x: 0, y: 0, z: 1)
    let radial = dipole.direction.dot(outward)
    let tangential = dipole.direction - outward * radial
    return points.map { point in
      let c = point.dot(outward)
      let across = tangential.dot(point)
      var (previous, legendre) = (1.0, c)  // Pₙ₋₁, Pₙ
      var (previousSlope, slope) = (0.0, 1.0)  // their derivatives
      var scale = 1.0  // r₀^(n−1)
      var sum = 0.0
      for (index, gain) in gains.enumerated() {
        let n = Double(index + 1)
        sum += gain * scale * (n * radial * legendre + across * slope)  // Eq. 1
        let next = ((2 * n + 1) * c * legendre - n * previous) / (n + 1)
        (previousSlope, slope) = (slope, previousSlope + (2 * n + 1) * legendre)
        (previous, legendre) = (legendre, next)
        scale *= radius
      }
      return sum
    }
  }

  /// The lead field of a dipole: what each of the 64 standard positions sees of a source whose peak among them is 1 µV.
  ///
  /// The peak is that of the largest magnitude, with its sign made positive. Taking it over the standard positions, whichever are
  /// recorded, makes a channel's signal independent of the other channels.
  func leadField(of dipole: CurrentDipole) -> [Double] {
    let values = potential(of: dipole, at: ElectrodeLayout.positions)
    let peak = values.max(by: { abs($0) < abs($1) }) ?? 1
    return values.map { $0 / peak }
  }
}

/// `base` to a whole power by repeated multiplication: the same bits on every machine.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<exponent { result *= base }
  return result
}
