import MinhangCore
import Testing

@testable import MinhangRecordings

struct EDFRecordPlanTests {
  private func plan(_ rates: [Double], _ durations: [Double], starts: [Double]? = nil, wish: Double? = nil) throws -> EDFRecordPlan {
    let spans = durations.indices.map { TimeSpan(start: starts?[$0] ?? durations[..<$0].reduce(0, +), duration: durations[$0]) }
    let counts = rates.map { rate in spans.map { Int(($0.duration * rate).rounded()) } }
    return try EDFRecordPlan(rates: rates, counts: counts, spans: spans, bytesPerSample: 2, wish: wish, path: "out.edf")
  }

  @Test func `a rate and its fraction`() {
    #expect(Ratio(512)?.numerator == 512 && Ratio(512)?.denominator == 1)
    #expect(Ratio(12.8)?.numerator == 64 && Ratio(12.8)?.denominator == 5)
    #expect(Ratio(499.5)?.numerator == 999)
    #expect(Ratio(128.0 / 0.333333)?.denominator == 333333)
    #expect(Ratio(1000.0 / 3)?.denominator == 3)
    #expect(Ratio(Double.pi) == nil && Ratio(0) == nil && Ratio(.nan) == nil && Ratio(-5) == nil)
  }

  @Test(
    arguments: [
      ([160], 125, "1"), ([512, 256, 1], 60, "1"), ([499.5, 400], 30, "2"), ([12.8, 100], 110, "1.25"), ([250], 0.5, "0.5"),
      ([1000.0 / 3], 30, "1.2"), ([0.1], 100, "100"), ([1], 7, "7"), ([10], 1.3, "1.3"), ([250], 400.012, "400.012"),
      ([128], 9.59375, "4.796875"),
    ] as [([Double], Double, String)])
  func `durations: near a second, dividing all`(rates: [Double], length: Double, expected: String) throws {
    let plan = try plan(rates, [length])
    #expect(plan.recordDuration.text == expected)
    #expect(plan.paddedSamples.allSatisfy { $0 == 0 })
    for (rate, count) in zip(rates, plan.samplesPerRecord) {
      #expect(abs(plan.recordDuration.rate(of: count) - rate) <= 4 * rate.ulp)
    }
  }

  @Test func `durations: a wish is granted where it divides all`() throws {
    #expect(try plan([100, 1], [300], wish: 30).recordDuration.text == "30")
    #expect(try plan([100, 1], [301], wish: 30).recordDuration.text == "1")
  }

  @Test func `durations: stretches of any length are divided where a number divides them`() throws {
    let plan = try plan([250], [2, 3.2, 1.4], starts: [0, 10, 20])
    #expect(plan.paddedSamples == [0] && plan.stretches.map(\.recordCount) == [10, 16, 7])
    #expect(plan.stretches.map(\.firstRecord) == [0, 10, 26])
    #expect(plan.stretches.map(\.start) == [0, 10_000_000_000, 20_000_000_000])
    #expect(!plan.isContinuous)
  }

  @Test func `durations: tiny records where no others hold all samples, as long as they are not too many`() throws {
    // 7 and 4 samples at 1 Hz, then 1 000 003.
    #expect(try plan([1], [7, 4], starts: [0, 200]).paddedSamples == [0])
    #expect(try plan([1], [7, 1_000_003], starts: [0, 200]).paddedSamples[0] > 0)
  }

  @Test func `durations: what is added never runs into the next stretch`() throws {
    // 1031 and 7 samples at 512 Hz, 4 samples apart.
    let plan = try plan([512], [1031.0 / 512, 7.0 / 512], starts: [0, 1035.0 / 512])
    let step = plan.recordDuration.nanoseconds!
    #expect(plan.stretches[0].recordCount * step <= plan.stretches[1].start + 1_000_000)
  }

  @Test func `records: at most 61440 bytes where possible`() throws {
    let plan = try plan([Double](repeating: 2048, count: 64), [64])
    #expect(plan.samplesPerRecord.reduce(0, +) * 2 <= 61440)
    #expect(plan.recordDuration.text == "0.125" || plan.recordDuration.text == "0.25" || plan.recordDuration.text == "0.21875")
  }
}
