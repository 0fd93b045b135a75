/// Where a sensor sits, as its file states it: x to the right, y to the front, z up, from the centre of the head.
public struct SensorPosition: Sendable, Hashable {
  /// What the three numbers count.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// Metres.
    case metre = "m"
    /// Radii of a head taken for a sphere.
    case headRadius = "radius"
    /// The file does not say.
    case unknown = "n/a"
  }

  /// To the right.
  public var x: Double
  /// To the front.
  public var y: Double
  /// Up.
  public var z: Double
  /// What the numbers count.
  public var unit: Unit

  /// Makes a position.
  public init(x: Double, y: Double, z: Double, unit: Unit) {
    self.x = x
    self.y = y
    self.z = z
    self.unit = unit
  }
}
