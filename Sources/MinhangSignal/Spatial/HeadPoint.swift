/// A point or a direction in the head, in radii of the scalp where nothing else is said: `x` to the right ear, `y` to the nose, `z` to the crown.
///
/// The origin is the centre of the spherical head, so that a point of the scalp has length 1.
public struct HeadPoint: Sendable, Hashable, Codable {
  /// To the right.
  public var x: Double
  /// To the front.
  public var y: Double
  /// Upwards.
  public var z: Double

  /// Makes a point.
  public init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// Distance from the centre of the head.
  public var length: Double { dot(self).squareRoot() }

  /// The point of the scalp in the same direction; the point itself at the centre.
  public var normalized: HeadPoint { length > 0 ? self * (1 / length) : self }

  /// The scalar product.
  public func dot(_ other: HeadPoint) -> Double { x * other.x + y * other.y + z * other.z }

  /// The vector product.
  public func cross(_ other: HeadPoint) -> HeadPoint {
    HeadPoint(x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
  }

  /// The sum.
  public static func + (a: HeadPoint, b: HeadPoint) -> HeadPoint { HeadPoint(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
  /// The difference.
  public static func - (a: HeadPoint, b: HeadPoint) -> HeadPoint { HeadPoint(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }
  /// The point, its distance from the centre multiplied.
  public static func * (a: HeadPoint, factor: Double) -> HeadPoint { HeadPoint(x: a.x * factor, y: a.y * factor, z: a.z * factor) }
}
