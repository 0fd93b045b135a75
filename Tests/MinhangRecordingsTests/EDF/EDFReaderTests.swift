import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Reading gives the same numbers however it is cut.
struct EDFReaderTests {
  private func file(_ family: EDFFamily, records: Int = 7, samples: Int = 13) -> SampleFile {
    var file = SampleFile(family: family, signals: (0..<5).map { .init("C\($0)", samples: samples) })
    file.records = records
    for k in file.signals.indices { file.signals[k].value = { ($0 * 7919 + k * 104_729) % 60000 - 30000 } }
    return file
  }

  @Test(arguments: EDFFamily.allCases)
  func `any cutting gives the same values`(family: EDFFamily) throws {
    var reader = try file(family).open()
    let count = reader.recording.channels[0].sampleCount
    let all = [0, 1, 2, 3, 4]
    let whole = try reader.read(0..<count, of: all)
    for size in [1, 2, 12, 13, 14, 40, 1000] {
      var joined = [[Double]](repeating: [], count: 5)
      try reader.forEachBlock(of: all, blockSize: size) { block in
        for c in all { joined[c] += block.channel(c) }
      }
      #expect(all.allSatisfy { joined[$0].elementsEqual(whole.channel($0)) }, "blocks of \(size)")
    }
  }

  @Test(arguments: EDFFamily.allCases)
  func `any choice of channels, in any order and twice, gives the same values`(family: EDFFamily) throws {
    var reader = try file(family).open()
    let whole = try reader.read(0..<91, of: [0, 1, 2, 3, 4])
    for choice in [[3], [4, 0], [2, 2, 1], [0, 1, 2, 3, 4], [1, 3]] {
      let block = try reader.read(20..<80, of: choice)
      for (row, channel) in choice.enumerated() {
        #expect(block.channel(row).elementsEqual(whole.channel(channel).dropFirst(20).prefix(60)))
      }
    }
    #expect(try reader.read(5..<5, of: [1]).sampleCount == 0)
    #expect(try reader.read(0..<5, of: []).channelCount == 0)
  }

  @Test func `values are those of the stored numbers, with the bits of the scale`() throws {
    var reader = try file(.edf).open()
    let numbers = try reader.readDigital(0..<91, of: 2)
    let scale = SampleScale(reader.recording.channels[2].calibration!)
    let block = try reader.read(0..<91, of: [2])
    #expect(block.channel(0).elementsEqual(numbers.map { (Double($0) + scale.offset) * scale.gain }))
  }

  @Test func `records larger than what is kept are read in pieces`() throws {
    var file = SampleFile(signals: [.init("Fz", samples: 1_200_000), .init("Cz", samples: 1_200_000)])
    file.records = 2
    for k in 0..<2 { file.signals[k].value = { $0 % 30011 - k } }
    var reader = try file.open()
    #expect(reader.layout.recordBytes > RecordBuffer.largestRecord)
    let block = try reader.read(1_199_990..<1_200_010, of: [1, 0])
    let scale = SampleScale(reader.recording.channels[0].calibration!)
    for row in 0..<2 {
      let expected = (1_199_990..<1_200_010).map { (Double($0 % 30011 - (1 - row)) + scale.offset) * scale.gain }
      #expect(block.channel(row).elementsEqual(expected))
    }
    let long = try reader.readDigital(0..<2_400_000, of: 0)
    #expect(long.indices.allSatisfy { long[$0] == Int32($0 % 30011) })
  }

  @Test func `copies of a reader read independently`() throws {
    var one = try file(.edf).open()
    var other = one
    let first = try one.read(0..<20, of: [0])
    _ = try other.read(40..<60, of: [3])
    #expect(try one.read(0..<20, of: [0]) == first)
  }

  @Test func `a block's memory is reused`() throws {
    var reader = try file(.edf).open()
    var block = SignalBlock(channelCount: 5, sampleCount: 0, capacity: 40)
    try reader.read(0..<40, of: [0, 1, 2, 3, 4], into: &block)
    #expect(block.channelStride == 40 && block.firstSample == 0)
    try reader.read(10..<30, of: [0, 1], into: &block)
    #expect(block.channelStride == 40 && block.sampleRange == 10..<30 && block.channelCount == 2)
  }
}
