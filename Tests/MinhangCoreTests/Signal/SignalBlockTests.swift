import MinhangCore
import Testing

struct SignalBlockTests {
  @Test func `channels are contiguous and apart`() {
    var block = SignalBlock(channelCount: 2, sampleCount: 3, capacity: 8)
    block[channel: 1, sample: 2] = 5
    #expect(Array(block.channel(1)) == [0, 0, 5])
    #expect(block.channelStride == 8)
    block.withUnsafeMutableStorage { storage, stride in storage[1 * stride] = 7 }
    #expect(block[channel: 1, sample: 0] == 7)
  }

  @Test func `a resize within the capacity keeps the memory`() {
    var block = SignalBlock(channelCount: 4, sampleCount: 16)
    let before = block.withUnsafeStorage { pointer, _ in UInt(bitPattern: pointer) }
    block.resize(channelCount: 2, sampleCount: 7)
    #expect(block.withUnsafeStorage { pointer, _ in UInt(bitPattern: pointer) } == before)
    block.resize(channelCount: 4, sampleCount: 17)
    #expect(block.channelStride == 17)
    #expect(block.channel(3).count == 17)
  }

  @Test func `equality ignores the spare capacity`() {
    let a = SignalBlock(channelCount: 1, sampleCount: 2, capacity: 9)
    #expect(a == SignalBlock(contiguous: [0, 0], channelCount: 1))
    #expect(a != SignalBlock(contiguous: [0, 1], channelCount: 1))
  }
}
