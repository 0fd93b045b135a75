/// A passing change of a rhythm's power: a loss (desynchronisation) or a gain (rebound), with smooth edges.
public struct PowerPulse: Sendable, Hashable, Codable {
  /// When the change begins, seconds from the recording's first sample.
  public var start: Double
  /// How long it takes to be complete, seconds.
  public var rise: Double
  /// When it begins to go back, seconds from the recording's first sample.
  public var end: Double
  /// How long that takes, seconds.
  public var fall: Double
  /// The change at its height, as part of the power at rest: −0.5 halves the power, +1 doubles it.
  public var change: Double

  /// Makes a change of power.
  public init(start: Double, rise: Double, end: Double, fall: Double, change: Double) {
    self.start = start
    self.rise = rise
    self.end = end
    self.fall = fall
    self.change = change
  }

  /// The change at a time, as part of the power at rest.
  @inline(__always)
  func change(at time: Double) -> Double {
    change * smoothStep((time - start) / rise) * (1 - smoothStep((time - end) / fall))
  }
}

/// The course of a rhythm's amplitude over a recording: `√(1 + Σ changes)`, never below zero.
struct PowerModulation: Sendable {
  /// Sorted by their start.
  private let pulses: [PowerPulse]
  private let sampleRate: Double
  /// Pulses before this one are over.
  private var firstActive = 0

  init(_ pulses: [PowerPulse], sampleRate: Double) {
    self.pulses = pulses.sorted { $0.start < $1.start }
    self.sampleRate = sampleRate
  }

  /// Multiplies a tile by the amplitude; tiles come in order.
  mutating func apply(firstSample: Int, to row: UnsafeMutablePointer<Double>) {
    let start = Double(firstSample) / sampleRate
    let end = Double(firstSample + Tile.length) / sampleRate
    while firstActive < pulses.count, pulses[firstActive].end + pulses[firstActive].fall < start { firstActive += 1 }
    var active = firstActive..<firstActive
    while active.upperBound < pulses.count, pulses[active.upperBound].start < end { active = firstActive..<(active.upperBound + 1) }
    guard !active.isEmpty else { return }
    for t in 0..<Tile.length {
      let time = Double(firstSample + t) / sampleRate
      var power = 1.0
      for i in active { power += pulses[i].change(at: time) }
      row[t] *= max(0, power).squareRoot()
    }
  }
}
