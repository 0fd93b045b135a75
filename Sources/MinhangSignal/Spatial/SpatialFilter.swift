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

  /// Samples worked on at a time: the inputs of a tile stay in the nearest caches.
  private static let tile = 256

  /// The weights that are not zero, output after output, with their inputs; output `o` has those of `bounds[o] ..< bounds[o + 1]`.
  private let inputs: [Int]
  private let factors: [Double]
  private let bounds: [Int]
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
      // In place: a tile's inputs are all read before its outputs are written.
      withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, outputs * Self.tile)) { scratch in
        let results = scratch.baseAddress!
        block.withUnsafeMutableStorage { rows, stride in
          for first in Swift.stride(from: 0, to: count, by: Self.tile) {
            let samples = min(Self.tile, count - first)
            mix(rows + first, stride, samples, into: results, Self.tile)
            for o in 0..<outputs { (rows + o * stride + first).update(from: results + o * Self.tile, count: samples) }
          }
        }
      }
      block.resize(channelCount: outputs, sampleCount: count)
      return
    }
    spare.resize(channelCount: outputs, sampleCount: count)
    (spare.firstSample, spare.segment) = (block.firstSample, block.segment)
    var results = SignalBlock(channelCount: 0, sampleCount: 0)
    swap(&results, &spare)
    block.withUnsafeStorage { rows, stride in
      results.withUnsafeMutableStorage { target, targetStride in
        for first in Swift.stride(from: 0, to: count, by: Self.tile) {
          mix(rows + first, stride, min(Self.tile, count - first), into: target + first, targetStride)
        }
      }
    }
    swap(&results, &block)
    swap(&results, &spare)
  }

  /// Nothing to forget.
  public mutating func reset() {}

  /// The outputs of one tile.
  private func mix(
    _ rows: UnsafePointer<Double>, _ stride: Int, _ count: Int, into results: UnsafeMutablePointer<Double>, _ resultStride: Int
  ) {
    for o in 0..<weights.rows {
      let result = results + o * resultStride
      result.initialize(repeating: 0, count: count)
      var k = bounds[o]
      let end = bounds[o + 1]
      guard k < end else { continue }
      // The first product itself, so that a weight of 1 alone hands a sample through to the last bit.
      let (row, factor) = (rows + inputs[k] * stride, factors[k])
      for i in 0..<count { result[i] = factor * row[i] }
      k += 1
      // Four inputs in one pass over the result, added one after the other: the same bits as one at a time.
      while k + 4 <= end {
        let (a, b, c, d) = (
          rows + inputs[k] * stride, rows + inputs[k + 1] * stride, rows + inputs[k + 2] * stride, rows + inputs[k + 3] * stride
        )
        let (p, q, r, s) = (factors[k], factors[k + 1], factors[k + 2], factors[k + 3])
        for i in 0..<count { result[i] = (((result[i] + p * a[i]) + q * b[i]) + r * c[i]) + s * d[i] }
        k += 4
      }
      while k < end {
        let (row, factor) = (rows + inputs[k] * stride, factors[k])
        for i in 0..<count { result[i] += factor * row[i] }
        k += 1
      }
    }
  }
}
