import MinhangCore

/// A block cut where any of its channels holds a value that is not a finite number.
struct FiniteStretches {
  /// One piece: samples counted from the block's first.
  struct Stretch: Hashable {
    var range: Range<Int>
    var isFinite: Bool
  }

  /// The pieces, in order, without a hole between them.
  let all: [Stretch]

  /// Whether the block is finite throughout.
  var isWhole: Bool { all.count == 1 && all[0].isFinite }

  init(of block: SignalBlock) {
    let count = block.sampleCount
    guard count > 0, !Self.isFinite(block) else {
      all = count > 0 ? [Stretch(range: 0..<count, isFinite: true)] : []
      return
    }
    var isBad = [Bool](repeating: false, count: count)
    for c in 0..<block.channelCount {
      for (i, value) in block.channel(c).enumerated() where !value.isFinite { isBad[i] = true }
    }
    var stretches: [Stretch] = []
    var start = 0
    for i in 1...count where i == count || isBad[i] != isBad[start] {
      stretches.append(Stretch(range: start..<i, isFinite: !isBad[start]))
      start = i
    }
    all = stretches
  }

  /// Whether every value is finite: `x − x` is 0 for a finite x and NaN otherwise, so that one sum over the block tells, at the speed of memory.
  private static func isFinite(_ block: SignalBlock) -> Bool {
    block.withUnsafeStorage { storage, stride in
      var sum = SIMD8<Double>.zero
      var rest = 0.0
      for c in 0..<block.channelCount {
        let row = UnsafeRawPointer(storage + c * stride)
        var i = 0
        while i + 8 <= block.sampleCount {
          let values = row.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self)
          sum += values - values
          i += 8
        }
        while i < block.sampleCount {
          let value = storage[c * stride + i]
          rest += value - value
          i += 1
        }
      }
      return sum.sum() + rest == 0
    }
  }
}

extension SignalBlock {
  /// Copies some samples of every channel into another block, which takes their place in the recording.
  func copy(_ range: Range<Int>, into part: inout SignalBlock) {
    part.resize(channelCount: channelCount, sampleCount: range.count)
    part.firstSample = firstSample + range.lowerBound
    part.segment = segment
    withUnsafeStorage { from, fromStride in
      part.withUnsafeMutableStorage { to, stride in
        for c in 0..<channelCount { (to + c * stride).update(from: from + c * fromStride + range.lowerBound, count: range.count) }
      }
    }
  }
}
