import MinhangCore
import Testing

@testable import MinhangSimulation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct BackgroundActivityTests {
  static let rate = 100.0

  /// 40 s of the background alone at the 19 electrodes of the 10-20 system.
  static let recording: SignalBlock = {
    let places = (ElectrodeLayout.cap(channelCount: 19) ?? []).compactMap { ElectrodeLayout.index(of: $0) }
    var anatomy = SeededGenerator(seed: 3)
    var background = BackgroundActivity(
      amplitude: 12, filter: AperiodicFilter(exponent: 1.2, sampleRate: rate), electrodes: places, anatomy: &anatomy, seed: 5)
    let mixer = TileMixer(topographies: background.topographies, channelCount: places.count)
    var rows = [Double](repeating: 0, count: mixer.rowCount * Tile.length)
    var tile = [Double](repeating: 0, count: mixer.channelCount * Tile.length)
    let tiles = Int(40 * rate) / Tile.length
    var block = SignalBlock(channelCount: places.count, sampleCount: tiles * Tile.length)
    for i in 0..<tiles {
      background.render(firstSample: i * Tile.length, into: &rows)
      mixer.mix(rows, into: &tile)
      for c in places.indices { for t in 0..<Tile.length { block[channel: c, sample: i * Tile.length + t] = tile[c * Tile.length + t] } }
    }
    return block
  }()

  @Test func `it has the asked amplitude in 1 to 40 hertz`() {
    let block = Self.recording
    let powers = (0..<block.channelCount).map { SpectrumOracle.power(of: block.channel($0), in: 1...40, sampleRate: Self.rate) }
    let amplitude = (powers.reduce(0, +) / Double(powers.count)).squareRoot()
    // 20 windows of 2 s; half of the power lies in about 8 independent bins of 1–4 Hz: one channel's power is known to √(1/(20 · 8)) = 8
    // %, its amplitude to 4 %; the means over 19 and over 64 electrodes differ by a few per cent more. Five times that.
    #expect(abs(amplitude / 12 - 1) < 0.2, "\(amplitude) µV")
  }

  @Test func `its spectrum falls with the exponent`() {
    let block = Self.recording
    let points = stride(from: 2.0, through: 25, by: 1).map { frequency in
      let densities = (0..<block.channelCount).map { SpectrumOracle.density(of: block.channel($0), at: frequency, sampleRate: Self.rate) }
      return (x: log(frequency), y: log(densities.reduce(0, +) / Double(block.channelCount)))
    }
    let slope = SpectrumOracle.slope(points)
    // Design: within 0.07. Estimate: ln of a density averaged over 20 windows and at least 5 independent channels has a deviation of 0.1;
    // over 24 points with a spread of 0.68 in ln f the slope's is 0.1 / (√24 · 0.68) = 0.03. Four times that.
    #expect(abs(slope + 1.2) < 0.07 + 0.12, "\(slope)")
  }

  @Test func `near electrodes see alike and far ones do not`() {
    let block = Self.recording
    func correlation(_ a: Int, _ b: Int) -> Double {
      let (x, y) = (Array(block.channel(a)), Array(block.channel(b)))
      let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
      var (xy, xx, yy) = (0.0, 0.0, 0.0)
      for i in x.indices {
        xy += (x[i] - mx) * (y[i] - my)
        xx += (x[i] - mx) * (x[i] - mx)
        yy += (y[i] - my) * (y[i] - my)
      }
      return xy / (xx * yy).squareRoot()
    }
    let cap = ElectrodeLayout.cap(channelCount: 19) ?? []
    func index(_ name: String) -> Int { cap.firstIndex(of: name) ?? -1 }
    // About 60 independent samples of the low frequencies that carry the power: a correlation is known to 1/√60 = 0.13.
    #expect(correlation(index("Fp1"), index("Fp2")) > 0.4)
    #expect(correlation(index("Fp1"), index("O2")) < 0.4)
  }
}
