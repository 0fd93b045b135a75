import MinhangCore
import MinhangSignal

/// A patch of cortex seen from the scalp: a current dipole at a place, with a direction.
public struct CurrentDipole: Sendable, Hashable, Codable {
  /// Where it lies, in scalp radii; inside the brain (length below `SphericalHead.brainRadius`).
  public var position: HeadPoint
  /// The direction of its current, of length 1.
  public var direction: HeadPoint

  /// Makes a dipole.
  public init(position: HeadPoint, direction: HeadPoint) {
    self.position = position
    self.direction = direction
  }

  /// Distance of the sources from the centre of the head, in scalp radii.
  ///
  /// Cortex lies at about 0.85, but a dipole that stands for an active patch of several square centimetres lies deeper than the patch, by
  /// which its potential gets the breadth of the patch's. **Source:** de Munck, van Dijk & Spekreijse 1988, "Mathematical dipoles are
  /// adequate to describe realistic generators of human brain activity", IEEE Trans. Biomed. Eng. 35:960.
  static let cortexRadius = 0.7

  /// A patch of cortex below a point of the scalp, its current turned out of the radial direction by a random tilt.
  ///
  /// Gyral crowns give radial dipoles, the walls of sulci tangential ones; an extended patch holds both.
  ///
  /// - Parameters:
  ///   - point: Direction of the place; need not have length 1.
  ///   - jitter: Standard deviation of the shift of the place, in radians on the sphere.
  ///   - tilt: Standard deviation of the tangential part of the current beside a radial part of 1.
  static func below(_ point: HeadPoint, jitter: Double, tilt: Double, _ generator: inout SeededGenerator) -> CurrentDipole {
    func random(_ size: Double) -> HeadPoint {
      HeadPoint(x: size * generator.nextNormal(), y: size * generator.nextNormal(), z: size * generator.nextNormal())
    }
    let outward = (point.normalized + random(jitter)).normalized
    return CurrentDipole(position: outward * cortexRadius, direction: (outward + random(tilt)).normalized)
  }
}
