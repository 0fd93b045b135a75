import CMinhangKernels
import MinhangAlgebra
import MinhangCore

/// A linear combination of channels, sample by sample: any matrix `[outputs × inputs]`.
///
/// References, bipolar derivations, Laplacians, current source densities, interpolated channels and learnt spatial filters are all of this
/// form. `y[o] = Σ weights[o, i] · x[i]`, summed in the order of the inputs and over the weights that are not zero: a NaN or an infinity
/// reaches the outputs that give its channel a weight, at that sample, and no other. An output without any weight is 0.
public struct SpatialFilter: CausalStage {
  /// The weights, `[outputs × inputs]`.
  public let weights: Matrix
  /// Names of the outputs.
  public let names: [String]

  /// Samples worked on at a time: the 64 inputs of a tile stay in the nearest cache.
  private static let tile = 64
  /// Distance of the inputs of a tile: not a power of two, whose rows would crowd into the same few places of the cache.
  private static let tileStride = tile + 8

  /// The weights that are not zero, output after output, with their inputs; output `o` has those of `bounds[o] ..< bounds[o + 1]`.
  private let inputs: [Int]
  private let factors: [Double]
  private let bounds: [Int]
  /// The inputs of one tile, `[inputs × tile]`.
  private var scratch: AlignedStorage
  /// The block to change places with.
  private var spare = SignalBlock(channelCount: 0, sampleCount: 0)

  /// Makes a filter of weights.
  ///
  /// - Parameters:
  ///   - weights: `[outputs × inputs]`, finite.
  ///   - names: Names of the outputs, one a row.
  /// - Throws: `SignalError` with `.invalidParameter` for a weight that is not finite, or names that do not fit.
  public init(_ weights: Matrix, names: [String]) throws(SignalError) {
    guard names.count == weights.rows else {
      throw SignalError(.invalidParameter, "\(names.count) names for a spatial filter of \(weights.rows) outputs; expected one for each")
    }
    guard weights.isFinite else {
      throw SignalError(.invalidParameter, "a weight of a spatial filter is not finite; expected finite weights")
    }
    self.weights = weights
    self.names = names
    let used = (0..<weights.rows).map { row in (0..<weights.columns).filter { weights[row, $0] != 0 } }
    inputs = used.flatMap { $0 }
    factors = used.indices.flatMap { row in used[row].map { weights[row, $0] } }
    bounds = used.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    scratch = AlignedStorage(count: weights.columns * Self.tileStride)
  }

  /// 0.
  public var latency: Int { 0 }

  /// Replaces the channels by the outputs; the block then has as many channels as there are outputs.
  ///
  /// With more outputs than inputs the block changes places with one that the stage keeps, so that nothing is allocated after two blocks.
  ///
  /// - Precondition: the block has as many channels as the weights have columns.
  public mutating func process(_ block: inout SignalBlock) {
    precondition(
      block.channelCount == weights.columns, "a block of \(block.channelCount) channels for a spatial filter of \(weights.columns) inputs")
    let (outputs, count) = (weights.rows, block.sampleCount)
    guard outputs > weights.columns else {
      block.withUnsafeMutableStorage { rows, stride in mix(rows, stride, count, into: rows, stride) }
      block.resize(channelCount: outputs, sampleCount: count)
      return
    }
    spare.resize(channelCount: outputs, sampleCount: count)
    (spare.firstSample, spare.segment) = (block.firstSample, block.segment)
    // Out of the stage while the stage works.
    var results = SignalBlock(channelCount: 0, sampleCount: 0)
    swap(&results, &spare)
    block.withUnsafeStorage { rows, stride in
      results.withUnsafeMutableStorage { target, targetStride in mix(rows, stride, count, into: target, targetStride) }
    }
    swap(&results, &block)
    swap(&results, &spare)
  }

  /// Nothing to forget.
  public mutating func reset() {}

  /// The outputs, tile after tile; they may take the place of the inputs, since a tile's inputs are copied first.
  private mutating func mix(
    _ rows: UnsafePointer<Double>, _ stride: Int, _ count: Int, into results: UnsafeMutablePointer<Double>, _ resultStride: Int
  ) {
    let (channels, outputs, bounds) = (weights.columns, weights.rows, bounds)
    // Without any weight there is no term to point at.
    let (noInput, noFactor) = (UnsafePointer<Int>(bitPattern: 8)!, UnsafePointer<Double>(bitPattern: 8)!)
    scratch.withPointer { scratch in
      inputs.withUnsafeBufferPointer { inputs in
        factors.withUnsafeBufferPointer { factors in
          let (input, factor) = (inputs.baseAddress ?? noInput, factors.baseAddress ?? noFactor)
          for first in Swift.stride(from: 0, to: count, by: Self.tile) {
            let samples = min(Self.tile, count - first)
            for c in 0..<channels { (scratch + c * Self.tileStride).update(from: rows + c * stride + first, count: samples) }
            for o in 0..<outputs {
              minhang_mix(
                scratch, Self.tileStride, samples, input + bounds[o], factor + bounds[o], bounds[o + 1] - bounds[o],
                results + o * resultStride + first)
            }
          }
        }
      }
    }
  }
}
