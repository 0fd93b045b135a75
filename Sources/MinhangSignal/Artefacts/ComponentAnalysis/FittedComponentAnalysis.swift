import MinhangAlgebra
import MinhangCore

/// Independent components found in training data: a value, without a running state.
///
/// `components = unmixing · (x − means)`, each of variance 1 in the training data; `x ≈ mixing · components + means`, exactly so where there are
/// as many components as the signal has dimensions. Components come in the order of the variance that they explain, largest first, and each
/// column of `mixing` has its largest element positive (the first of equal ones).
public struct FittedComponentAnalysis: Sendable, Hashable {
  /// Mean of each channel in the training data, µV.
  public let means: [Double]
  /// From channels to components, `[components × channels]`, 1/µV.
  public let unmixing: Matrix
  /// From components to channels, `[channels × components]`, µV: each column is a topography.
  public let mixing: Matrix
  /// Part of the training data's variance that each component explains: `Σ mixing[c, k]² / total variance`; they sum to at most 1.
  public let explainedVariance: [Double]
  /// Number of iterations made.
  public let iterations: Int
  /// Whether the iteration converged; if not, the components are those of the last step.
  public let converged: Bool

  /// Number of components.
  public var componentCount: Int { unmixing.rows }
  /// Number of channels.
  public var channelCount: Int { unmixing.columns }

  init(means: [Double], unmixing: Matrix, mixing: Matrix, totalVariance: Double, iterations: Int, converged: Bool) {
    let n = unmixing.rows
    let topographies = (0..<n).map { mixing.column($0) }
    let variances = topographies.map { $0.reduce(0.0) { $0 + $1 * $1 } }
    let order = (0..<n).sorted { (-variances[$0], $0) < (-variances[$1], $1) }
    var sorted = (unmixing: Matrix(rows: n, columns: unmixing.columns), mixing: Matrix(rows: mixing.rows, columns: n))
    for (to, from) in order.enumerated() {
      let topography = topographies[from]
      var largest = 0.0
      for value in topography where value.magnitude > largest.magnitude { largest = value }
      let sign = largest < 0 ? -1.0 : 1.0
      for c in 0..<unmixing.columns {
        sorted.unmixing[to, c] = sign * unmixing[from, c]
        sorted.mixing[c, to] = sign * topography[c]
      }
    }
    self.means = means
    self.unmixing = sorted.unmixing
    self.mixing = sorted.mixing
    explainedVariance = order.map { variances[$0] / totalVariance }
    self.iterations = iterations
    self.converged = converged
  }

  /// The components of a signal.
  ///
  /// A sample at which a channel is not finite gives components that are not finite.
  ///
  /// - Parameter signal: `[channels × samples]`.
  /// - Returns: `[components × samples]`, of variance 1 in the training data.
  public func components(of signal: SignalBlock) -> SignalBlock {
    precondition(signal.channelCount == channelCount, "a signal of \(signal.channelCount) channels for an ICA of \(channelCount)")
    var result = SignalBlock(
      channelCount: componentCount, sampleCount: signal.sampleCount, firstSample: signal.firstSample, segment: signal.segment)
    let count = signal.sampleCount
    result.withUnsafeMutableStorage { components, componentStride in
      signal.withUnsafeStorage { samples, stride in
        for k in 0..<componentCount {
          let row = components + k * componentStride
          for (c, weight) in unmixing.row(k).enumerated() {
            let (channel, mean) = (samples + c * stride, means[c])
            for i in 0..<count { row[i] += weight * (channel[i] - mean) }
          }
        }
      }
    }
    return result
  }

  /// The matrix that removes components: `mixing[:, removed] · unmixing[removed, :]`, to be subtracted, `[channels × channels]`.
  ///
  /// - Precondition: each index is that of a component, and none comes twice.
  public func removal(of removed: [Int]) -> Matrix {
    precondition(
      Set(removed).count == removed.count && removed.allSatisfy { (0..<componentCount).contains($0) },
      "components \(removed) of \(componentCount)")
    var topographies = Matrix(rows: channelCount, columns: removed.count)
    var filters = Matrix(rows: removed.count, columns: channelCount)
    for (i, k) in removed.enumerated() {
      for c in 0..<channelCount {
        topographies[c, i] = mixing[c, k]
        filters[i, c] = unmixing[k, c]
      }
    }
    return topographies * filters
  }

  /// The stage that removes components, live: `x − mixing[:, removed] · unmixing[removed, :] · (x − means)`.
  public func stage(removing removed: [Int]) -> ArtefactSubtraction {
    ArtefactSubtraction(removal: removal(of: removed), level: means)
  }
}
