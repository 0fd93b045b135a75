import MinhangCore

/// The loop that all references share.
enum Reference {
  /// Samples worked on at a time: small enough to stay in the nearest cache.
  private static let tile = 512

  /// Room that `subtractMean` needs, kept by its stage so that nothing is allocated for a block.
  static let scratch = [Double](repeating: 0, count: 2 * tile)

  /// Subtracts from all channels, sample by sample, the mean over the finite values of some of them.
  ///
  /// The sum runs in the order of `channels`.
  static func subtractMean(of channels: some Collection<Int>, from block: inout SignalBlock, scratch: inout [Double]) {
    let (channelCount, sampleCount) = (block.channelCount, block.sampleCount)
    block.withUnsafeMutableStorage { samples, stride in
      scratch.withUnsafeMutableBufferPointer { scratch in
        let mean = scratch.baseAddress!
        let terms = mean + tile
        for first in Swift.stride(from: 0, to: sampleCount, by: tile) {
          let count = min(tile, sampleCount - first)
          mean.update(repeating: 0, count: count)
          terms.update(repeating: 0, count: count)
          for c in channels {
            let row = samples + c * stride + first
            for i in 0..<count {
              let isFinite = row[i] - row[i] == 0
              mean[i] += isFinite ? row[i] : 0
              terms[i] += isFinite ? 1 : 0
            }
          }
          for i in 0..<count { mean[i] /= max(terms[i], 1) }
          for c in 0..<channelCount {
            let row = samples + c * stride + first
            for i in 0..<count { row[i] -= mean[i] }
          }
        }
      }
    }
  }
}
