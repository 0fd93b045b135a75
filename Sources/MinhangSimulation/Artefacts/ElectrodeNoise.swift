import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The noise of electrode and amplifier: white, 0.7 µV RMS in the band of 0–100 Hz, whatever the sampling rate.
struct SensorNoise: ElectrodeComponent {
  private var noise: [WhiteNoise]
  private let amplitude: Double

  /// Makes the noise.
  ///
  /// - Parameter positions: Index of each recorded channel among the standard positions.
  init(positions: [Int], sampleRate: Double, seed: UInt64) {
    noise = positions.map { WhiteNoise(seed: seed, stream: RandomStream.sensor + UInt64($0)) }
    amplitude = Self.density * (sampleRate / 2).squareRoot()
  }

  /// µV per √Hz: 0.7 µV in 100 Hz.
  static let density = 0.07

  mutating func add(firstSample: Int, to signal: UnsafeMutablePointer<Double>) {
    for c in noise.indices {
      var source = noise[c]
      for t in 0..<Tile.length { signal[c * Tile.length + t] += amplitude * source.next() }
      noise[c] = source
    }
  }
}

/// The slow wander of the electrodes' own potentials: noise through two one-pole low-passes at 0.03 Hz, 20–50 µV RMS, starting from zero.
///
/// **Source:** Huigen, Peper & Grimbergen 2002, "Investigation into the origin of the noise of surface electrodes", Med. Biol. Eng.
/// Comput. 40:332.
struct ElectrodeDrift: ElectrodeComponent {
  /// RMS of each electrode after the first half minute, µV.
  let amplitudes: [Double]
  private var noise: [WhiteNoise]
  private var states: [SIMD2<Double>]
  private let pole: Double
  private let scale: Double

  /// Corner of the low-passes, Hz.
  static let corner = 0.03

  /// Makes the drift.
  ///
  /// - Parameter positions: Index of each recorded channel among the standard positions.
  init(positions: [Int], sampleRate: Double, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: RandomStream.drift + 256)
    let all = ElectrodeLayout.positions.map { _ in 20 + 30 * generator.nextUniform() }
    amplitudes = positions.map { all[$0] }
    noise = positions.map { WhiteNoise(seed: seed, stream: RandomStream.drift + UInt64($0)) }
    states = [SIMD2<Double>](repeating: .zero, count: positions.count)
    pole = exp(-2 * .pi * Self.corner / sampleRate)
    // Two equal poles turn white noise of variance 1 into noise of variance (1 + p²)/(1 − p²)³.
    let remainder = 1 - pole * pole
    scale = (remainder * remainder * remainder / (1 + pole * pole)).squareRoot()
  }

  mutating func add(firstSample: Int, to signal: UnsafeMutablePointer<Double>) {
    for c in noise.indices {
      var source = noise[c]
      var state = states[c]
      let gain = scale * amplitudes[c]
      for t in 0..<Tile.length {
        state.x = pole * state.x + source.next()
        state.y = pole * state.y + state.x
        signal[c * Tile.length + t] += gain * state.y
      }
      noise[c] = source
      states[c] = state
    }
  }
}
