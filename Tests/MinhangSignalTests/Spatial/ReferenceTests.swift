import MinhangCore
import Testing

@testable import MinhangSignal

struct ReferenceTests {
  @Test func `after the common average the channels sum to zero at every sample`() {
    var signal = TestSignals.drifting(channels: 13, samples: 1300)
    let scale = (0..<13).flatMap { signal.channel($0) }.reduce(0) { max($0, $1.magnitude) }
    var stage = CommonAverageReference()
    stage.process(&signal)
    for i in 0..<1300 {
      let sum = (0..<13).reduce(0) { $0 + signal[channel: $1, sample: i] }
      #expect(sum.magnitude < 13 * 13 * Double.ulpOfOne * scale)  // a sum of 13 and 13 subtractions, an ulp each
    }
    var again = signal
    stage.process(&again)
    // The average of averaged channels is the rounding above.
    for c in 0..<13 { #expect(scaledDifference(again.channel(c), signal.channel(c)) < 1e-12) }
  }

  @Test func `chosen references subtract their mean, by hand`() {
    var block = SignalBlock(contiguous: [1, 2, 10, 20, 30, 60], channelCount: 3)
    var stage = ChosenReference(channels: [0, 2])
    stage.process(&block)
    #expect(block == SignalBlock(contiguous: [-14.5, -29, -5.5, -11, 14.5, 29], channelCount: 3))
    var none = ChosenReference(channels: [])
    none.process(&block)
    #expect(block == SignalBlock(contiguous: [-14.5, -29, -5.5, -11, 14.5, 29], channelCount: 3))
  }

  @Test func `a value that is not finite takes no part in the mean`() {
    var block = SignalBlock(contiguous: [1, .nan, 3, 8, 5, .infinity], channelCount: 3)
    var stage = CommonAverageReference()
    stage.process(&block)
    #expect(Array(block.channel(0))[0] == -2 && block[channel: 0, sample: 1].isNaN)
    #expect(Array(block.channel(1)) == [0, 0])
    #expect(block[channel: 2, sample: 0] == 2 && block[channel: 2, sample: 1] == .infinity)
    var lost = SignalBlock(contiguous: [.nan, 7], channelCount: 2)
    var reference = ChosenReference(channels: [0])
    reference.process(&lost)
    #expect(lost[channel: 1, sample: 0] == 7)
  }

  @Test func `the order of channels only orders the output`() {
    let values = TestSignals.drifting(channels: 2, samples: 50)
    var block = values
    var swapped = SignalBlock(contiguous: Array(values.channel(1)) + Array(values.channel(0)), channelCount: 2)
    var stage = CommonAverageReference()
    stage.process(&block)
    stage.process(&swapped)
    #expect(block.bits == swapped.bits.reversed())  // a sum of two is the same in either order
  }
}
