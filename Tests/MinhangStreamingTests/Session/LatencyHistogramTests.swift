import MinhangCore
import Testing

@testable import MinhangStreaming

struct LatencyHistogramTests {
  @Test func `a quantile is right to a bin, and never above the longest`() {
    var generator = SeededGenerator(seed: 2)
    var histogram = LatencyHistogram()
    var times = (0..<5000).map { _ in 1e-5 * (1 + 99 * generator.nextUniform()) }
    for time in times { histogram.add(time) }
    times.sort()
    for share in [0.01, 0.5, 0.9, 0.99] {
      let exact = times[Int((share * 5000).rounded(.up)) - 1]
      // A bin is 2^(1/64) wide: the upper edge is at most 1.1 % above any time in it.
      #expect(histogram.quantile(share) >= exact && histogram.quantile(share) <= exact * 1.0109)
    }
    #expect(histogram.quantile(1) == times.last)
    #expect(LatencyHistogram().quantile(0.5) == 0)
  }

  @Test func `no time is too short or too long to be counted`() {
    var histogram = LatencyHistogram()
    for time in [0, -1, 1e-300, 1e9] { histogram.add(time) }
    #expect(histogram.count == 4)
    #expect(histogram.maximum == 1e9)
  }
}
