import MinhangCore
import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A blink or a muscle burst: when, how long, how large.
public struct ArtefactBurst: Sendable, Hashable, Codable {
  /// Seconds from the recording's first sample.
  public var onset: Double
  /// Seconds.
  public var duration: Double
  /// µV at the electrode where it is largest: the peak of a blink, the RMS in the middle of a muscle burst.
  public var amplitude: Double
}

/// Blinks: the lids move the potential of the eyes over the forehead.
///
/// Each lasts 200–400 ms, rises in its first third and peaks at 100–200 µV; they come about 15 times a minute, never nearer than 1.5 s.
/// The potential falls with the angle from the eyes as `exp(−angle/0.45)` for each eye, so that C3 sees about a tenth of what Fp1 sees.
///
/// **Source:** Stern, Walrath & Goldstein 1984, "The endogenous eyeblink", Psychophysiology 21:22 (rates and durations); Lins et al.
/// 1993, "Ocular artifacts in EEG and event-related potentials I: scalp topography", Brain Topogr. 6:51.
struct BlinkArtefact: SimulationComponent {
  let topographies: [[Double]]
  /// The blinks of the recording, in order.
  let blinks: [ArtefactBurst]
  private let sampleRate: Double
  private var next = 0

  init(duration: Double, electrodes: [HeadPoint], sampleRate: Double, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: RandomStream.blinks)
    var blinks: [ArtefactBurst] = []
    var time = 0.0
    while true {
      time += 1.5 - 2.5 * log(1 - generator.nextUniform())
      let length = 0.2 + 0.2 * generator.nextUniform()
      let amplitude = 100 + 100 * generator.nextUniform()
      guard time + length < duration else { break }
      blinks.append(ArtefactBurst(onset: time, duration: length, amplitude: amplitude))
    }
    self.blinks = blinks
    self.sampleRate = sampleRate
    let eyes = [HeadPoint(x: -0.3, y: 0.85, z: -0.35).normalized, HeadPoint(x: 0.3, y: 0.85, z: -0.35).normalized]
    func spread(_ point: HeadPoint) -> Double { eyes.reduce(0) { $0 + exp(-acos(max(-1, min(1, point.dot($1)))) / 0.45) } }
    let peak = ElectrodeLayout.positions.map(spread).max() ?? 1
    topographies = [electrodes.map { spread($0) / peak }]
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    for t in 0..<Tile.length {
      let time = Double(firstSample + t) / sampleRate
      while next < blinks.count, blinks[next].onset + blinks[next].duration < time { next += 1 }
      rows[t] = next < blinks.count ? Self.shape(blinks[next], at: time) : 0
    }
  }

  /// Up in the first third, down in the other two.
  private static func shape(_ blink: ArtefactBurst, at time: Double) -> Double {
    let u = (time - blink.onset) / blink.duration
    return blink.amplitude * smoothStep(3 * u) * (1 - smoothStep((3 * u - 1) / 2))
  }
}
