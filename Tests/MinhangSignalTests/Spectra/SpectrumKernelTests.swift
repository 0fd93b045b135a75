import CMinhangKernels
import MinhangCore
import Testing

@testable import MinhangSignal

/// The C kernels' twins: eight running sums, folded in the same order.
private func foldedSum(_ count: Int, _ term: (Int) -> Double) -> Double {
  var sums = SIMD8<Double>()
  let whole = count / 8 * 8
  for i in 0..<whole { sums[i % 8] += term(i) }
  let (even, odd) = ((sums[0] + sums[4]) + (sums[2] + sums[6]), (sums[1] + sums[5]) + (sums[3] + sums[7]))
  return (whole..<count).reduce(even + odd) { $0 + term($1) }
}

struct SpectrumKernelTests {
  private static let counts = Array(0...40) + [63, 64, 65, 250, 500]
  private static let values = Array(TestSignals.drifting(channels: 1, samples: 1001).channel(0))
  private static let taper = Taper.kaiser(5).coefficients(count: 500)

  @Test func `sums have the bits of their twin for any count`() {
    let values = Self.values
    for count in Self.counts {
      #expect(minhang_sum(values, count).bitPattern == foldedSum(count) { values[$0] }.bitPattern)
      let expected = foldedSum(count) { (Double($0) - 7.5) * (values[$0] - 3.25) }
      #expect(minhang_moment(values, count, 7.5, 3.25).bitPattern == expected.bitPattern)
    }
  }

  @Test(arguments: [0.0, -0.37])
  func `tapering has the bits of its twin for any count`(slope: Double) {
    let (values, taper) = (Self.values, Self.taper)
    for count in Self.counts {
      var result = [Double](repeating: -1, count: 500)
      minhang_taper(values, taper, count, 12.5, slope, &result)
      for i in 0..<500 {
        let expected = i < count ? (values[i] - (12.5 + slope * Double(i))) * taper[i] : -1
        #expect(result[i].bitPattern == expected.bitPattern)
      }
    }
  }

  @Test func `power has the bits of its twin for any count`() {
    let values = Self.values
    for count in Self.counts {
      var power = Array(Self.taper)
      minhang_add_power(values, count, &power)
      for k in 0..<500 {
        let square = k < count ? values[2 * k] * values[2 * k] + values[2 * k + 1] * values[2 * k + 1] : 0
        #expect(power[k].bitPattern == (k < count ? Self.taper[k] + square : Self.taper[k]).bitPattern)
      }
    }
  }
}
