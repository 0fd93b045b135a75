import Testing

@testable import MinhangSignal

struct ResamplingRatioTests {
  @Test func `two rates have their exact ratio`() throws {
    let cases: [(Double, Double, Int, Int)] = [
      (250, 200, 4, 5), (512, 250, 125, 256), (500, 512, 128, 125), (100, 100, 1, 1), (12.8, 64, 5, 1), (2048, 1000.5, 2001, 4096),
      (128 / 0.5, 128, 1, 2), (1000 / 3.0, 100, 3, 10), (30000, 2441.40625, 125, 1536), (0.1, 0.3, 3, 1), (999.9, 333.3, 1, 3),
    ]
    for (rate, newRate, up, down) in cases {
      let ratio = try ResamplingRatio(from: rate, to: newRate)
      #expect(ratio.up == up && ratio.down == down, "\(rate) to \(newRate): \(ratio)")
      #expect((ratio.outputRate(of: rate) - newRate).magnitude <= 8 * newRate.ulp)  // a product, a quotient, and 4 ulp of a rate in a file
    }
    let reduced = try ResamplingRatio(up: 40, down: 50)
    #expect(reduced == (try ResamplingRatio(up: 4, down: 5)) && "\(reduced)" == "4/5" && reduced.value == 0.8)
  }

  @Test func `what is not a ratio of whole numbers is refused`() {
    let root = 2.0.squareRoot()
    for (rate, newRate) in [
      (250, 100 * root), (Double.pi * 100, 250), (0, 100), (-250, 100), (250, .nan), (.infinity, 1), (250, 0), (1e300, 1), (250, 249.99999),
      (1e-300, 1), (30000, 0.001),
    ] {
      #expect(throws: SignalError.self, "\(rate) to \(newRate)") { try ResamplingRatio(from: rate, to: newRate) }
    }
    for (up, down) in [(0, 1), (1, 0), (-4, 5), (65537, 1), (Int.max, Int.max - 1), (Int.min, 2)] {
      #expect(throws: SignalError.self, "\(up)/\(down)") { try ResamplingRatio(up: up, down: down) }
    }
    do throws(SignalError) {
      _ = try ResamplingRatio(from: 250, to: 100 * root)
    } catch {
      #expect(error.code == .invalidFrequency && error.message.contains("141.42135") && error.message.contains("expected a rational rate"))
    }
  }

  @Test func `outputs are placed on one grid from the start of the recording`() throws {
    let ratio = try ResamplingRatio(up: 4, down: 5)
    for sample in -20...20 {
      let output = ratio.firstOutput(atOrAfter: sample)
      #expect(output * 5 >= sample * 4 && (output - 1) * 5 < sample * 4)
      #expect(ratio.distance(from: sample, toOutput: output) == output * 5 - sample * 4)
    }
    // Far along a recording nothing overflows.
    #expect(ratio.firstOutput(atOrAfter: 5 << 58) == 4 << 58)
  }
}
