import MinhangCore

/// One part of what the electrodes see: one or more time courses, each with a fixed picture on the scalp.
///
/// The simulation runs in tiles of `Tile.length` samples. A component renders its rows for one tile after another and carries its own
/// state, so that what comes out does not depend on the blocks in which the samples are asked for.
protocol SimulationComponent: Sendable {
  /// What the electrodes see of each row: `[rows]` of `[channels]` values, µV for a time course of 1.
  var topographies: [[Double]] { get }
  /// Writes the next tile: row `r` at `rows[r * Tile.length]`.
  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>)
}

/// What an electrode adds by itself, without a spread over the scalp.
protocol ElectrodeComponent: Sendable {
  /// Adds the next tile: channel `c` at `signal[c * Tile.length]`.
  mutating func add(firstSample: Int, to signal: UnsafeMutablePointer<Double>)
}

/// The stretch of samples that is computed at once.
enum Tile {
  /// Samples of a tile.
  ///
  /// The rows of 180 sources then take 92 kB: they stay in the second-level cache.
  static let length = 64
}

/// White noise of variance 1, one independent stream a source.
///
/// One 64-bit word gives one value: the sum of its four 16-bit parts, which is close to normal (excess kurtosis −0.3, range ±3.5) at a
/// third of the cost of a normal number. Every use filters it or adds many of it, after which it is normal to within the reach of any
/// test on a recording.
struct WhiteNoise: Sendable {
  private var generator: SeededGenerator

  /// Makes the stream `stream` of a session's seed.
  init(seed: UInt64, stream: UInt64) { generator = SeededGenerator(seed: seed, stream: stream) }

  /// The next value.
  @inline(__always)
  mutating func next() -> Double {
    let word = generator.next()
    let sum = (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + (word >> 48)
    // The mean of four 16-bit numbers' sum is 4 · 32767.5, its variance 4 · (65536² − 1)/12 = 37837.2272…².
    return (Double(Int(sum)) - 131070) * (1 / 37837.22723720648)
  }
}

extension WhiteNoise {
  /// Writes the next tile, one value every `stride` places.
  mutating func fill(_ values: UnsafeMutablePointer<Double>, stride: Int) {
    var source = self
    var t = 0
    while t < Tile.length {
      values[t * stride] = source.next()
      t += 1
    }
    self = source
  }
}

/// The independent random streams of one session, apart from each other by construction.
enum RandomStream {
  static let background: UInt64 = 1000
  static let rhythm: UInt64 = 2000
  static let sensor: UInt64 = 3000
  static let drift: UInt64 = 4000
  static let muscle: UInt64 = 5000
  static let blinks: UInt64 = 6000
  static let line: UInt64 = 6001
  static let schedule: UInt64 = 6002
}

/// A curve from 0 (at `u ≤ 0`) to 1 (at `u ≥ 1`) with flat ends: `3u² − 2u³`.
@inline(__always)
func smoothStep(_ u: Double) -> Double {
  let v = max(0, min(1, u))
  return v * v * (3 - 2 * v)
}
