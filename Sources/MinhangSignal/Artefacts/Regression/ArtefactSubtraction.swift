import MinhangAlgebra
import MinhangCore

/// Subtracts from every channel a fixed linear mixture of the channels of the same sample: `y = x − D · (x − level)`.
///
/// What a fitted regression, a component analysis or a source separation removes, as a stage that runs live. Rows of `D` that are zero leave
/// their channel as it is, bit for bit. Mixes channels: a value that is not finite stays what it is in its own channel, and in the mixture it
/// counts as the channel's level, so that it does not spread.
///
/// O(channels²) a sample; allocates nothing after it was made.
public struct ArtefactSubtraction: CausalStage {
  /// `D`, `[channels × channels]`: what is subtracted in each row, from what in each column.
  public let removal: Matrix
  /// Level of each channel in the training data, µV.
  public let level: [Double]

  /// Samples worked on at a time: small enough for the nearest cache.
  private static let tile = 128
  private var scratch: [Double]

  /// Makes a stage.
  ///
  /// - Parameters:
  ///   - removal: `D`, square.
  ///   - level: One number a channel, µV; nil: zeros.
  public init(removal: Matrix, level: [Double]? = nil) {
    precondition(removal.isSquare, "a removal of \(removal.rows) × \(removal.columns)")
    let level = level ?? [Double](repeating: 0, count: removal.rows)
    precondition(level.count == removal.rows, "\(level.count) levels for \(removal.rows) channels")
    self.removal = removal
    self.level = level
    scratch = [Double](repeating: 0, count: (removal.rows + 1) * Self.tile)
  }

  /// 0.
  public var latency: Int { 0 }

  /// Subtracts in place.
  ///
  /// - Precondition: the block has as many channels as the removal.
  public mutating func process(_ block: inout SignalBlock) {
    let channels = removal.rows
    precondition(block.channelCount == channels, "a block of \(block.channelCount) channels for a removal of \(channels)")
    let count = block.sampleCount
    let (removal, level) = (removal, level)
    block.withUnsafeMutableStorage { samples, stride in
      scratch.withUnsafeMutableBufferPointer { scratch in
        removal.withUnsafeValues { weights in
          for first in Swift.stride(from: 0, to: count, by: Self.tile) {
            Self.subtract(
              weights, level, from: samples + first, stride: stride, count: min(Self.tile, count - first), scratch.baseAddress!)
          }
        }
      }
    }
  }

  /// Nothing to forget.
  public mutating func reset() {}

  /// One tile; every sum runs in the order of the channels, so that the bits do not depend on the tile.
  private static func subtract(
    _ weights: UnsafeBufferPointer<Double>, _ level: [Double], from samples: UnsafeMutablePointer<Double>, stride: Int, count: Int,
    _ scratch: UnsafeMutablePointer<Double>
  ) {
    let channels = level.count
    for c in 0..<channels {
      let centred = scratch + c * tile
      let row = samples + c * stride
      for i in 0..<count { centred[i] = row[i].isFinite ? row[i] - level[c] : 0 }
    }
    let mixture = scratch + channels * tile
    for r in 0..<channels {
      mixture.update(repeating: 0, count: count)
      var isZero = true
      for c in 0..<channels where weights[r * channels + c] != 0 {
        isZero = false
        let (weight, centred) = (weights[r * channels + c], scratch + c * tile)
        for i in 0..<count { mixture[i] += weight * centred[i] }
      }
      guard !isZero else { continue }
      let row = samples + r * stride
      for i in 0..<count { row[i] -= mixture[i] }
    }
  }
}
