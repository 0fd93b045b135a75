import CMinhangKernels
import MinhangCore
import Testing

@testable import MinhangSignal

/// The C kernel's twin: one channel, one sample, one section at a time, in the same order of operations.
func filteredBySwift(_ samples: [Double], _ sections: [SecondOrderSection], state: inout [(Double, Double)], backward: Bool) -> [Double] {
  var result = samples
  for i in backward ? Array(samples.indices.reversed()) : Array(samples.indices) {
    var x = samples[i]
    for (k, s) in sections.enumerated() {
      let y = s.b0 * x + state[k].0
      state[k].0 = (s.b1 * x + state[k].1) - s.a1 * y
      state[k].1 = s.b2 * x - s.a2 * y
      x = y
    }
    result[i] = x
  }
  return result
}

struct SectionKernelTests {
  @Test(arguments: [1, 2, 3, 4, 5, 8, 11], [false, true])
  func `the kernel has the bits of its twin for any shape`(sectionCount: Int, backward: Bool) throws {
    let order = sectionCount
    let filter = try Butterworth.filter(order: order, .bandPass(3...70), sampleRate: 250)
    #expect(filter.sections.count == sectionCount)
    for (channels, count) in [(1, 1), (1, 40), (3, 8), (7, 23), (8, 1), (8, 7), (8, 8), (8, 64), (8, 77), (9, 31), (17, 16), (20, 45)] {
      let signal = TestSignals.drifting(channels: channels, samples: count, seed: UInt64(count))
      var cascade = SectionCascade(filter)
      cascade.allocate(channelCount: channels)
      var block = signal
      block.withUnsafeMutableStorage { samples, stride in
        cascade.run(samples, stride: stride, count: count, backward: backward)
        cascade.run(samples, stride: stride, count: count, backward: backward)  // the state that the first run left behind
      }
      for c in 0..<channels {
        var state = [(Double, Double)](repeating: (0, 0), count: sectionCount)
        let once = filteredBySwift(Array(signal.channel(c)), filter.sections, state: &state, backward: backward)
        let twice = filteredBySwift(once, filter.sections, state: &state, backward: backward)
        #expect(block.bits[c] == twice.map(\.bitPattern))
      }
    }
  }
}
