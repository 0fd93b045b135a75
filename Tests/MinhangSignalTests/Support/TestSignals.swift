import MinhangCore

@testable import MinhangSignal

/// Signals and cuts for tests, all from seeds.
enum TestSignals {
  /// Drifting channels with offsets and noise, as an amplifier gives them, µV.
  static func drifting(channels: Int, samples: Int, seed: UInt64 = 1) -> SignalBlock {
    var values: [Double] = []
    for c in 0..<channels {
      var generator = SeededGenerator(seed: seed, stream: UInt64(c))
      var level = 300 * generator.nextNormal()
      for _ in 0..<samples {
        level += 2 * generator.nextNormal()
        values.append(level + 15 * generator.nextNormal())
      }
    }
    return SignalBlock(contiguous: values, channelCount: channels)
  }

  /// Samples `range` of a block, as a reader hands them out.
  static func cut(_ block: SignalBlock, _ range: Range<Int>) -> SignalBlock {
    SignalBlock(
      contiguous: (0..<block.channelCount).flatMap {
        Array(block.channel($0)[(block.channel($0).startIndex + range.lowerBound)...].prefix(range.count))
      },
      channelCount: block.channelCount, firstSample: block.firstSample + range.lowerBound, segment: block.segment)
  }

  /// One channel of a block.
  static func channel(_ channel: Int, of block: SignalBlock) -> SignalBlock {
    SignalBlock(contiguous: Array(block.channel(channel)), channelCount: 1, firstSample: block.firstSample, segment: block.segment)
  }

  /// Ways of cutting `count` samples: 1, 7, 32, 4096, the whole, and random.
  static func cuttings(of count: Int) -> [[Range<Int>]] {
    func even(_ size: Int) -> [Range<Int>] { stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) } }
    func random(_ seed: UInt64) -> [Range<Int>] {
      var generator = SeededGenerator(seed: seed)
      var ranges: [Range<Int>] = []
      var start = 0
      while start < count {
        let end = min(count, start + 1 + generator.nextInteger(below: 90))
        ranges.append(start..<end)
        start = end
      }
      return ranges
    }
    return [even(1), even(7), even(32), even(4096), [0..<count], random(1), random(2)]
  }

  /// A block after a stage, cut into pieces and put together again.
  static func processed(_ block: SignalBlock, by stage: any CausalStage, cuts: [Range<Int>]) -> SignalBlock {
    var stage = stage
    var result = block
    for range in cuts {
      var piece = cut(block, range)
      stage.process(&piece)
      for c in 0..<block.channelCount {
        for i in 0..<range.count { result[channel: c, sample: range.lowerBound + i] = piece[channel: c, sample: i] }
      }
    }
    return result
  }
}

extension SignalBlock {
  /// The bits of every sample: tells NaN from NaN-free, and 0 from −0.
  var bits: [[UInt64]] { (0..<channelCount).map { channel($0).map(\.bitPattern) } }
}

/// The largest difference, as a part of the largest expected magnitude.
func scaledDifference(_ got: some Collection<Double>, _ expected: some Collection<Double>) -> Double {
  guard got.count == expected.count else { return .infinity }
  let scale = expected.reduce(0) { max($0, $1.magnitude) }
  let worst = zip(got, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  return worst == 0 ? 0 : worst / scale
}
