import MinhangCore
import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bursts of the temporal muscles, left or right: noise above 20 Hz for 0.3–1.5 s, 15–40 µV RMS at the temple, about six a minute.
///
/// **Source:** Goncharova, McFarland, Vaughan & Wolpaw 2003, "EMG contamination of EEG: spectral and topographical characteristics",
/// Clin. Neurophysiol. 114:1580: broad-band from about 20 Hz, largest at the edge of the cap.
struct MuscleBursts: SimulationComponent {
  let topographies: [[Double]]
  /// The bursts of the left and of the right side, in order.
  let bursts: [[ArtefactBurst]]
  private let sampleRate: Double
  private let keep: Double
  private let scale: Double
  private var noise: [WhiteNoise]
  private var slow: [SIMD2<Double>]
  private var next = [0, 0]

  init(duration: Double, electrodes: [HeadPoint], sampleRate: Double, seed: UInt64) {
    self.sampleRate = sampleRate
    bursts = (0..<2).map { side in
      var generator = SeededGenerator(seed: seed, stream: RandomStream.muscle + UInt64(side))
      var list: [ArtefactBurst] = []
      var time = 0.0
      while true {
        time += 2 - 18 * log(1 - generator.nextUniform())
        let length = 0.3 + 1.2 * generator.nextUniform()
        let amplitude = 15 + 25 * generator.nextUniform()
        guard time + length < duration else { return list }
        list.append(ArtefactBurst(onset: time, duration: length, amplitude: amplitude))
        time += length
      }
    }
    noise = (0..<2).map { WhiteNoise(seed: seed, stream: RandomStream.muscle + 16 + UInt64($0)) }
    slow = [.zero, .zero]
    // Twice what a one-pole low-pass at 20 Hz leaves: H = (p (1 − z⁻¹) / (1 − p z⁻¹))², whose impulse response gives the RMS.
    let pole = exp(-2 * .pi * 20 / sampleRate)
    keep = pole
    var (state, energy) = (SIMD2<Double>.zero, 0.0)
    for n in 0..<Int(sampleRate / 2) {
      let y = Self.highPassed(n == 0 ? 1 : 0, &state, pole)
      energy += y * y
    }
    scale = 1 / energy.squareRoot()
    let temples = [HeadPoint(x: -0.95, y: 0.25, z: -0.15).normalized, HeadPoint(x: 0.95, y: 0.25, z: -0.15).normalized]
    topographies = temples.map { temple in
      func spread(_ point: HeadPoint) -> Double { exp(-acos(max(-1, min(1, point.dot(temple)))) / 0.35) }
      let peak = ElectrodeLayout.positions.map(spread).max() ?? 1
      return electrodes.map { spread($0) / peak }
    }
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    for side in 0..<2 {
      let row = rows + side * Tile.length
      for t in 0..<Tile.length {
        let time = Double(firstSample + t) / sampleRate
        while next[side] < bursts[side].count, bursts[side][next[side]].onset + bursts[side][next[side]].duration < time { next[side] += 1 }
        let value = scale * Self.highPassed(noise[side].next(), &slow[side], keep)
        row[t] = next[side] < bursts[side].count ? value * Self.envelope(bursts[side][next[side]], at: time) : 0
      }
    }
  }

  /// Takes away what a one-pole low-pass keeps, two times over.
  @inline(__always)
  private static func highPassed(_ x: Double, _ slow: inout SIMD2<Double>, _ pole: Double) -> Double {
    slow.x = pole * slow.x + (1 - pole) * x
    let first = x - slow.x
    slow.y = pole * slow.y + (1 - pole) * first
    return first - slow.y
  }

  /// Swells and ends within 50 ms.
  private static func envelope(_ burst: ArtefactBurst, at time: Double) -> Double {
    let since = time - burst.onset
    return burst.amplitude * smoothStep(since / 0.05) * smoothStep((burst.duration - since) / 0.05)
  }
}
