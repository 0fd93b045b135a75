import Testing

@testable import MinhangSimulation

@Suite struct PowerModulationTests {
  static let rate = 128.0

  static func amplitudes(_ pulses: [PowerPulse], tiles: Int = 10) -> [Double] {
    var modulation = PowerModulation(pulses, sampleRate: rate)
    return (0..<tiles).flatMap { i in
      var row = [Double](repeating: 1, count: Tile.length)
      modulation.apply(firstSample: i * Tile.length, to: &row)
      return row
    }
  }

  @Test func `power changes by the asked part at the height of a pulse and by nothing outside it`() {
    let values = Self.amplitudes([PowerPulse(start: 1, rise: 0.5, end: 3, fall: 0.5, change: -0.75)])
    #expect(values[..<128].allSatisfy { $0 == 1 })
    #expect(values[192...384].allSatisfy { $0 == 0.5 })
    #expect(values[448...].allSatisfy { $0 == 1 })
    // Half-way up the edge half the change: 1 − 0.375.
    #expect(values[160] == (1 - 0.375).squareRoot())
  }

  @Test func `pulses add, in any order, and power stays above zero`() {
    let a = PowerPulse(start: 0, rise: 0.1, end: 4, fall: 0.1, change: -0.5)
    let b = PowerPulse(start: 1, rise: 0.1, end: 2, fall: 0.1, change: 0.3)
    let c = PowerPulse(start: 3, rise: 0.1, end: 4, fall: 0.1, change: -0.9)
    let values = Self.amplitudes([c, b, a])
    #expect(values == Self.amplitudes([a, b, c]))
    #expect(values[192] == 0.8.squareRoot())
    #expect(values[320] == 0.5.squareRoot())
    #expect(values[448] == 0)
  }

  @Test func `a change of zero leaves every bit`() {
    #expect(Self.amplitudes([PowerPulse(start: 0.3, rise: 0.5, end: 2, fall: 0.5, change: 0)]).allSatisfy { $0 == 1 })
  }
}
