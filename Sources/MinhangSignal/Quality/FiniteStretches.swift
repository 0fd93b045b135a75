import MinhangCore

/// A block cut where any of its channels holds a value that is not a finite number: what training and live decoding break off at.
public struct FiniteStretches: Sendable, Hashable {
  /// One piece.
  public struct Stretch: Sendable, Hashable {
    /// Its samples, counted from the block's first.
    public var range: Range<Int>
    /// Whether every value of every channel is finite.
    public var isFinite: Bool
  }

  /// The pieces, in order, without a hole between them; none of an empty block.
  public let all: [Stretch]

  /// Whether the block is finite throughout.
  public var isWhole: Bool { all.count == 1 && all[0].isFinite }

  /// Cuts a block.
  ///
  /// A block that is finite throughout is told at the speed of memory, without allocating.
  public init(of block: SignalBlock) {
    let count = block.sampleCount
    guard count > 0, !block.isFinite else {
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
}

extension SignalBlock {
  /// Whether no value is NaN or infinite.
  public var isFinite: Bool {
    // `x − x` is 0 for a finite x and NaN otherwise, and so is the sum: one pass at the speed of memory.
    withUnsafeStorage { storage, stride in
      var sum = SIMD8<Double>.zero
      var rest = 0.0
      for c in 0..<channelCount {
        let row = UnsafeRawPointer(storage + c * stride)
        var i = 0
        while i + 8 <= sampleCount {
          let values = row.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self)
          sum += values - values
          i += 8
        }
        while i < sampleCount {
          let value = storage[c * stride + i]
          rest += value - value
          i += 1
        }
      }
      return sum.sum() + rest == 0
    }
  }

  /// Copies some samples of every channel into another block, which takes their place in the recording.
  ///
  /// - Parameters:
  ///   - range: Samples, counted from the block's first.
  ///   - part: Gets them; its memory is reused where it suffices.
  public func copy(_ range: Range<Int>, into part: inout SignalBlock) {
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
