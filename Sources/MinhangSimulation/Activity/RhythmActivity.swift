import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The narrow-band sources of a recording: mu and beta of the hand areas, occipital alpha, frontal theta.
///
/// Each is the real part of a damped oscillator driven by complex white noise `w`, `z[n+1] = ρ e^(iω) z[n] + √(1 − ρ²) w[n]`: a spectral
/// peak at `ω` of the width `−ln ρ · rate / π` between its half-power points, whose amplitude waxes and wanes as that of an EEG rhythm
/// does.
///
/// **Source:** Franaszczuk & Blinowska 1985, "Linear model of brain electrical activity: EEG as a superposition of damped oscillatory
/// modes", Biol. Cybern. 53:19.
struct RhythmActivity: SimulationComponent {
  let topographies: [[Double]]
  /// What the recorded channels see of each rhythm for 1 µV where it is largest.
  let leadFields: [[Double]]
  private var oscillators: [Oscillator]
  private var modulations: [PowerModulation]

  /// Makes the sources.
  ///
  /// - Parameters:
  ///   - rhythms: The subject's.
  ///   - modulations: The course of each one's power, in the same order.
  ///   - electrodes: Index of each recorded channel among the standard positions.
  init(_ rhythms: [SimulatedRhythm], modulations: [[PowerPulse]], electrodes: [Int], sampleRate: Double, seed: UInt64) {
    precondition(rhythms.count == modulations.count, "\(modulations.count) modulations of \(rhythms.count) rhythms")
    leadFields = rhythms.map { rhythm in
      let field = SphericalHead.standard.leadField(of: rhythm.dipole)
      return electrodes.map { field[$0] }
    }
    topographies = zip(rhythms, leadFields).map { rhythm, field in field.map { $0 * rhythm.amplitude } }
    oscillators = rhythms.indices.map {
      Oscillator(rhythms[$0], sampleRate: sampleRate, noise: WhiteNoise(seed: seed, stream: RandomStream.rhythm + UInt64($0)))
    }
    self.modulations = modulations.map { PowerModulation($0, sampleRate: sampleRate) }
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    for i in oscillators.indices {
      let row = rows + i * Tile.length
      oscillators[i].render(into: row)
      modulations[i].apply(firstSample: firstSample, to: row)
    }
  }
}

/// One damped oscillator with a variance of 1.
private struct Oscillator: Sendable {
  private var noise: WhiteNoise
  private var real: Double
  private var imaginary: Double
  private let a: Double
  private let b: Double
  private let drive: Double

  init(_ rhythm: SimulatedRhythm, sampleRate: Double, noise: WhiteNoise) {
    let radius = exp(-.pi * rhythm.bandwidth / sampleRate)
    let angle = 2 * .pi * rhythm.frequency / sampleRate
    a = radius * cos(angle)
    b = radius * sin(angle)
    drive = (1 - radius * radius).squareRoot()
    self.noise = noise
    // The stationary state has a variance of 1 in each part.
    real = self.noise.next()
    imaginary = self.noise.next()
  }

  mutating func render(into row: UnsafeMutablePointer<Double>) {
    for t in 0..<Tile.length {
      row[t] = real
      let next = a * real - b * imaginary + drive * noise.next()
      imaginary = b * real + a * imaginary + drive * noise.next()
      real = next
    }
  }
}
