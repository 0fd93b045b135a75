import MinhangCore

/// The ongoing activity of the whole cortex: many dipoles spread over the sphere, each with its own `1/f` noise.
struct BackgroundActivity: SimulationComponent {
  let topographies: [[Double]]
  /// The sources' dipoles, in the order of the rows.
  let dipoles: [CurrentDipole]

  private var noise: [WhiteNoise]
  /// Eight sources run side by side; section `k` of group `g` has its state at `g * sections + k`.
  private var states: [SIMD8<Double>]
  private let poles: [Double]
  private let zeros: [Double]

  /// Number of sources: a whole number of groups of eight.
  static let sourceCount = 160

  /// Makes the sources of a session.
  ///
  /// - Parameters:
  ///   - amplitude: RMS of the potential in 1–40 Hz, µV, as the root of the mean power over the 64 standard positions.
  ///   - filter: Shape of the spectrum.
  ///   - electrodes: Index of each recorded channel among the standard positions.
  ///   - anatomy: Gives the dipoles; belongs to the subject.
  ///   - seed: The session's.
  init(amplitude: Double, filter: AperiodicFilter, electrodes: [Int], anatomy: inout SeededGenerator, seed: UInt64) {
    dipoles = Self.latticeOfDipoles(&anatomy)
    let fields = dipoles.map { SphericalHead.standard.leadField(of: $0) }
    var standardPower = 0.0
    for field in fields { for value in field { standardPower += value * value } }
    standardPower *= filter.power(in: 1...40) / Double(ElectrodeLayout.positions.count)
    let scale = amplitude / standardPower.squareRoot()
    topographies = fields.map { field in electrodes.map { field[$0] * scale } }
    noise = dipoles.indices.map { WhiteNoise(seed: seed, stream: RandomStream.background + UInt64($0)) }
    poles = filter.poles
    zeros = filter.zeros
    states = [SIMD8<Double>](repeating: .zero, count: dipoles.count / 8 * filter.poles.count)
    settle(sampleRate: filter.sampleRate)
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    let sections = poles.count
    withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: Tile.length) { lanes in
      for group in 0..<(noise.count / 8) {
        for lane in 0..<8 {
          var source = noise[group * 8 + lane]
          for t in 0..<Tile.length { lanes[t][lane] = source.next() }
          noise[group * 8 + lane] = source
        }
        for k in 0..<sections {
          let pole = SIMD8<Double>(repeating: poles[k])
          let zero = SIMD8<Double>(repeating: zeros[k])
          var state = states[group * sections + k]
          for t in 0..<Tile.length {
            let x = lanes[t]
            let y = x + state
            state = pole * y - zero * x
            lanes[t] = y
          }
          states[group * sections + k] = state
        }
        for lane in 0..<8 {
          let row = rows + (group * 8 + lane) * Tile.length
          for t in 0..<Tile.length { row[t] = lanes[t][lane] }
        }
      }
    }
  }

  /// Runs the filters for two seconds, four time constants of the slowest pole, so that the recording starts in mid-life.
  private mutating func settle(sampleRate: Double) {
    var rows = [Double](repeating: 0, count: noise.count * Tile.length)
    rows.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      for _ in 0..<Int(2 * sampleRate / Double(Tile.length) + 1) { render(firstSample: 0, into: start) }
    }
  }

  /// Places evenly spread over the sphere but for its lowest quarter, where the neck is, by the golden-angle spiral.
  private static func latticeOfDipoles(_ generator: inout SeededGenerator) -> [CurrentDipole] {
    let turn = HeadPoint(x: -0.737368878078320, y: 0.675490294261524, z: 0)  // cosine and sine of the golden angle, 137.5°
    var around = HeadPoint(x: 1, y: 0, z: 0)
    return (0..<sourceCount).map { i in
      let height = 1 - 1.5 * (Double(i) + 0.5) / Double(sourceCount)
      let width = (1 - height * height).squareRoot()
      let point = HeadPoint(x: width * around.x, y: width * around.y, z: height)
      around = HeadPoint(x: around.x * turn.x - around.y * turn.y, y: around.x * turn.y + around.y * turn.x, z: 0)
      return CurrentDipole.below(point, jitter: 0.05, tilt: 0.7, &generator)
    }
  }
}
