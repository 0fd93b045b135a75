import MinhangCore
import Testing

@testable import MinhangSimulation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct AperiodicFilterTests {
  @Test(arguments: [0.0, 0.8, 1, 1.4, 2], [100.0, 160, 250, 512, 2000])
  func `power falls with the exponent up to a quarter of the rate`(exponent: Double, rate: Double) {
    let filter = AperiodicFilter(exponent: exponent, sampleRate: rate)
    // Slope of a straight line through 60 points even in log f. The stated bound of the design is 0.07: the staircase's ripple cancels
    // over whole octaves, what is left is the flattening towards half the rate.
    let (low, high) = (log(2.0), log(rate / 4))
    let points = (0..<60).map { low + (high - low) * Double($0) / 59 }.map { (x: $0, y: log(filter.powerGain(at: exp($0)))) }
    let slope = SpectrumOracle.slope(points)
    #expect(abs(slope + exponent) < 0.07, "slope \(slope) for an exponent of \(exponent) at \(rate) Hz")
  }

  @Test func `the power of the whole band is the energy of the impulse response`() {
    let filter = AperiodicFilter(exponent: 1.2, sampleRate: 160)
    var states = [Double](repeating: 0, count: filter.poles.count)
    var energy = 0.0
    for n in 0..<8000 {
      var x = n == 0 ? 1.0 : 0
      for k in states.indices {
        let y = x + states[k]
        states[k] = filter.poles[k] * y - filter.zeros[k] * x
        x = y
      }
      energy += x * x
    }
    // Parseval. The midpoint rule with steps of 0.08 Hz on a corner of 0.3 Hz is good to 1 %.
    #expect(abs(filter.power(in: 0...80) / energy - 1) < 0.01)
  }
}
