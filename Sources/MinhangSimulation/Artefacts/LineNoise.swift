import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mains in the electrodes: a sine with its second and third harmonic (those below half the sampling rate), whose size and phase
/// differ from electrode to electrode with its impedance and the loop of its cable.
///
/// **Source:** Huhta & Webster 1973, "60-Hz interference in electrocardiography", IEEE Trans. Biomed. Eng. 20:91.
struct LineNoise: SimulationComponent {
  let topographies: [[Double]]
  /// Amplitude of the fundamental at each electrode, µV.
  let amplitudes: [Double]
  private let sampleRate: Double
  /// The fundamental and the harmonics that are there, Hz.
  private let frequencies: [Double]

  /// Makes the noise.
  ///
  /// - Parameter positions: Index of each recorded channel among the standard positions.
  init(frequency: Double, positions: [Int], sampleRate: Double, seed: UInt64) {
    self.sampleRate = sampleRate
    let parts = [(1.0, 1.0), (2.0, 0.15), (3.0, 0.3)].filter { $0.0 * frequency < sampleRate / 2 }
    frequencies = parts.map { $0.0 * frequency }
    var generator = SeededGenerator(seed: seed, stream: RandomStream.line)
    // Drawn for all standard positions, so that a channel's share does not depend on the others.
    let all = ElectrodeLayout.positions.map { _ in (amplitude: 1.5 * exp(0.6 * generator.nextNormal()), phase: 0.4 * generator.nextNormal())
    }
    amplitudes = positions.map { all[$0].amplitude }
    topographies = parts.flatMap { order, share in
      [
        positions.map { all[$0].amplitude * share * cos(order * all[$0].phase) },
        positions.map { all[$0].amplitude * share * sin(order * all[$0].phase) },
      ]
    }
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    for (i, frequency) in frequencies.enumerated() {
      let row = rows + 2 * i * Tile.length
      for t in 0..<Tile.length {
        // The phase in whole turns keeps its digits for a recording of any length.
        let turns = (frequency / sampleRate * Double(firstSample + t)).truncatingRemainder(dividingBy: 1)
        row[t] = sin(2 * .pi * turns)
        row[Tile.length + t] = cos(2 * .pi * turns)
      }
    }
  }
}
