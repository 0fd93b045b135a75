import MinhangCore
import Testing

@testable import MinhangStreaming

struct SignalHistoryTests {
  @Test func `every window is the samples before its end, however they came`() {
    var generator = SeededGenerator(seed: 1)
    let signal = SignalBlock(contiguous: (0..<2 * 500).map { _ in generator.nextNormal() }, channelCount: 2)
    var history = SignalHistory(channelCount: 2, windowLength: 40)
    var next = 0
    while next < 500 {
      let end = min(500, next + 1 + generator.nextInteger(below: 60))
      history.append(signal.slice(next..<end))
      for sample in next...end {
        let expected = sample >= 40 ? signal.slice((sample - 40)..<sample) : nil
        #expect(sample > next || next == 0 || sample == next ? history.window(endingAt: sample) == expected : true)
      }
      next = end
    }
  }

  @Test func `a restart forgets`() {
    var history = SignalHistory(channelCount: 1, windowLength: 3)
    history.append(SignalBlock(contiguous: [1, 2, 3, 4], channelCount: 1))
    history.restart(at: 100)
    var block = SignalBlock(contiguous: [5, 6], channelCount: 1)
    block.firstSample = 100
    history.append(block)
    #expect(history.window(endingAt: 102) == nil)
    block.firstSample = 102
    history.append(block)
    #expect(history.window(endingAt: 103).map { Array($0.channel(0)) } == [5, 6, 5])
    #expect(history.window(endingAt: 105) == nil)
  }
}
