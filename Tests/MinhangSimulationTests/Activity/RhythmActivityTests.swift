import MinhangCore
import MinhangSignal
import Testing

@testable import MinhangSimulation

@Suite struct RhythmActivityTests {
  static let rate = 100.0

  /// 60 s of one rhythm at the electrode where it is largest.
  static func samples(frequency: Double, bandwidth: Double) -> [Double] {
    let dipole = CurrentDipole(position: HeadPoint(x: 0, y: 0, z: 0.7), direction: HeadPoint(x: 0, y: 0, z: 1))
    let rhythm = SimulatedRhythm(band: .mu, side: .midline, frequency: frequency, bandwidth: bandwidth, amplitude: 5, dipole: dipole)
    var activity = RhythmActivity(
      [rhythm], modulations: [[]], electrodes: [10], sampleRate: rate, seed: 11)
    var samples: [Double] = []
    for i in 0..<94 {
      var row = [Double](repeating: 0, count: Tile.length)
      activity.render(firstSample: i * Tile.length, into: &row)
      samples += row.map { $0 * activity.topographies[0][0] }
    }
    return samples
  }

  @Test(arguments: [(6.0, 1.5), (10.0, 2.5), (21.0, 5.0)]) func `a rhythm has its amplitude and its peak`(
    frequency: Double, bandwidth: Double
  ) {
    let samples = Self.samples(frequency: frequency, bandwidth: bandwidth)
    let power = samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
    // Power fluctuates with the envelope, whose correlation time is 1/(π·bandwidth) ≥ 0.21 s: in 60 s at least 140 independent values of
    // deviation 1: 8.5 %. Four times that.
    #expect(abs(power / 25 - 1) < 0.34)
    let grid = stride(from: 2.0, through: 45, by: 0.5).map {
      (frequency: $0, density: SpectrumOracle.density(of: samples[...], at: $0, sampleRate: Self.rate))
    }
    let total = grid.reduce(0) { $0 + $1.density }
    let near = grid.filter { abs($0.frequency - frequency) <= bandwidth }.reduce(0) { $0 + $1.density }
    // A Lorentzian holds 2/π · atan 2 = 70 % of its power within its full width of the peak; the Hann window of 2 s spreads 0.5 Hz more.
    // Four deviations of 5 %.
    #expect(near / total > 0.5)
  }
}
