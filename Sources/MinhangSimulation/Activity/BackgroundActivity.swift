import MinhangCore
import MinhangSignal

/// The ongoing activity of the whole cortex: many dipoles spread over the sphere, each with its own `1/f` noise.
struct BackgroundActivity: SimulationComponent {
  let topographies: [[Double]]
  /// The sources' dipoles, in the order of the rows.
  let dipoles: [CurrentDipole]

  private var noise: [WhiteNoise]
  /// Eight sources run side by side; those of section `k` of group `g` begin at `(g * sections + k) * lanes`.
  private var states: [Double]
  private let poles: [Double]
  private let zeros: [Double]

  /// Number of sources: a whole number of groups of eight.
  static let sourceCount = 160
  /// Sources of a group.
  private static let lanes = 8

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
    states = [Double](repeating: 0, count: dipoles.count * filter.poles.count)
    settle(sampleRate: filter.sampleRate)
  }

  mutating func render(firstSample: Int, into rows: UnsafeMutablePointer<Double>) {
    let sections = poles.count
    let lanes = Self.lanes
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Tile.length * lanes) { buffer in
      guard let scratch = buffer.baseAddress else { return }  // [samples × lanes]
      states.withUnsafeMutableBufferPointer { states in
        for group in 0..<(noise.count / lanes) {
          for lane in 0..<lanes { noise[group * lanes + lane].fill(scratch + lane, stride: lanes) }
          for k in 0..<sections {
            guard let state = states.baseAddress.map({ $0 + (group * sections + k) * lanes }) else { return }
            Self.runSection(pole: poles[k], zero: zeros[k], state: state, signal: scratch)
          }
          for lane in 0..<lanes {
            let row = rows + (group * lanes + lane) * Tile.length
            var t = 0
            while t < Tile.length {
              row[t] = scratch[t * lanes + lane]
              t += 1
            }
          }
        }
      }
    }
  }

  /// One first-order section over a tile of eight sources side by side, in place: `y = x + s`, `s = pole · y − zero · x`.
  private static func runSection(
    pole: Double, zero: Double, state: UnsafeMutablePointer<Double>, signal: UnsafeMutablePointer<Double>
  ) {
    var i = 0
    while i < Tile.length * lanes {
      var lane = 0
      while lane < lanes {
        let x = signal[i + lane]
        let y = x + state[lane]
        state[lane] = pole * y - zero * x
        signal[i + lane] = y
        lane += 1
      }
      i += lanes
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
