import MinhangCore
import MinhangSignal
import Testing

struct FiniteStretchesTests {
  @Test func `a block is cut exactly where a value is not a number`() {
    var block = SignalBlock(channelCount: 3, sampleCount: 20)
    #expect(FiniteStretches(of: block).isWhole)
    block[channel: 1, sample: 0] = .nan
    block[channel: 2, sample: 19] = -.infinity
    block[channel: 0, sample: 9] = .nan
    let stretches = FiniteStretches(of: block).all
    #expect(stretches.map(\.range) == [0..<1, 1..<9, 9..<10, 10..<19, 19..<20])
    #expect(stretches.map(\.isFinite) == [false, true, false, true, false])
    #expect(FiniteStretches(of: SignalBlock(channelCount: 3, sampleCount: 0)).all.isEmpty)
    // The largest finite numbers are numbers.
    block = SignalBlock(contiguous: [Double](repeating: .greatestFiniteMagnitude, count: 33), channelCount: 1)
    #expect(FiniteStretches(of: block).isWhole)
  }

  @Test func `a copied stretch keeps its place`() {
    var block = SignalBlock(contiguous: [1, 2, 3, 4, 5, 6], channelCount: 2, firstSample: 10, segment: 3)
    block[channel: 1, sample: 2] = 9
    var part = SignalBlock(channelCount: 0, sampleCount: 0)
    block.copy(1..<3, into: &part)
    #expect(part == SignalBlock(contiguous: [2, 3, 5, 9], channelCount: 2, firstSample: 11, segment: 3))
  }
}
